import OpenIDCryptography
import OpenIDJSON

/// What an ID token says (OpenID Connect Core 1.0, section 2), its claims in the order of their names.
enum IDToken {
  /// Claims that are the provider's to say, whatever `login_claims` has.
  static let reserved: Set<String> = [
    "iss", "sub", "aud", "exp", "iat", "nbf", "rat", "auth_time", "jti", "sid", "nonce", "at_hash", "c_hash", "azp",
  ]

  /// The claims about the person that the authorization request brought.
  static func furtherClaims(_ grant: StoredGrant) -> JSONObject {
    (try? JSONValue(parsing: grant.claims))?.object?.filter { !reserved.contains($0.name) } ?? [:]
  }

  /// What userinfo says as well.
  static func sharedClaims(_ grant: StoredGrant, issuer: String, issuedAt: Int) -> JSONObject {
    furtherClaims(grant).merging([
      "iss": .string(issuer), "sub": .string(grant.subject), "aud": [.string(grant.clientID)],
      "iat": .number(JSONNumber(issuedAt)), "rat": .number(JSONNumber(grant.requestedAt)),
      "auth_time": .number(JSONNumber(grant.authenticatedAt)),
    ])
  }

  static func text(
    _ grant: StoredGrant, issuer: String, issuedAt: Int, expiresAt: Int, accessToken: Secret? = nil, code: Secret? = nil,
    by key: SigningKey
  ) -> String {
    var claims = sharedClaims(grant, issuer: issuer, issuedAt: issuedAt)
    claims["exp"] = .number(JSONNumber(expiresAt))
    claims["jti"] = .string(Random.uuid())
    claims["sid"] = grant.sessionID.map(JSONValue.string)
    claims["nonce"] = grant.nonce.map(JSONValue.string)
    claims["at_hash"] = accessToken.map { .string(half($0)) }
    claims["c_hash"] = code.map { .string(half($0)) }
    return JSONWebToken.signed(claims.sorted(), header: ["typ": "JWT"], by: key)
  }

  /// The left half of the hash of what comes beside the token (section 3.1.3.6).
  private static func half(_ credential: Secret) -> String {
    Base64.encode(SHA2.sha256(Array(credential.exposed.utf8)).prefix(16), urlSafe: true, padded: false)
  }
}
