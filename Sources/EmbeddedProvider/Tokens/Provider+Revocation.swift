import OpenIDCryptography
import OpenIDJSON
import OpenIDRegistration

/// Ending tokens before their time, and looking at them.
extension Provider {
  /// The revocation endpoint (RFC 7009). Either token takes with it what was granted together with it, as at Hydra.
  func revoke(_ request: ServerRequest, _ reply: @escaping Reply) {
    let refuse: Refuse = { reply(.tokenRefusal($0, request)) }
    let parameters: Parameters
    let text: String
    do throws(Refusal) {
      parameters = try Parameters(form: request)
      try parameters.requireSingle(["token"])
      text = try parameters.required("token")
    } catch {
      return refuse(error)
    }
    authenticate(request, parameters, orElse: refuse) { client in
      do throws(Refusal) {
        // A token that is not known is as good as revoked (section 2.2).
        guard let (_, grant) = try self.anyToken(text) else { return reply(.done) }
        guard grant.clientID == client.clientID else {
          throw .oauth(.unauthorizedClient, "The token was issued to another client.")
        }
        self.writer.submit(
          { connection throws(StoreError) in try Store.endTokens(of: grant.id, connection) },
          then: { outcome in
            if case .failure(let failure) = outcome { refuse(Refusal(failure)) } else { reply(.done) }
          })
      } catch {
        refuse(error)
      }
    }
  }

  /// Introspection (RFC 7662), on the admin port, where nobody is asked who they are.
  func introspect(_ request: ServerRequest, _ reply: @escaping Reply) {
    answering(reply) { () throws(Refusal) in
      let found = try anyToken(try Parameters(form: request).required("token"))
      guard let (token, grant) = found, !token.isExpired, !token.isUsed else { return reply(.json(["active": false])) }
      var members: JSONObject = [
        "active": true, "scope": .string(token.scope), "client_id": .string(grant.clientID), "sub": .string(grant.subject),
        "exp": .number(JSONNumber(token.expiresAt)), "iat": .number(JSONNumber(token.issuedAt)),
        "nbf": .number(JSONNumber(token.issuedAt)), "aud": [], "iss": .string(address.issuer),
        "token_type": "Bearer", "token_use": .string(token.kind == .refresh ? "refresh_token" : "access_token"),
      ]
      if token.scope.isEmpty { members["scope"] = nil }
      reply(.json(.object(members)))
    }
  }

  /// An access token or a refresh token.
  private func anyToken(_ text: String) throws(Refusal) -> (StoredToken, StoredGrant)? {
    for kind in [OpaqueToken.Kind.access, .refresh] {
      guard let signature = OpaqueToken.signature(of: text, as: kind, key: store.keys.token) else { continue }
      let found = try reading { connection throws(StoreError) in try Store.token(signature, kind, connection) }
      if let found { return (found.token, found.grant) }
    }
    return nil
  }
}

extension ServerAnswer {
  /// A success without anything to say.
  fileprivate static let done = ServerAnswer(
    status: 200, headers: ["Cache-Control": "no-store", "Pragma": "no-cache"])
}
