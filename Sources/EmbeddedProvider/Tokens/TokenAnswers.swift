import OpenIDCryptography
import OpenIDJSON
import OpenIDRegistration

extension Provider {
  /// A success of the token endpoint (RFC 6749, section 5.1), its members in the order of their names.
  func tokenAnswer(_ issue: Issue, scope: String, idToken: String?) -> ServerAnswer {
    var members: JSONObject = [
      "expires_in": .number(JSONNumber(issue.expiresIn)), "scope": .string(scope), "token_type": "bearer",
    ]
    members["access_token"] = issue.accessToken.map { .string($0.exposed) }
    members["refresh_token"] = issue.refreshToken.map { .string($0.exposed) }
    members["id_token"] = idToken.map(JSONValue.string)
    let words = scope.split(separator: " ")
    if words.contains("openid"), words.contains("userinfo_credential_draft_00"), let accessToken = issue.accessToken {
      members["c_nonce_draft_00"] = .string(credentialNonce(for: accessToken))
      members["c_nonce_expires_in_draft_00"] = .number(JSONNumber(SignIn.credentialLifetime))
    }
    return .token(.object(members.sorted()))
  }
}

extension ServerAnswer {
  /// An answer of the token endpoint, which nobody may keep.
  static func token(_ body: JSONValue, status: Int = 200) -> ServerAnswer {
    ServerAnswer(
      status: status,
      headers: ["Content-Type": "application/json;charset=UTF-8", "Cache-Control": "no-store", "Pragma": "no-cache"],
      body: body.utf8(.go))
  }

  /// A refusal there (RFC 6749, section 5.2).
  static func tokenRefusal(_ refusal: Refusal, _ request: ServerRequest) -> ServerAnswer {
    var answer = token(
      ["error": .string(refusal.error), "error_description": .string(refusal.description)], status: refusal.status)
    if refusal.status == 401, request.authorization != nil {
      answer.headers["WWW-Authenticate"] = "Basic realm=\"token endpoint\""
    }
    return answer
  }
}
