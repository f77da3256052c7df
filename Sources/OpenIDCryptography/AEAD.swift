/// AES-GCM for a single message; ``AEADCipher`` is for many under one key.
package enum AESGCM {
  package static func seal(
    _ plaintext: [UInt8], key: [UInt8], nonce: [UInt8], additionalData: [UInt8] = []
  ) -> (ciphertext: [UInt8], tag: [UInt8]) {
    AEADCipher(.aesGCM, key: key).seal(plaintext, nonce: nonce, additionalData: additionalData)
  }

  /// The plaintext; `nil` where it is not genuine.
  package static func open(
    _ ciphertext: [UInt8], tag: [UInt8], key: [UInt8], nonce: [UInt8], additionalData: [UInt8] = []
  ) -> [UInt8]? {
    AEADCipher(.aesGCM, key: key).open(ciphertext, tag: tag, nonce: nonce, additionalData: additionalData)
  }
}

/// ChaCha20-Poly1305 for a single message; ``AEADCipher`` is for many under one key.
package enum ChaCha20Poly1305 {
  package static func seal(
    _ plaintext: [UInt8], key: [UInt8], nonce: [UInt8], additionalData: [UInt8] = []
  ) -> (ciphertext: [UInt8], tag: [UInt8]) {
    AEADCipher(.chaCha20Poly1305, key: key).seal(plaintext, nonce: nonce, additionalData: additionalData)
  }

  /// The plaintext; `nil` where it is not genuine.
  package static func open(
    _ ciphertext: [UInt8], tag: [UInt8], key: [UInt8], nonce: [UInt8], additionalData: [UInt8] = []
  ) -> [UInt8]? {
    AEADCipher(.chaCha20Poly1305, key: key).open(ciphertext, tag: tag, nonce: nonce, additionalData: additionalData)
  }
}
