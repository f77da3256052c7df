import OpenIDJSON

/// A request to end a session (OpenID Connect RP-Initiated Logout 1.0, section 2).
struct LogoutRequest: Sendable {
  let hint: String?
  let redirectURI: String?
  let state: String?

  init(_ request: ServerRequest) throws(Refusal) {
    let parameters: Parameters
    // A POST without a body asks for nothing in particular.
    if request.method == "POST", request.body.isEmpty {
      parameters = try Parameters(parsing: "")
    } else {
      parameters = try Parameters(request)
    }
    try parameters.requireSingle(["id_token_hint", "post_logout_redirect_uri", "state"])
    hint = parameters["id_token_hint"]
    redirectURI = parameters["post_logout_redirect_uri"]
    state = parameters["state"]
    guard hint == nil else { return }
    for name in ["state", "post_logout_redirect_uri"] where parameters[name] != nil {
      throw .logout("because query parameter \(name) is set but id_token_hint is missing.")
    }
  }

  /// The session that the hint is from, and the clients that it is for. It may have expired long ago.
  static func session(
    of claims: JSONObject
  ) throws(Refusal) -> (id: String, audience: [String]) {
    guard let session = claims["sid"]?.string, claims["sub"]?.string != nil else {
      throw .logout("because the id_token_hint has no 'sid' or no 'sub'.")
    }
    guard let issued = claims["iat"]?.integer, issued <= GoTime.now.seconds + SignIn.clockSkew else {
      throw .logout("because the id_token_hint comes from the future.")
    }
    return (session, claims["aud"]?.strings ?? [])
  }

  /// Where the browser goes in the end: compared letter by letter, and only then given the state.
  func target(of client: ClientRecord) throws(Refusal) -> String? {
    guard let redirectURI else { return nil }
    guard (client.postLogoutRedirectURIs ?? []).contains(redirectURI), let url = try? GoURL(parsingRequest: redirectURI),
      url.isHarmless
    else {
      throw .logout(
        "because query parameter post_logout_redirect_uri is not a whitelisted as a post_logout_redirect_uri for the client.")
    }
    return Redirection.url(redirectURI, adding: state.map { [("state", $0)] } ?? [])
  }
}

extension Refusal {
  static func logout(_ reason: String) -> Refusal { .oauth(.invalidRequest, "Logout failed \(reason)") }
}
