import COpenIDCrypto

/// Hashes of a whole message (FIPS 180-4).
package enum SHA2 {
  package static func sha256(_ message: [UInt8]) -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: 32)
    require(unsafe SHA256(message, message.count, &digest) != nil, "SHA-256")
    return digest
  }

  package static func sha512(_ message: [UInt8]) -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: 64)
    require(unsafe SHA512(message, message.count, &digest) != nil, "SHA-512")
    return digest
  }
}

/// SHA-512 of a message that comes in pieces.
@safe
package struct SHA512Hash: ~Copyable {
  private let context: OpaquePointer

  package init() {
    let context = unsafe EVP_MD_CTX_new()
    guard let context = unsafe context, unsafe EVP_DigestInit_ex(context, EVP_sha512(), nil) == 1 else {
      preconditionFailure("OpenSSL on this machine cannot do this: SHA-512")
    }
    unsafe self.context = context
  }

  deinit { unsafe EVP_MD_CTX_free(context) }

  package mutating func update(_ bytes: [UInt8]) {
    require(unsafe EVP_DigestUpdate(context, bytes, bytes.count) == 1, "SHA-512")
  }

  package consuming func digest() -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: 64)
    require(unsafe EVP_DigestFinal_ex(context, &digest, nil) == 1, "SHA-512")
    return digest
  }
}
