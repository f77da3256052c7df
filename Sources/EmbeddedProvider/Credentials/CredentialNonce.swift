import OpenIDCryptography

/// The nonce that a proof of possession is made over: an expiry that only this provider can read, bound to one access token. It is
/// stored nowhere and may be used again until then, as at Hydra.
enum CredentialNonce {
  static func make(for accessToken: String, until expiry: Int, key: [UInt8]) -> String {
    let nonce = Random.bytes(12)
    let sealed = AESGCM.seal(Array(String(expiry).utf8), key: key, nonce: nonce, additionalData: Array(accessToken.utf8))
    return Base64.encode(nonce + sealed.ciphertext + sealed.tag, urlSafe: true, padded: false)
  }

  /// When it ends; `nil` where it is none for that access token.
  static func expiry(of text: String, for accessToken: String, key: [UInt8]) -> Int? {
    guard let bytes = Base64.decode(text, urlSafe: true, padded: false), bytes.count > 28,
      let opened = AESGCM.open(
        Array(bytes[12..<bytes.count - 16]), tag: Array(bytes.suffix(16)), key: key, nonce: Array(bytes.prefix(12)),
        additionalData: Array(accessToken.utf8))
    else { return nil }
    return Int(String(decoding: opened, as: UTF8.self))
  }
}

extension Provider {
  func credentialNonce(for accessToken: Secret) -> String {
    CredentialNonce.make(
      for: accessToken.exposed, until: GoTime.now.seconds + SignIn.credentialLifetime, key: store.keys.nonce)
  }
}
