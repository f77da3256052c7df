import OpenIDCryptography
import OpenIDJSON
import OpenIDRegistration

/// The end-session endpoint (OpenID Connect RP-Initiated Logout 1.0). Where Hydra would ask whether it may, this one does it.
extension Provider {
  func logOut(_ request: ServerRequest, _ reply: @escaping Reply) {
    let refuse: Refuse = { reply(self.errorRedirect($0, request)) }
    let wanted: LogoutRequest
    let current: StoredSession?
    do throws(Refusal) {
      wanted = try LogoutRequest(request)
      current = try browserSession(request)
    } catch {
      return refuse(error)
    }
    withIDTokenKey(orElse: refuse) { key throws(Refusal) in
      guard let hint = wanted.hint else { return self.end(current, current, target: nil, key, request, reply) }
      guard let claims = self.idTokenClaims(hint, key) else {
        throw .logout("because the id_token_hint is no ID token of this provider's.")
      }
      let (sessionID, audience) = try LogoutRequest.session(of: claims)
      let target = try wanted.target(of: try self.registered(audience))
      let session = try self.reading { connection throws(StoreError) in try Store.session(sessionID, connection) }
      self.end(session, current, target: target, key, request, reply)
    }
  }

  private func registered(_ audience: [String]) throws(Refusal) -> ClientRecord {
    for id in audience {
      if let client = try clientRecord(id) { return client }
    }
    // As at Hydra, where an ID token outlives its client.
    throw .unrecognizable
  }

  /// Ends a session, lets its clients know, and sends the browser on. One that is over already only sends it on.
  private func end(
    _ session: StoredSession?, _ current: StoredSession?, target: String?, _ key: SigningKey, _ request: ServerRequest,
    _ reply: @escaping Reply
  ) {
    let target = target ?? address.url("/oauth2/fallbacks/logout/callback")
    guard let session else { return reply(.redirect(to: target, for: request)) }
    writer.submit(
      { connection throws(StoreError) in
        let clients = try Store.clients(inSession: session.id, connection)
        return try Store.endSession(session.id, connection) ? clients : []
      },
      then: { outcome in
        reply(
          Provider.answer(outcome) { rows in
            let clients = rows.compactMap { row in
              (try? ClientRecord(row.client)).map { SignedOutClient(client: $0, subject: row.subject) }
            }
            self.notify(clients, of: session.id, key)
            let frames = clients.compactMap { $0.frame(issuer: self.address.issuer, sessionID: session.id) }
            var answer: ServerAnswer =
              frames.isEmpty ? .redirect(to: target, for: request) : SigningOutPage.answer(frames, next: target)
            if session.id == current?.id { answer.headers.append("Set-Cookie", self.cookieField("")) }
            return answer
          })
      })
  }
}
