import COpenIDCrypto
import Synchronization

/// Authenticated encryption under one key; its two OpenSSL contexts serve every operation, whichever task asks.
package final class AEADCipher: Sendable {
  package enum Algorithm: Sendable {
    /// AES-GCM (NIST SP 800-38D) with a key of 16 or 32 bytes and nonces of any length.
    case aesGCM
    /// ChaCha20-Poly1305 (RFC 8439) with a key of 32 bytes and nonces of 12.
    case chaCha20Poly1305
  }

  package static let tagLength = 16

  private let sealing: Mutex<Context>
  private let opening: Mutex<Context>

  /// - Precondition: the key is as long as the algorithm wants it.
  package init(_ algorithm: Algorithm, key: [UInt8]) {
    sealing = Mutex(Context(algorithm, key: key, isSealing: true))
    opening = Mutex(Context(algorithm, key: key, isSealing: false))
  }

  package func seal(
    _ plaintext: [UInt8], nonce: [UInt8], additionalData: [UInt8] = []
  ) -> (ciphertext: [UInt8], tag: [UInt8]) {
    sealing.withLock { context in
      var ciphertext = [UInt8](repeating: 0, count: plaintext.count)
      var tag = [UInt8](repeating: 0, count: Self.tagLength)
      let answer = context.run(
        nonce: nonce, additionalData: additionalData, input: plaintext, output: &ciphertext, tag: &tag)
      require(answer, "authenticated encryption")
      return (ciphertext, tag)
    }
  }

  /// The plaintext; `nil` where anything of it was changed: ciphertext, tag, nonce, additional data or key.
  package func open(_ ciphertext: [UInt8], tag: [UInt8], nonce: [UInt8], additionalData: [UInt8] = []) -> [UInt8]? {
    guard tag.count == Self.tagLength, !nonce.isEmpty else { return nil }
    return opening.withLock { context in
      var plaintext = [UInt8](repeating: 0, count: ciphertext.count)
      var tag = tag
      let isGenuine = context.run(
        nonce: nonce, additionalData: additionalData, input: ciphertext, output: &plaintext, tag: &tag)
      return isGenuine ? plaintext : nil
    }
  }
}

extension AEADCipher {
  @safe
  private struct Context: ~Copyable {
    private let pointer: OpaquePointer
    private let isSealing: Bool
    private var nonceLength = 12

    init(_ algorithm: Algorithm, key: [UInt8], isSealing: Bool) {
      let cipher =
        switch (algorithm, key.count) {
        case (.aesGCM, 16): unsafe EVP_aes_128_gcm()
        case (.aesGCM, 32): unsafe EVP_aes_256_gcm()
        case (.chaCha20Poly1305, 32): unsafe EVP_chacha20_poly1305()
        default: preconditionFailure("the key is not as long as the algorithm wants it")
        }
      guard let pointer = unsafe openid_aead_new(cipher, key, isSealing ? 1 : 0) else {
        preconditionFailure("OpenSSL on this machine cannot do this: authenticated encryption")
      }
      unsafe self.pointer = pointer
      self.isSealing = isSealing
    }

    deinit { unsafe EVP_CIPHER_CTX_free(pointer) }

    mutating func run(
      nonce: [UInt8], additionalData: [UInt8], input: [UInt8], output: inout [UInt8], tag: inout [UInt8]
    ) -> Bool {
      if nonce.count != nonceLength {
        guard let length = Int32(exactly: nonce.count), unsafe openid_aead_set_nonce_length(pointer, length) == 1 else {
          return false
        }
        nonceLength = nonce.count
      }
      return unsafe openid_aead_run(
        pointer, isSealing ? 1 : 0, nonce, additionalData, additionalData.count, input, input.count, &output, &tag) == 1
    }
  }
}
