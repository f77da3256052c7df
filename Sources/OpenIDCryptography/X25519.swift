import COpenIDCrypto

/// Key agreement on Curve25519 (RFC 7748); keys and secrets are 32 bytes.
package enum X25519 {
  package static let keyLength = 32

  package static func generatePrivateKey() -> [UInt8] { Random.bytes(keyLength) }

  /// - Precondition: the key has 32 bytes.
  package static func publicKey(of privateKey: [UInt8]) -> [UInt8] {
    precondition(privateKey.count == keyLength, "an X25519 key has 32 bytes")
    var publicKey = [UInt8](repeating: 0, count: keyLength)
    require(unsafe openid_x25519_public_key(privateKey, &publicKey) == 1, "X25519")
    return publicKey
  }

  /// The secret that both sides come to; `nil` where the public key is of low order, so that the secret would be all zeros and
  /// known to everybody (RFC 7748, section 6.1).
  ///
  /// - Precondition: both keys have 32 bytes.
  package static func sharedSecret(private privateKey: [UInt8], public publicKey: [UInt8]) -> [UInt8]? {
    precondition(privateKey.count == keyLength && publicKey.count == keyLength, "an X25519 key has 32 bytes")
    var secret = [UInt8](repeating: 0, count: keyLength)
    let answer = unsafe openid_x25519_shared_secret(privateKey, publicKey, &secret)
    require(answer >= 0, "X25519")
    return answer == 1 ? secret : nil
  }
}
