public import OpenIDCryptography
import OpenIDJSON

/// The proof that a key is held by whoever asks: a JWT over the issuer's nonce, signed with it, with the public key in its header.
public struct CredentialProof: Sendable, Hashable {
  /// The token; whoever has it and the access token can ask in this name while the nonce holds.
  public let jwt: Secret

  /// A proof that was made elsewhere, in a device's key store say.
  public init(jwt: Secret) { self.jwt = jwt }

  /// Makes a proof (OpenID for Verifiable Credential Issuance, the proof type `jwt`).
  ///
  /// - Parameters:
  ///   - nonce: the issuer's, which the answer to a request without a proof brings.
  ///   - key: the key that the credential is to be bound to; ES256 and EdDSA are taken everywhere.
  ///   - issuedAt: the time in seconds since 1970.
  ///   - audience: the issuer's URL. Hydra does not look at it; the final standard wants it.
  ///   - clientID: becomes `iss`, which the final standard wants of clients that authenticate.
  public init(
    nonce: CredentialNonce, key: SigningKey, issuedAt: Int, audience: String? = nil, clientID: String? = nil
  ) {
    var claims: JSONObject = [:]
    if let clientID { claims["iss"] = .string(clientID) }
    if let audience { claims["aud"] = .string(audience) }
    claims["iat"] = .number(JSONNumber(issuedAt))
    claims["nonce"] = .string(nonce.value.exposed)
    let header: JSONObject = ["typ": "openid4vci-proof+jwt", "jwk": .object(key.publicKey.jwk)]
    jwt = Secret(JSONWebToken.signed(claims, header: header, by: key))
  }
}
