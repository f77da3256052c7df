import OpenIDCryptography
import OpenIDJSON

/// What a client shows to say who it is (RFC 6749, section 2.3; OpenID Connect Core 1.0, section 9).
struct ShownCredentials: Sendable {
  enum Proof: Sendable {
    /// The id alone.
    case nothing
    case secret(Secret)
    case assertion(JSONWebToken)
  }

  /// The method, by its registered name.
  let method: String
  let clientID: String
  let proof: Proof

  static let assertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

  /// - Throws: `invalid_request` where the request does so in two ways at once, `invalid_client` where it does not at all.
  init(_ request: ServerRequest, _ parameters: Parameters) throws(Refusal) {
    try parameters.requireSingle(["client_id", "client_secret", "client_assertion", "client_assertion_type"])
    let named = parameters["client_id"]
    let basic = try ShownCredentials.basic(request.authorization)
    let secret = parameters["client_secret"]
    let hasAssertion = parameters["client_assertion"] != nil || parameters["client_assertion_type"] != nil
    guard [basic?.secret != nil, secret != nil, hasAssertion].count(where: { $0 }) <= 1 else {
      throw .oauth(.invalidRequest, "The client authenticates in more than one way.")
    }
    if let basic, let named, named != basic.id {
      throw .oauth(.invalidRequest, "The parameter 'client_id' names another client than the Authorization field.")
    }
    if hasAssertion {
      let token = try ShownCredentials.assertion(parameters)
      guard let subject = token.claims["sub"]?.string, named == nil || named == subject else {
        throw .oauth(.invalidClient, "The claim 'sub' of the client_assertion is not the client's id.")
      }
      (method, clientID, proof) = ("private_key_jwt", subject, .assertion(token))
    } else if let basic {
      clientID = basic.id
      (method, proof) = basic.secret.map { ("client_secret_basic", .secret($0)) } ?? ("none", .nothing)
    } else {
      guard let named else { throw .oauth(.invalidClient, "The request does not say which client makes it.") }
      clientID = named
      (method, proof) = secret.map { ("client_secret_post", .secret(Secret($0))) } ?? ("none", .nothing)
    }
  }

  /// Id and secret are form-encoded before they are joined (RFC 6749, section 2.3.1). An empty secret is none.
  private static func basic(_ field: String?) throws(Refusal) -> (id: String, secret: Secret?)? {
    let words = (field ?? "").split(separator: " ", maxSplits: 1)
    guard let scheme = words.first, scheme.lowercased() == "basic" else { return nil }
    guard words.count == 2, let bytes = Base64.decode(String(words[1])),
      let text = String(validating: bytes, as: UTF8.self), let colon = text.firstIndex(of: ":"),
      let id = unescaped(text[..<colon]), let secret = unescaped(text[text.index(after: colon)...]), !id.isEmpty
    else {
      throw .oauth(
        .invalidClient, "The Authorization field is no 'Basic' with the form-encoded client id and secret, joined by a colon.")
    }
    return (id, secret.isEmpty ? nil : Secret(secret))
  }

  private static func unescaped(_ text: Substring) -> String? {
    try? GoURL.unescaped(String(text.map { $0 == "+" ? " " : $0 }))
  }

  private static func assertion(_ parameters: Parameters) throws(Refusal) -> JSONWebToken {
    let text = try parameters.required("client_assertion")
    guard try parameters.required("client_assertion_type") == assertionType else {
      throw .oauth(.invalidRequest, "The 'client_assertion_type' has to be '\(assertionType)'.")
    }
    do throws(JSONWebTokenError) {
      return try JSONWebToken(parsing: text)
    } catch {
      throw .oauth(.invalidClient, "The client_assertion is no signed JWT: \(error).")
    }
  }
}
