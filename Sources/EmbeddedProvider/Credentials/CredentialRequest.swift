import OpenIDCryptography
import OpenIDJSON

/// What is asked of the credential endpoint (OpenID for Verifiable Credential Issuance, the draft that Hydra numbers 00).
struct CredentialRequest {
  enum Proof {
    /// The first step: a nonce is wanted.
    case missing
    case token(type: String, text: String)
  }

  let proof: Proof

  init(_ body: [UInt8]) throws(Refusal) {
    let options = JSONParsingOptions(duplicates: .lastWins, ignoresTrailingContent: true)
    guard let members = (try? JSONValue(parsing: body, options: options))?.object else {
      throw .oauth(.invalidRequest, "Unable to decode request body.")
    }
    let format = members["format"]?.string ?? ""
    guard format == "jwt_vc_json" else { throw .oauth(.invalidRequest, "The format '\(format)' is not supported.") }
    switch members["proof"] {
    case nil, .null: proof = .missing
    case .object(let members):
      proof = .token(type: members["proof_type"]?.string ?? "", text: members["jwt"]?.string ?? "")
    default: throw .oauth(.invalidRequest, "Unable to decode request body.")
    }
  }

  /// The key that the proof shows possession of.
  ///
  /// - Parameter isNonce: whether a nonce is good.
  static func provenKey(type: String, text: String, isNonce: (String) -> Bool) throws(Refusal) -> VerificationKey {
    guard type == "jwt" else { throw .oauth(.invalidRequest, "The proof type '\(type)' is not supported.") }
    guard let token = try? JSONWebToken(parsing: text) else { throw .oauth(.invalidRequest, "The proof is no signed JWT.") }
    guard let jwk = token.header["jwk"]?.object, let key = try? VerificationKey(jwk: jwk) else {
      throw .oauth(.invalidRequest, "The header of the proof has no public key in 'jwk'.")
    }
    guard (try? token.verifiedKey(among: [key], accepting: Set(SignatureAlgorithm.allCases))) != nil else {
      throw .oauth(.invalidRequest, "The JWT was not signed with the correct key supplied in the JWK header.")
    }
    try checkTimes(token.claims)
    guard let nonce = token.claims["nonce"]?.string else { throw .oauth(.invalidRequest, "The proof has no 'nonce'.") }
    guard isNonce(nonce) else { throw .oauth(.invalidRequest, "The nonce is invalid.") }
    return key
  }

  private static func checkTimes(_ claims: JSONObject) throws(Refusal) {
    let now = Double(GoTime.now.seconds)
    for name in ["exp", "nbf", "iat"] {
      guard let value = claims[name] else { continue }
      guard let time = value.number?.double, name == "exp" ? time > now : time <= now + Double(SignIn.clockSkew) else {
        throw .oauth(.invalidRequest, "The proof is not good at this time: see its '\(name)'.")
      }
    }
  }
}
