import OpenIDCryptography
import OpenIDJSON

/// The checks of a client's assertion (RFC 7523, section 3; OpenID Connect Core 1.0, section 9).
enum ClientAssertion {
  /// What has to be remembered so that it is shown once.
  struct Use: Sendable {
    let id: String
    let expiresAt: Int
  }

  static func check(
    _ token: JSONWebToken, of client: ClientRecord, among keys: [VerificationKey], audiences: [String]
  ) throws(Refusal) -> Use {
    let name = client.tokenEndpointAuthSigningAlg.isEmpty ? "RS256" : client.tokenEndpointAuthSigningAlg
    guard let algorithm = SignatureAlgorithm(rawValue: name) else {
      throw refusal("is to be signed by '\(name)', which is not known")
    }
    do throws(JSONWebTokenError) {
      _ = try token.verifiedKey(among: keys, accepting: [algorithm])
    } catch {
      throw refusal("cannot be relied upon: \(error)")
    }
    let claims = token.claims
    guard claims["iss"]?.string == client.clientID else { throw refusal("has another 'iss' than the client's id") }
    let audience = claims["aud"]?.strings ?? claims["aud"]?.string.map { [$0] } ?? []
    guard audience.contains(where: audiences.contains) else {
      throw refusal("is meant for somebody else: 'aud' has to be \(audiences[0])")
    }
    let now = GoTime.now.seconds
    guard let expiry = claims["exp"]?.number?.double, expiry.isFinite, abs(expiry) < 1e12 else {
      throw refusal("has no time in 'exp'")
    }
    guard expiry > Double(now) else { throw refusal("has expired") }
    for name in ["nbf", "iat"] {
      guard let value = claims[name] else { continue }
      guard let time = value.number?.double, time <= Double(now + SignIn.clockSkew) else {
        throw refusal("comes from the future, or has no time in '\(name)'")
      }
    }
    guard let id = claims["jti"]?.string, !id.isEmpty else { throw refusal("has no 'jti'") }
    return Use(id: id, expiresAt: Int(expiry))
  }

  static func refusal(_ words: String) -> Refusal { .oauth(.invalidClient, "The client_assertion \(words).") }
}

extension ClientRecord {
  /// The keys that the client brought itself; those that cannot check a signature are passed over.
  var ownKeys: [VerificationKey] {
    guard case .keys(let keys) = jwks else { return [] }
    return keys.compactMap { try? VerificationKey(jwk: $0.json) }
  }
}
