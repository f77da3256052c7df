import OpenIDRegistration

/// Where the answer to an authorization request goes, and how. Once it is known, refusals go there as well (RFC 6749,
/// section 4.1.2.1).
struct AuthorizationTarget: Sendable {
  /// How the parameters of the answer travel (OAuth 2.0 Multiple Response Types; OAuth 2.0 Form Post Response Mode).
  enum Mode: String, Sendable {
    case query
    case fragment
    case formPost = "form_post"
  }

  let client: ClientRecord
  let redirectURI: String
  /// The `redirect_uri` of the request; `nil` where it had none.
  let requestedURI: String?
  let responseTypes: Set<ResponseType>
  let mode: Mode
  let state: String?

  enum ResponseType: String, Sendable, Hashable, CaseIterable {
    case code
    case token
    case idToken = "id_token"
  }

  /// - Throws: what a page has to say, for nobody may be sent on.
  init(_ parameters: Parameters, _ client: ClientRecord?) throws(Refusal) {
    try parameters.requireSingle(["client_id", "redirect_uri"])
    _ = try parameters.required("client_id")
    guard let client else { throw .oauth(.invalidClient, "The requested OAuth 2.0 Client does not exist.") }
    self.client = client
    requestedURI = parameters["redirect_uri"]
    redirectURI = try RedirectURI.chosen(requestedURI, of: client)
    responseTypes = Set(parameters.words("response_type").compactMap(ResponseType.init(rawValue:)))
    // A token never travels in a query, where logs and histories keep it.
    let standard = responseTypes.isSubset(of: [.code]) ? Mode.query : .fragment
    let asked = parameters["response_mode"].flatMap(Mode.init(rawValue:))
    mode = asked == .query && standard == .fragment ? standard : asked ?? standard
    state = parameters.repeated.contains("state") ? nil : parameters["state"]
  }

  /// The answer that brings these parameters to the client.
  func answer(_ parameters: [(name: String, value: String)], _ request: ServerRequest) -> ServerAnswer {
    let all = parameters + (state.map { [("state", $0)] } ?? [])
    switch mode {
    case .query: return .redirect(to: Redirection.url(redirectURI, adding: all), status: 303, for: request)
    case .fragment:
      return .redirect(to: redirectURI + "#" + Redirection.query(all), status: 303, for: request)
    case .formPost:
      let fields = HTML(all.map { "<input type=\"hidden\" name=\"\($0.name)\" value=\"\($0.value)\">\n" })
      return Page(
        title: "Signing in",
        body: """
          <form method="post" action="\(redirectURI)">
          \(fields)<button>Continue</button>
          </form>
          """, script: "document.forms[0].submit()"
      ).answer
    }
  }

  func answer(_ refusal: Refusal, _ request: ServerRequest) -> ServerAnswer {
    answer([("error", refusal.error), ("error_description", refusal.description)], request)
  }
}
