import COpenIDCrypto

/// Keyed hashes (RFC 2104).
package enum HMAC {
  package static func sha256(key: [UInt8], _ message: [UInt8]) -> [UInt8] {
    var code = [UInt8](repeating: 0, count: 32)
    let done = unsafe COpenIDCrypto.HMAC(EVP_sha256(), key, Int32(key.count), message, message.count, &code, nil)
    require(unsafe done != nil, "HMAC with SHA-256")
    return code
  }

  /// Whether both are the same bytes, in a time that says nothing about where they differ.
  package static func areEqual(_ a: [UInt8], _ b: [UInt8]) -> Bool {
    guard a.count == b.count else { return false }
    return unsafe CRYPTO_memcmp(a, b, a.count) == 0
  }
}
