import OpenIDJSON

/// An authorization request that can be granted (RFC 6749, section 4.1.1; OpenID Connect Core 1.0, section 3.1.2.1).
struct AuthorizationRequest: Sendable {
  let target: AuthorizationTarget
  let scope: [String]
  let nonce: String?
  let codeChallenge: String?
  /// Who is to be signed in.
  let loginHint: String?
  /// Further claims about them.
  let claims: JSONObject
  let prompt: [String]
  /// Seconds that the sign-in may be old.
  let maximumAge: Int?
  let idTokenHint: String?

  var client: ClientRecord { target.client }
  var isForIdentity: Bool { scope.contains("openid") }

  /// Those that stand alone; of others the first counts.
  private static let single = [
    "response_type", "response_mode", "scope", "state", "nonce", "code_challenge", "code_challenge_method", "login_hint",
    "login_claims", "prompt", "max_age", "id_token_hint",
  ]

  init(_ parameters: Parameters, _ target: AuthorizationTarget) throws(Refusal) {
    try parameters.requireSingle(AuthorizationRequest.single)
    if parameters["request"] != nil {
      throw .oauth(.requestNotSupported, "The embedded provider reads no request objects; send the parameters as such.")
    }
    if parameters["request_uri"] != nil {
      throw .oauth(.requestURINotSupported, "The embedded provider reads no request objects; send the parameters as such.")
    }
    self.target = target
    scope = parameters.words("scope")
    nonce = parameters["nonce"]
    prompt = parameters.words("prompt")
    loginHint = parameters["login_hint"]
    idTokenHint = parameters["id_token_hint"]
    codeChallenge = try ProofKey.challenge(parameters)
    claims = try AuthorizationRequest.claims(parameters["login_claims"])
    maximumAge = try parameters["max_age"].map { text throws(Refusal) in
      guard let seconds = Int(text), seconds >= 0 else {
        throw .oauth(.invalidRequest, "The parameter 'max_age' is no number of seconds.")
      }
      return seconds
    }
    try checkResponse(parameters)
    try target.client.checkScope(scope)
    guard prompt == ["none"] || !prompt.contains("none") else {
      throw .oauth(.invalidRequest, "The parameter 'prompt' has 'none' and others beside it.")
    }
  }

  private func checkResponse(_ parameters: Parameters) throws(Refusal) {
    let words = parameters.words("response_type")
    let types = target.responseTypes
    guard !words.isEmpty else { throw .oauth(.invalidRequest, "The parameter 'response_type' is missing.") }
    let allowed = target.client.responseTypes ?? []
    guard types.count == words.count,
      (allowed.isEmpty ? ["code"] : allowed).contains(where: { Set($0.split(separator: " ").map(String.init)) == Set(words) })
    else {
      throw .oauth(
        .unsupportedResponseType, "The client is not registered for the response_type '\(words.joined(separator: " "))'.")
    }
    if types.contains(.code) { try target.client.checkGrant("authorization_code") }
    if types != [.code] { try target.client.checkGrant("implicit") }
    if types.contains(.idToken) {
      guard isForIdentity else { throw .oauth(.invalidRequest, "The response_type 'id_token' wants the scope 'openid'.") }
      guard nonce != nil else { throw .oauth(.invalidRequest, "The response_type 'id_token' wants the parameter 'nonce'.") }
    }
    guard let mode = parameters["response_mode"] else { return }
    guard mode == target.mode.rawValue else {
      throw .oauth(.unsupportedResponseMode, "The response_mode '\(mode)' cannot be had with this response_type.")
    }
  }

  private static func claims(_ text: String?) throws(Refusal) -> JSONObject {
    guard let text else { return [:] }
    let value: JSONValue
    do throws(JSONParsingError) {
      value = try JSONValue(parsing: text)
    } catch {
      throw .oauth(.invalidRequest, "The parameter 'login_claims' is no JSON: \(error).")
    }
    guard let claims = value.object else {
      throw .oauth(.invalidRequest, "The parameter 'login_claims' is \(value.kind), no JSON object.")
    }
    return claims
  }
}

extension ClientRecord {
  var scopeWords: [String] { scope.split(separator: " ").map(String.init) }

  /// Hydra lets a client that names no grant types have the first of them all.
  func checkGrant(_ type: String) throws(Refusal) {
    let types = grantTypes ?? []
    guard (types.isEmpty ? ["authorization_code"] : types).contains(type) else {
      throw .oauth(.unauthorizedClient, "The client is not registered for the grant type '\(type)'.")
    }
  }

  func checkScope(_ words: [String]) throws(Refusal) {
    if let word = words.first(where: { !scopeWords.contains($0) }) {
      throw .oauth(.invalidScope, "The client is not allowed to request the scope '\(word)'.")
    }
  }
}
