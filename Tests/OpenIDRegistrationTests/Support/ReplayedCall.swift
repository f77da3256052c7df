import Foundation
import OpenIDRegistration

/// The call of this library that a recorded request stands for, made at a server that gives the recorded answer; and what the
/// library makes of it, as one line of text.
struct ReplayedCall: Sendable {
  let step: Conversation.Step
  let server: LoopbackServer
  let client: OpenIDRegistrationClient

  /// Something that a recorded step asks of a provider and this library does not.
  static let nothing = "-"

  private var token: Secret {
    let value = step.requestHeaders["authorization"] ?? "Bearer made-up-token"
    return Secret(String(value.drop { $0 != " " }.dropFirst()))
  }
  private var path: String { String(step.path.prefix { $0 != "?" }) }
  private var keys: ProviderKeys { ProviderKeys(jwksURI: server.url + "/.well-known/jwks.json", client: client) }

  /// What the library sees.
  func view() async -> String {
    do {
      let seen = try await call() ?? ReplayedCall.nothing
      return seen.replacing(server.url, with: "${public}")
    } catch {
      return line(error as? RegistrationError, String(describing: error)).replacing(server.url, with: "${public}")
    }
  }

  private func call() async throws -> String? {
    if step.to == "admin" { return try await administration() }
    if path.contains("/.well-known/") { return try await discovery() }
    // Keycloak's own administration.
    if path.hasPrefix("/admin/") { return nil }
    if path.contains("/clients-registrations/") || path.hasPrefix("/oauth2/register") || path.lowercased().contains("/reg") {
      return try await registration()
    }
    switch (path, step.method) {
    case ("/userinfo", "GET"), ("/me", "GET"): return line(try await userInfo(.get))
    case ("/userinfo", "POST"), ("/me", "POST"):
      if step.requestBody != nil { return nil }
      let isForm = step.requestHeaders["content-type"]?.contains("form") ?? false
      return line(try await userInfo(isForm ? .form : .post))
    case ("/credentials", "POST"): return try await credential()
    case ("/oauth2/sessions/logout", "GET"), ("/session/end", "GET"), ("/session/end/success", "GET"):
      return try await logout()
    case ("/jwks", "GET"):
      let keys = try await ProviderKeys(jwksURI: step.url, client: client).all()
      return
        "discoverJsonWebKeys: ok keys=\(keys.count) algorithms=\(keys.flatMap(\.algorithms).map(\.rawValue).joined(separator: ","))"
    default: return nil
    }
  }

  private func registration() async throws -> String? {
    let kept = Kept()
    let body = ClientMetadata(step.requestBody ?? [:])
    let by = ClientAuthentication.registrationAccessToken(token)
    switch step.method {
    case "POST":
      let isBare = step.requestHeaders["authorization"] == nil
      let found = try await client.createOidcDynamicClient(
        body, at: step.url, initialAccessToken: isBare ? nil : token, persist: kept.persist)
      return line(.createOidcDynamicClient, found, kept)
    case "GET":
      return line(.getOidcDynamicClient, try await client.getOidcDynamicClient(at: step.url, authentication: by), kept)
    case "PUT":
      let found = try await client.setOidcDynamicClient(body, at: step.url, authentication: by, persist: kept.persist)
      return line(.setOidcDynamicClient, found, kept)
    case "DELETE":
      try await client.deleteOidcDynamicClient(at: step.url, authentication: by)
      return "deleteOidcDynamicClient: ok"
    default: return nil
    }
  }

  private func administration() async throws -> String? {
    let admin = HydraAdmin(endpoint: server.url, client: client)
    let id = String(path.dropFirst("/admin/clients/".count))
    switch (path, step.method) {
    case ("/admin/clients", "GET"):
      let owner = step.path.split(separator: "owner=").dropFirst().first.map { String($0.prefix { $0 != "&" }) }
      return "listOAuth2Clients: ok clients=\(try await admin.list(owner: owner).count)"
    case (_, "GET") where path.hasPrefix("/admin/clients/"):
      return "getOAuth2Client: ok " + (try await admin.get(id).map { "members=\($0.metadata.members.count)" } ?? "none")
    case (_, "DELETE") where path.hasPrefix("/admin/clients/"): return "deleteOAuth2Client: ok \(try await admin.delete(id))"
    default: return nil
    }
  }

  private func discovery() async throws -> String? {
    // One of oidc-provider's is recorded without its body.
    guard step.method == "GET", !path.hasSuffix("/"), !step.response.body.isEmpty else { return nil }
    let issuer =
      path.hasPrefix("/.well-known/oauth-authorization-server")
      ? server.url + path.dropFirst("/.well-known/oauth-authorization-server".count)
      : server.url + path.dropLast("/.well-known/openid-configuration".count)
    let found = try await client.discoverOidcConfiguration(issuer: issuer)
    return "discoverOidcConfiguration: ok members=\(found.members.count) registration=\(found.registrationEndpoint ?? "none")"
  }

  private func userInfo(_ method: UserInfoMethod) async throws -> UserInfo {
    try await client.getOidcUserInfo(
      at: step.url, accessToken: token, subject: "alice@example.com", issuer: server.url, keys: keys, by: method)
  }

  private func credential() async throws -> String {
    let request = CredentialRequest(
      format: step.requestBody?["format"]?.string ?? "none", types: step.requestBody?["types"]?.strings ?? [])
    guard step.requestBody?["proof"] != nil else {
      let nonce = try await client.primeVerifiableCredential(request, at: step.url, accessToken: token)
      let isCaptured = nonce.value.exposed == step.captured["/c_nonce"]
      return "createVerifiableCredential: nonce \(isCaptured ? "captured " : "")expires=\(nonce.expiresIn ?? -1)"
    }
    let found = try await client.createVerifiableCredential(
      request, at: step.url, accessToken: token, proof: CredentialProof(jwt: Secret("made-up-proof")), keys: keys)
    return "createVerifiableCredential: ok \(found.format ?? "?") signed=\(found.signedBy != nil) sub=\(found.subject ?? "?") "
      + "types=\((found.types ?? []).joined(separator: ",")) about=\((found.credentialSubject ?? [:]).names.joined(separator: ","))"
  }

  /// The parameters that the library has names for come from the recorded query; what is left stays at the endpoint.
  private func logout() async throws -> String {
    var request = LogoutRequest()
    var rest: [String] = []
    for pair in step.path.dropFirst(path.count + 1).split(separator: "&") {
      let parts = pair.split(separator: "=", maxSplits: 1)
      let value = String(parts[1]).removingPercentEncoding ?? ""
      switch parts[0] {
      case "id_token_hint": request.idTokenHint = Secret(value)
      case "post_logout_redirect_uri": request.postLogoutRedirectURI = value
      case "state" where request.state == nil: request.state = value
      case "client_id": request.clientID = value
      default: rest.append(String(pair))
      }
    }
    let endpoint = server.url + path + (rest.isEmpty ? "" : "?" + rest.joined(separator: "&"))
    let answer = try await client.revokeOidcSession(request, at: endpoint, cookies: Secret("session=made-up"))
    let challenge = answer.logoutChallenge == nil ? "" : " challenge"
    return "revokeOidcSession: ok \(answer.outcome) followed=\(answer.followed) frames=\(answer.frontchannelLogoutURLs.count)"
      + challenge
  }

  // MARK: Lines

  /// What arrived, and which of it the conversation goes on with.
  private func line(_ operation: OpenIDOperation, _ found: ClientInformation, _ kept: Kept) -> String {
    let values: [(String, String?)] = [
      ("client_id", found.clientID), ("client_secret", found.clientSecret?.exposed),
      ("registration_access_token", found.registrationAccessToken?.exposed),
      ("registration_client_uri", found.registrationClientURI),
      ("client_id_issued_at", found.clientIDIssuedAt.map(String.init)),
    ]
    let shown = values.compactMap { name, value -> String? in
      guard let value else { return nil }
      guard let captured = step.captured["/" + name] else { return name }
      return captured == value ? "[\(name)]" : "WRONG \(name)"
    }
    let persisted = operation == .getOidcDynamicClient ? "" : kept.all == [found] ? " persisted" : " NOT PERSISTED"
    return "\(operation): ok \(shown.joined(separator: " ")) members=\(found.metadata.members.count)\(persisted)"
  }

  private func line(_ info: UserInfo) -> String {
    "getOidcUserInfo: ok sub=\(info.subject) email=\(info.email ?? "none") signed=\(info.signedBy != nil) "
      + "claims=\(info.claims.names.joined(separator: ","))"
  }

  private func line(_ error: RegistrationError?, _ text: String) -> String {
    guard let error else { return "UNEXPECTED \(text)" }
    var line = "\(error.operation): \(error.code) effect=\(error.effect)"
    if let status = error.status { line += " status=\(status)" }
    line += " error=\(error.error ?? "none") description=\(error.errorDescription ?? "none")"
    for challenge in error.challenges {
      line +=
        " challenge=\(challenge.scheme)(\(challenge.parameters.sorted { $0.key < $1.key }.map { "\($0): \($1)" }.joined(separator: "; ")))"
    }
    return line
  }
}
