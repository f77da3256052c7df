import OpenIDCryptography
import OpenIDJSON
import OpenIDRegistration

/// The authorization endpoint (RFC 6749, section 3.1). It asks nobody for a password: it signs in whoever `login_hint` names, and
/// grants what the client asks for.
extension Provider {
  func authorize(_ request: ServerRequest, _ reply: @escaping Reply) {
    let parameters: Parameters
    let target: AuthorizationTarget
    do throws(Refusal) {
      parameters = try Parameters(request)
      target = try AuthorizationTarget(parameters, try clientRecord(parameters["client_id"] ?? ""))
    } catch {
      return reply(errorRedirect(error, request))
    }
    do throws(Refusal) {
      let wanted = try AuthorizationRequest(parameters, target)
      guard let session = try session(for: wanted, request) else { return reply(SignInPage.answer(request, parameters)) }
      guard wanted.needsKey else { return try grant(wanted, in: session, nil, request, reply) }
      withIDTokenKey(orElse: { reply(target.answer($0, request)) }) { key throws(Refusal) in
        try self.grant(wanted, in: session, key, request, reply)
      }
    } catch {
      reply(target.answer(error, request))
    }
  }

  /// The session to grant in: the browser's, or a new one of whom the hint names.
  ///
  /// - Returns: `nil` where nobody is named and nobody is signed in.
  private func session(for wanted: AuthorizationRequest, _ request: ServerRequest) throws(Refusal) -> BrowserSession? {
    let now = GoTime.now.seconds
    let current = try browserSession(request)
    if let current, wanted.loginHint == nil || wanted.loginHint == current.subject, !wanted.prompt.contains("login"),
      wanted.maximumAge.map({ now - current.authenticatedAt <= $0 }) ?? true
    {
      return BrowserSession(stored: current, cookie: nil)
    }
    guard let subject = wanted.loginHint else {
      guard wanted.prompt != ["none"] else {
        throw .oauth(.loginRequired, "Nobody is signed in. Add login_hint=SUBJECT, and the provider signs SUBJECT in.")
      }
      return nil
    }
    let cookie = OpaqueToken(.session, key: store.keys.token)
    let stored = StoredSession(
      id: Random.uuid(), cookieSignature: cookie.signature, subject: subject, authenticatedAt: now)
    return BrowserSession(stored: stored, cookie: cookie.text)
  }

  private func grant(
    _ wanted: AuthorizationRequest, in session: BrowserSession, _ key: SigningKey?, _ request: ServerRequest,
    _ reply: @escaping Reply
  ) throws(Refusal) {
    let client = wanted.client
    let now = GoTime.now.seconds
    let grant = StoredGrant(
      id: Random.uuid(), clientID: client.clientID, sessionID: session.stored.id,
      subject: try PairwiseSubject.subject(session.stored.subject, for: client, salt: store.keys.pairwise),
      scope: wanted.scope.joined(separator: " "), claims: JSONValue.object(wanted.claims).utf8(), nonce: wanted.nonce,
      requestedAt: now, authenticatedAt: session.stored.authenticatedAt)
    if let hint = wanted.idTokenHint, let key {
      guard idTokenClaims(hint, key)?["sub"]?.string == grant.subject else {
        throw .oauth(.loginRequired, "The 'id_token_hint' is about somebody else than who is signed in.")
      }
    }
    var issue = Issue(key: store.keys.token)
    let types = wanted.target.responseTypes
    if types.contains(.code) {
      issue.addCode(grant, redirectURI: wanted.target.requestedURI, challenge: wanted.codeChallenge)
    }
    if types.contains(.token) {
      issue.addAccessToken(grant, lifetime: client.lifespans.implicitAccessToken ?? settings.accessTokenLifetime)
    }
    var parameters = issue.parameters(grant)
    if types.contains(.idToken), let key {
      let lifetime = client.lifespans.implicitIDToken ?? SignIn.idTokenLifetime
      parameters.append(
        (
          "id_token",
          IDToken.text(
            grant, issuer: address.issuer, issuedAt: issue.issuedAt, expiresAt: issue.now.second(after: lifetime),
            accessToken: issue.accessToken, code: issue.code, by: key)
        ))
    }
    var answer = wanted.target.answer(parameters, request)
    if let cookie = session.cookie { answer.headers.append("Set-Cookie", cookieField(cookie.exposed)) }
    writer.submit(
      { [issue, answer] connection throws(StoreError) in
        try connection.atomically { () throws(StoreError) in
          if session.cookie != nil { try Store.insert(session.stored, connection) }
          try Store.insert(grant, connection)
          try issue.insert(connection)
        }
        return answer
      },
      then: { outcome in
        reply(Provider.answer(outcome) { $0 })
      })
  }
}

extension AuthorizationRequest {
  /// Whether an ID token is to be made or read: the key of ID tokens takes a moment where there is none so far.
  fileprivate var needsKey: Bool { target.responseTypes.contains(.idToken) || idTokenHint != nil }
}

/// A session, and the cookie that the browser is to get of it where it is new.
private struct BrowserSession: Sendable {
  let stored: StoredSession
  let cookie: Secret?
}

extension Issue {
  /// What the authorization endpoint hands out (RFC 6749, sections 4.1.2 and 4.2.2).
  fileprivate func parameters(_ grant: StoredGrant) -> [(name: String, value: String)] {
    var parameters: [(name: String, value: String)] = []
    if let code { parameters.append(("code", code.exposed)) }
    if let accessToken {
      parameters += [
        ("access_token", accessToken.exposed), ("token_type", "bearer"), ("expires_in", String(expiresIn)),
      ]
    }
    return parameters + [("scope", grant.scope)]
  }
}
