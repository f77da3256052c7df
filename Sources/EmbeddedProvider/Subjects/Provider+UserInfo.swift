import OpenIDCryptography
import OpenIDJSON
import OpenIDRegistration

/// What is said about whoever an access token stands for.
extension Provider {
  /// The userinfo endpoint (OpenID Connect Core 1.0, section 5.3).
  func userInfo(_ request: ServerRequest, _ reply: @escaping Reply) {
    do throws(Refusal) {
      let (token, grant) = try accessToken(request) { .oauth(.invalidToken, "Only access tokens are taken here.") }
      guard token.scope.split(separator: " ").contains("openid") else {
        throw .oauth(.insufficientScope, "The scope 'openid' was not granted.")
      }
      guard let client = try clientRecord(grant.clientID) else { throw .noAccessToken }
      var claims = IDToken.sharedClaims(grant, issuer: address.issuer, issuedAt: token.issuedAt)
      guard client.userinfoSignedResponseAlg == "RS256" else { return reply(.json(.object(claims.sorted()))) }
      claims["jti"] = .string(Random.uuid())
      claims["iat"] = .number(JSONNumber(GoTime.now.seconds))
      withIDTokenKey(orElse: { reply(ServerAnswer($0)) }) { [claims] key in
        let text = JSONWebToken.signed(claims.sorted(), header: ["typ": "JWT"], by: key)
        reply(ServerAnswer(status: 200, headers: ["Content-Type": "application/jwt"], body: Array(text.utf8)))
      }
    } catch {
      var answer = ServerAnswer(error)
      if error.status == 401 || error.status == 403 {
        answer.headers["WWW-Authenticate"] = "Bearer error=\"\(error.error)\",error_description=\"\(error.description)\""
      }
      reply(answer)
    }
  }

  /// The access token of a request, and what it belongs to.
  ///
  /// - Parameter refreshRefusal: what a refresh token in its place is answered with.
  func accessToken(
    _ request: ServerRequest, refreshRefusal: () -> Refusal
  ) throws(Refusal) -> (StoredToken, StoredGrant) {
    let text = request.bearerToken
    // Another prefix may pass for random bytes.
    if text.hasPrefix(OpaqueToken.Kind.refresh.prefix),
      OpaqueToken.signature(of: text, as: .refresh, key: store.keys.token) != nil
    {
      throw refreshRefusal()
    }
    guard let shown = OpaqueToken.shown(text, as: .access, key: store.keys.token) else { throw .noAccessToken }
    let found = try reading { connection throws(StoreError) in try Store.token(shown.signature, .access, connection) }
    guard let (token, grant) = found else { throw .noAccessToken }
    guard shown.isGenuine else {
      throw .oauth(.tokenSignatureMismatch, "Check that you provided a valid token in the right format.")
    }
    guard !token.isExpired else {
      throw .oauth(.invalidToken, "Access token expired at '\(GoTime(seconds: token.expiresAt).asGoPrintsIt)'.")
    }
    return (token, grant)
  }

  /// The keys that ID tokens are checked with (RFC 7517, section 5).
  func publishKeys(_ reply: @escaping Reply) {
    withIDTokenKey(orElse: { reply(ServerAnswer($0)) }) { key in
      let use: JSONObject = ["use": "sig"]
      let published = use.merging(key.publicKey.jwk)
      reply(.json(["keys": [.object(published)]]))
    }
  }
}

extension GoTime {
  /// `2006-01-02 15:04:05 +0000 UTC`
  fileprivate var asGoPrintsIt: String {
    description.replacing("T", with: " ").replacing("Z", with: " +0000 UTC")
  }
}
