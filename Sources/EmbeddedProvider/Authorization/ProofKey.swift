import OpenIDCryptography

/// Proof Key for Code Exchange (RFC 7636), by `S256` alone: Hydra refuses `plain`.
enum ProofKey {
  /// The challenge of an authorization request; `nil` where it has none.
  static func challenge(_ parameters: Parameters) throws(Refusal) -> String? {
    guard let challenge = parameters["code_challenge"] else {
      guard parameters["code_challenge_method"] == nil else {
        throw .oauth(.invalidRequest, "There is a 'code_challenge_method' without a 'code_challenge'.")
      }
      return nil
    }
    switch parameters["code_challenge_method"] {
    case "S256": break
    case nil, "plain":
      throw .oauth(.invalidRequest, "Clients have to use code_challenge_method=S256; 'plain' is not allowed.")
    default: throw .oauth(.invalidRequest, "The 'code_challenge_method' is not known; use S256.")
    }
    guard Base64.decode(challenge, urlSafe: true, padded: false)?.count == 32 else {
      throw .oauth(.invalidRequest, "The 'code_challenge' is no SHA-256 in base64url without padding.")
    }
    return challenge
  }

  /// Holds the verifier of a token request against the challenge of the code.
  static func check(_ verifier: String?, against challenge: String?) throws(Refusal) {
    guard let challenge else {
      // A client that sends one believes in a challenge that never arrived (RFC 9700, section 2.1.1).
      guard verifier == nil else {
        throw .oauth(.invalidGrant, "There is a 'code_verifier', but the authorization request had no 'code_challenge'.")
      }
      return
    }
    guard let verifier else { throw .oauth(.invalidGrant, "The parameter 'code_verifier' is missing.") }
    let isWellFormed =
      (43...128).contains(verifier.utf8.count)
      && verifier.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-._~".contains($0)) }
    guard isWellFormed else {
      throw .oauth(.invalidGrant, "The 'code_verifier' has to have 43 to 128 characters out of A-Z a-z 0-9 - . _ ~.")
    }
    let hash = Base64.encode(SHA2.sha256(Array(verifier.utf8)), urlSafe: true, padded: false)
    guard HMAC.areEqual(Array(hash.utf8), Array(challenge.utf8)) else {
      throw .oauth(.invalidGrant, "The 'code_verifier' does not belong to the 'code_challenge'.")
    }
  }
}
