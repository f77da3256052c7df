import OpenIDCryptography

/// The keys of what signing in hands out, each derived from one secret of the server's.
struct SignInKeys: Sendable {
  /// Of codes, access tokens, refresh tokens and cookies.
  let token: HMACKey
  /// Of the nonces that a credential is proven with.
  let nonce: [UInt8]
  /// The salt of pairwise subjects.
  let pairwise: [UInt8]

  init(root: [UInt8]) {
    func derived(_ name: String) -> [UInt8] { KeyDerivation.hkdfSHA256(root, info: Array(name.utf8)) }
    token = HMACKey(derived("token"))
    nonce = derived("credential_nonce")
    pairwise = derived("pairwise_subject")
  }
}
