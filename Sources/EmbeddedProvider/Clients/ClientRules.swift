import OpenIDCryptography

/// What Hydra demands of a client, and the defaults that it fills in. The first rule that is broken is the one that is told.
struct ClientRules: Sendable {
  let settings: Settings

  /// The document that a client's `sector_identifier_uri` names (OpenID Connect Registration 1.0, section 5).
  enum SectorIdentifier: Sendable {
    /// Not fetched so far.
    case unknown
    /// The redirect URIs in it; `nil` where it could not be had or is no list of texts.
    case fetched([String]?)
    /// Was right when the client was stored.
    case trusted
  }

  enum Verdict: Sendable {
    case accepted
    /// The document has to be fetched before the rest can be said.
    case needsSectorIdentifier(url: String)
  }

  /// Rules for registration alone, where the admin API is free.
  func checkRegistration(_ client: ClientRecord) throws(Refusal) {
    guard client.metadata == nil else {
      throw .invalidClientMetadata("\"metadata\" cannot be set for dynamic client registration")
    }
    guard client.accessTokenStrategy.isEmpty else {
      throw .badRequest("It is not allowed to choose your own access token strategy.")
    }
    guard !client.skipConsent else {
      throw .invalidRequest("\"skip_consent\" cannot be set for dynamic client registration")
    }
    guard client.skipLogoutConsent != true else {
      throw .invalidRequest("\"skip_logout_consent\" cannot be set for dynamic client registration")
    }
  }

  func check(_ client: inout ClientRecord, sectorIdentifier: SectorIdentifier) throws(Refusal) -> Verdict {
    try checkKeys(&client)
    try checkInformation(client)
    if let secret = client.clientSecret, secret.exposed.utf8.count < 6 {
      throw .invalidClientMetadata("Field client_secret must contain a secret that is at least 6 characters long.")
    }
    if client.scope.isEmpty { client.scope = settings.defaultScope.joined(separator: " ") }
    try checkOrigins(&client)
    client.clientSecretExpiresAt = 0
    if !client.sectorIdentifierURI.isEmpty {
      guard try checkSectorIdentifier(client, sectorIdentifier) else {
        return .needsSectorIdentifier(url: client.sectorIdentifierURI)
      }
    }
    if client.userinfoSignedResponseAlg.isEmpty { client.userinfoSignedResponseAlg = "none" }
    guard ["none", "RS256"].contains(client.userinfoSignedResponseAlg) else {
      throw .invalidClientMetadata("Field userinfo_signed_response_alg can either be 'none' or 'RS256'.")
    }
    let redirects = try checkRedirects(client)
    try checkSubjectType(&client)
    try checkLogoutRedirects(client, redirects)
    try checkStrategy(&client)
    return .accepted
  }

  private static let signingAlgorithms = [
    "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512",
  ]

  private func checkKeys(_ client: inout ClientRecord) throws(Refusal) {
    let hasKeys = client.jwks?.isSet ?? false
    if client.tokenEndpointAuthMethod.isEmpty {
      client.tokenEndpointAuthMethod = "client_secret_basic"
    } else if client.tokenEndpointAuthMethod == "private_key_jwt" {
      guard hasKeys || !client.jwksURI.isEmpty else {
        throw .invalidClientMetadata(
          "When token_endpoint_auth_method is 'private_key_jwt', either jwks or jwks_uri must be set.")
      }
      let algorithm = client.tokenEndpointAuthSigningAlg
      guard algorithm.isEmpty || ClientRules.signingAlgorithms.contains(algorithm) else {
        throw .invalidClientMetadata(
          "Only RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384 and ES512 are supported as algorithms for private key "
            + "authentication.")
      }
    }
    guard !hasKeys || client.jwksURI.isEmpty else {
      throw .invalidClientMetadata("Fields jwks and jwks_uri can not both be set, you must choose one.")
    }
    if case .keys(let keys) = client.jwks, !keys.allSatisfy(\.isValid) {
      throw .invalidClientMetadata("Invalid JSON web key in set.")
    }
  }

  private func checkInformation(_ client: ClientRecord) throws(Refusal) {
    let pages = [
      ("tos_uri", client.termsOfServiceURI), ("policy_uri", client.policyURI), ("logo_uri", client.logoURI),
      ("client_uri", client.clientURI),
    ]
    for (name, text) in pages where !text.isEmpty {
      guard let url = try? GoURL(parsingRequest: text) else {
        throw .invalidClientMetadata("Field \(name) must be a valid URI.")
      }
      guard url.isWeb else {
        throw .invalidClientMetadata("\(text) must use https:// or http:// as HTTP scheme for field \(name).")
      }
    }
  }

  /// Origins lose a trailing slash and are written as Go writes URLs.
  private func checkOrigins(_ client: inout ClientRecord) throws(Refusal) {
    for (index, text) in (client.allowedCORSOrigins ?? []).enumerated() {
      let url: GoURL
      do throws(GoURLError) {
        url = try GoURL(parsing: text)
      } catch {
        throw .invalidClientMetadata(
          "Origin URL \(text) from allowed_cors_origins could not be parsed: \(error.message)")
      }
      guard url.isWeb else {
        throw .invalidClientMetadata("Origin URL \(text) must use https:// or http:// as HTTP scheme.")
      }
      guard (url.userinfo ?? "").isEmpty else {
        throw .invalidClientMetadata("Origin URL \(text) has HTTP user and/or password set which is not allowed.")
      }
      guard url.path.allSatisfy({ $0 == "/" }), url.query.isEmpty, url.fragment.isEmpty else {
        throw .invalidClientMetadata(
          "Origin URL \(text) must have an empty path, query, and fragment but one of the parts is not empty.")
      }
      client.allowedCORSOrigins?[index] = url.origin
    }
  }

  /// - Returns: whether what it takes is known.
  private func checkSectorIdentifier(_ client: ClientRecord, _ known: SectorIdentifier) throws(Refusal) -> Bool {
    let url: GoURL
    do throws(GoURLError) {
      url = try GoURL(parsing: client.sectorIdentifierURI)
    } catch {
      throw .invalidClientMetadata("Value of sector_identifier_uri could not be parsed because \(error.message).")
    }
    guard url.scheme == "https" else { throw .invalidClientMetadata() }
    switch known {
    case .unknown: return false
    case .trusted: return true
    case .fetched(let uris):
      guard let uris, !uris.isEmpty, (client.redirectURIs ?? []).allSatisfy(uris.contains) else {
        throw .invalidClientMetadata()
      }
      return true
    }
  }

  private func checkRedirects(_ client: ClientRecord) throws(Refusal) -> [GoURL] {
    var urls: [GoURL] = []
    for text in client.redirectURIs ?? [] {
      guard !text.contains("#") else { throw .invalidRedirectURI("Redirect URIs must not contain fragments (#).") }
      guard let url = try? GoURL(parsingRequest: text) else {
        throw .invalidRedirectURI("Unable to parse redirect URL: \(text)")
      }
      urls.append(url)
    }
    return urls
  }

  private func checkSubjectType(_ client: inout ClientRecord) throws(Refusal) {
    // Pairwise identifiers need a token that can be looked up.
    let supported = client.accessTokenStrategy.lowercased() == "jwt" ? ["public"] : settings.subjectTypes
    if client.subjectType.isEmpty { client.subjectType = supported.contains("public") ? "public" : supported.first ?? "public" }
    guard supported.contains(client.subjectType) else {
      throw .invalidClientMetadata(
        "Subject type \(client.subjectType) is not supported by server, only \(GoText.list(supported)) are allowed.")
    }
  }

  private func checkLogoutRedirects(_ client: ClientRecord, _ redirects: [GoURL]) throws(Refusal) {
    for text in client.postLogoutRedirectURIs ?? [] {
      guard let url = try? GoURL(parsingRequest: text) else {
        throw .invalidClientMetadata("Unable to parse post_logout_redirect_uri: \(text)")
      }
      guard redirects.contains(where: { $0.scheme == url.scheme && $0.hostname == url.hostname && $0.port == url.port }) else {
        throw .invalidClientMetadata(
          "post_logout_redirect_uri \(GoText.quoted(text)) must match the domain, port, scheme of at least one of the "
            + "registered redirect URIs but did not")
      }
    }
  }

  private func checkStrategy(_ client: inout ClientRecord) throws(Refusal) {
    guard !client.accessTokenStrategy.isEmpty else { return }
    let strategy = client.accessTokenStrategy.lowercased()
    guard ["jwt", "opaque"].contains(strategy) else {
      throw .invalidClientMetadata("invalid access token strategy: expected one of [jwt, opaque] but got \(strategy)")
    }
    client.accessTokenStrategy = strategy
  }
}

extension GoURL {
  fileprivate var isWeb: Bool { scheme == "https" || scheme == "http" }

  /// Scheme and authority, written anew.
  fileprivate var origin: String {
    let front = opaque.isEmpty ? "\(scheme)://\(userinfo.map { $0 + "@" } ?? "")\(host)" : "\(scheme):\(opaque)"
    return front + (hasEmptyQuery ? "?" : "")
  }
}
