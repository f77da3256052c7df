import COpenIDCrypto

/// Keys from other keys and from passphrases.
package enum KeyDerivation {
  /// HKDF with SHA-256 (RFC 5869).
  ///
  /// - Precondition: no more than 8160 bytes are asked for, and at least one.
  package static func hkdfSHA256(_ input: [UInt8], salt: [UInt8] = [], info: [UInt8] = [], count: Int = 32) -> [UInt8] {
    precondition((1...255 * 32).contains(count), "HKDF with SHA-256 gives 1 to 8160 bytes")
    var output = [UInt8](repeating: 0, count: count)
    let answer = unsafe openid_hkdf_sha256(
      input, input.count, salt, salt.count, info, info.count, &output, count)
    require(answer == 1, "HKDF with SHA-256")
    return output
  }

  /// PBKDF2 with HMAC-SHA-256 (RFC 8018, section 5.2); `nil` for no iterations or more than ten million, or no bytes.
  package static func pbkdf2SHA256(password: [UInt8], salt: [UInt8], iterations: Int, count: Int = 32) -> [UInt8]? {
    guard (1...10_000_000).contains(iterations), (1...1 << 20).contains(count) else { return nil }
    var output = [UInt8](repeating: 0, count: count)
    let answer = unsafe password.withUnsafeBytes { password in
      unsafe PKCS5_PBKDF2_HMAC(
        password.bindMemory(to: CChar.self).baseAddress, Int32(password.count), salt, Int32(salt.count), Int32(iterations),
        EVP_sha256(), Int32(count), &output)
    }
    require(answer == 1, "PBKDF2 with SHA-256")
    return output
  }

  /// The largest `cost × blockSize × parallelization` that ``scrypt(password:salt:cost:blockSize:parallelization:count:)`` takes
  /// on: some seconds, and 1 GiB of memory.
  package static let largestScryptWork = 1 << 23

  /// scrypt (RFC 7914); `nil` for parameters that the RFC forbids, and for work beyond ``largestScryptWork``, which a hostile
  /// file could ask for.
  package static func scrypt(
    password: [UInt8], salt: [UInt8], cost: Int, blockSize: Int, parallelization: Int, count: Int = 32
  ) -> [UInt8]? {
    guard cost > 1, cost & (cost - 1) == 0, blockSize > 0, parallelization > 0, (1...1 << 20).contains(count),
      cost <= largestScryptWork, blockSize <= largestScryptWork / cost,
      parallelization <= largestScryptWork / cost / blockSize
    else { return nil }
    var output = [UInt8](repeating: 0, count: count)
    let answer = unsafe password.withUnsafeBytes { password in
      unsafe EVP_PBE_scrypt(
        password.bindMemory(to: CChar.self).baseAddress, password.count, salt, salt.count, UInt64(cost), UInt64(blockSize),
        UInt64(parallelization), UInt64(2 * 128 * largestScryptWork), &output, count)
    }
    // What is left to refuse is a cost that is too high for its block size (RFC 7914, section 2).
    guard answer == 1 else {
      ERR_clear_error()
      return nil
    }
    return output
  }
}
