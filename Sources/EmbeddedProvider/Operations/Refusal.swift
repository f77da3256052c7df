/// An answer that says no, in Hydra's words: a status and the two members of its body.
struct Refusal: Error, Sendable {
  let status: Int
  /// A sentence, or a code of RFC 7591, section 3.2.2.
  let error: String
  /// The reason. Double quotes become apostrophes on the wire.
  let description: String

  init(_ status: Int, _ error: String, _ description: String = "") {
    self.status = status
    self.error = error
    self.description = String(description.map { $0 == "\"" ? "'" : $0 })
  }

  static func badRequest(_ reason: String) -> Refusal {
    Refusal(400, "The request was malformed or contained invalid parameters", reason)
  }

  static func forbidden(_ reason: String) -> Refusal { Refusal(403, "The requested action was forbidden", reason) }

  /// Wrong token, no token, no such client: one answer for all.
  static let unauthorized = Refusal(
    401, "The request could not be authorized",
    "The requested OAuth 2.0 client does not exist or you provided incorrect credentials.")

  static let registrationDisabled = Refusal(
    404, "The requested resource could not be found", "Dynamic registration is not enabled.")

  static let notFound = Refusal(404, "Unable to locate the resource")

  static let idTaken = Refusal(409, "Unable to insert or update resource because a resource with that value exists already")

  /// Another process holds the database; the call had no effect and may be repeated.
  static let concurrentUpdate = Refusal(
    400, "Unable to serialize access due to a concurrent update in another session")

  static let unrecognizable = Refusal(500, "error", "The error is unrecognizable")

  static func invalidClientMetadata(_ hint: String? = nil) -> Refusal {
    let sentence =
      "The value of one of the Client Metadata fields is invalid and the server has rejected this request. Note that an "
      + "Authorization Server MAY choose to substitute a valid value for any requested parameter of a Client's Metadata."
    return Refusal(400, "invalid_client_metadata", sentence + (hint.map { " " + $0 } ?? ""))
  }

  static func invalidRedirectURI(_ hint: String) -> Refusal {
    Refusal(400, "invalid_redirect_uri", "The value of one or more redirect_uris is invalid. " + hint)
  }

  static func invalidRequest(_ description: String) -> Refusal { Refusal(400, "invalid_request", description) }

  /// What a failure of the store looks like from outside.
  init(_ failure: StoreError) {
    switch failure.code {
    case .busy: self = .concurrentUpdate
    case .duplicate: self = .idTaken
    case .orphaned: self = .notFound
    default: self = .unrecognizable
    }
  }
}
