import OpenIDCryptography
import OpenIDJSON
import OpenIDRegistration

/// The token endpoint (RFC 6749, section 3.2).
extension Provider {
  func token(_ request: ServerRequest, _ reply: @escaping Reply) {
    let refuse: Refuse = { reply(.tokenRefusal($0, request)) }
    let parameters: Parameters
    do throws(Refusal) {
      parameters = try Parameters(form: request)
      try parameters.requireSingle(["grant_type", "code", "redirect_uri", "code_verifier", "refresh_token", "scope"])
    } catch {
      return refuse(error)
    }
    authenticate(request, parameters, orElse: refuse) { client in
      do throws(Refusal) {
        switch try parameters.required("grant_type") {
        case "authorization_code":
          self.withIDTokenKey(orElse: refuse) { key throws(Refusal) in
            try self.exchange(parameters, client, key, refuse, reply)
          }
        case "refresh_token":
          self.withIDTokenKey(orElse: refuse) { key throws(Refusal) in
            try self.refresh(parameters, client, key, refuse, reply)
          }
        case "client_credentials": try self.grantToItself(parameters, client, refuse, reply)
        case let type:
          throw .oauth(
            .unsupportedGrantType,
            "The grant_type '\(type)' is none of authorization_code, refresh_token and client_credentials.")
        }
      } catch {
        refuse(error)
      }
    }
  }

  /// A code for tokens (section 4.1.3). The second use of a code ends what came of the first (section 4.1.2).
  private func exchange(
    _ parameters: Parameters, _ client: ClientRecord, _ key: SigningKey, _ refuse: @escaping Refuse, _ reply: @escaping Reply
  ) throws(Refusal) {
    try client.checkGrant("authorization_code")
    let (code, grant) = try shown(parameters.required("code"), .code, of: client)
    let reuse = Refusal.oauth(.invalidGrant, "The authorization code has already been used.")
    guard !code.isUsed else { return end(grant, reuse, refuse) }
    guard !code.isExpired else { throw .oauth(.invalidGrant, "The authorization code has expired.") }
    guard code.redirectURI == parameters["redirect_uri"] || code.redirectURI == nil else {
      throw .oauth(.invalidGrant, "The 'redirect_uri' is not that of the authorization request.")
    }
    try ProofKey.check(parameters["code_verifier"], against: code.codeChallenge)
    let lifespans = client.lifespans
    var issue = Issue(key: store.keys.token)
    issue.addAccessToken(grant, lifetime: lifespans.authorizationCodeAccessToken ?? settings.accessTokenLifetime)
    if grant.allowsRefresh(client) {
      issue.addRefreshToken(grant, lifetime: lifespans.authorizationCodeRefreshToken ?? SignIn.refreshTokenLifetime)
    }
    let idToken = idToken(grant, issue, lifespans.authorizationCodeIDToken, key)
    let answer = tokenAnswer(issue, scope: grant.scope, idToken: idToken)
    replace(code, by: issue, of: grant, orElse: { refuse(reuse) }, answer, refuse, reply)
  }

  /// A refresh token for new tokens, itself among them (section 6). One that has a successor already ends the whole family
  /// (RFC 9700, section 4.14.2).
  private func refresh(
    _ parameters: Parameters, _ client: ClientRecord, _ key: SigningKey, _ refuse: @escaping Refuse, _ reply: @escaping Reply
  ) throws(Refusal) {
    try client.checkGrant("refresh_token")
    let (token, grant) = try shown(parameters.required("refresh_token"), .refresh, of: client)
    let reuse = Refusal.oauth(.invalidGrant, "The refresh token has already been used.")
    guard !token.isUsed else { return end(grant, reuse, refuse) }
    guard !token.isExpired else { throw .oauth(.invalidGrant, "The refresh token has expired.") }
    let granted = grant.scope.split(separator: " ").map(String.init)
    let wanted = parameters.words("scope")
    if let word = wanted.first(where: { !granted.contains($0) }) {
      throw .oauth(.invalidScope, "The scope '\(word)' was not granted.")
    }
    // What the client may no longer ask for it gets no longer.
    try client.checkScope(granted)
    let scope = wanted.isEmpty ? grant.scope : wanted.joined(separator: " ")
    let lifespans = client.lifespans
    var issue = Issue(key: store.keys.token)
    issue.addAccessToken(grant, scope: scope, lifetime: lifespans.refreshTokenAccessToken ?? settings.accessTokenLifetime)
    issue.addRefreshToken(grant, lifetime: lifespans.refreshTokenRefreshToken ?? SignIn.refreshTokenLifetime)
    let idToken =
      scope.split(separator: " ").contains("openid") ? idToken(grant, issue, lifespans.refreshTokenIDToken, key) : nil
    let answer = tokenAnswer(issue, scope: scope, idToken: idToken)
    replace(token, by: issue, of: grant, orElse: { refuse(reuse) }, answer, refuse, reply)
  }

  /// A token for the client itself (section 4.4).
  private func grantToItself(
    _ parameters: Parameters, _ client: ClientRecord, _ refuse: @escaping Refuse, _ reply: @escaping Reply
  ) throws(Refusal) {
    try client.checkGrant("client_credentials")
    guard client.tokenEndpointAuthMethod != "none" else {
      throw .oauth(.unauthorizedClient, "A client without credentials cannot use the grant type 'client_credentials'.")
    }
    let scope = parameters.words("scope")
    try client.checkScope(scope)
    let now = GoTime.now.seconds
    let grant = StoredGrant(
      id: Random.uuid(), clientID: client.clientID, sessionID: nil, subject: client.clientID,
      scope: scope.joined(separator: " "), claims: Array("{}".utf8), nonce: nil, requestedAt: now, authenticatedAt: now)
    var issue = Issue(key: store.keys.token)
    issue.addAccessToken(grant, lifetime: client.lifespans.clientCredentialsAccessToken ?? settings.accessTokenLifetime)
    let answer = tokenAnswer(issue, scope: grant.scope, idToken: nil)
    writer.submit(
      { [issue] connection throws(StoreError) in
        try connection.atomically { () throws(StoreError) in
          try Store.insert(grant, connection)
          try issue.insert(connection)
        }
      },
      then: { Provider.finish($0.map { answer }, refuse, reply) })
  }

  /// The code or refresh token that a client shows. Another client's is no better than none.
  private func shown(
    _ text: String, _ kind: OpaqueToken.Kind, of client: ClientRecord
  ) throws(Refusal) -> (StoredToken, StoredGrant) {
    let what = kind == .code ? "authorization code" : "refresh token"
    guard let signature = OpaqueToken.signature(of: text, as: kind, key: store.keys.token),
      let found = try reading({ connection throws(StoreError) in try Store.token(signature, kind, connection) }),
      found.grant.clientID == client.clientID
    else { throw .oauth(.invalidGrant, "The \(what) is not known, has been revoked, or is another client's.") }
    return (found.token, found.grant)
  }

  /// Marks a code or a refresh token as used and stores what it was exchanged for, unless another request was faster: then all of
  /// the grant ends.
  private func replace(
    _ old: StoredToken, by issue: Issue, of grant: StoredGrant, orElse reused: @escaping @Sendable () -> Void,
    _ answer: ServerAnswer, _ refuse: @escaping Refuse, _ reply: @escaping Reply
  ) {
    writer.submit(
      { connection throws(StoreError) in
        try connection.atomically { () throws(StoreError) in
          guard try Store.use(old.signature, connection) else {
            try Store.endTokens(of: grant.id, connection)
            return false
          }
          if old.kind == .refresh { try Store.endAccess(of: grant.id, connection) }
          try issue.insert(connection)
          return true
        }
      },
      then: { outcome in
        if case .success(false) = outcome { return reused() }
        Provider.finish(outcome.map { _ in answer }, refuse, reply)
      })
  }

  private func end(_ grant: StoredGrant, _ refusal: Refusal, _ refuse: @escaping Refuse) {
    writer.submit(
      { connection throws(StoreError) in try Store.endTokens(of: grant.id, connection) },
      then: { outcome in
        if case .failure(let failure) = outcome { refuse(Refusal(failure)) } else { refuse(refusal) }
      })
  }

  private func idToken(_ grant: StoredGrant, _ issue: Issue, _ lifespan: GoDuration?, _ key: SigningKey) -> String? {
    guard grant.isForIdentity else { return nil }
    return IDToken.text(
      grant, issuer: address.issuer, issuedAt: issue.issuedAt,
      expiresAt: issue.now.second(after: lifespan ?? SignIn.idTokenLifetime), accessToken: issue.accessToken, by: key)
  }

  private static func finish(_ outcome: Result<ServerAnswer, StoreError>, _ refuse: Refuse, _ reply: Reply) {
    switch outcome {
    case .success(let answer): reply(answer)
    // The client was deleted while it waited for its turn.
    case .failure(let failure) where failure.code == .orphaned:
      refuse(.oauth(.invalidGrant, "What was granted has been revoked."))
    case .failure(let failure): refuse(Refusal(failure))
    }
  }
}
