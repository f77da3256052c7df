import OpenIDCryptography

/// The scrypt stanza of an age file: its key comes from a passphrase.
package enum AgePassphrase {
  static let type = "scrypt"
  private static let label = Array("age-encryption.org/v1/scrypt".utf8)

  /// The binary logarithm of scrypt's cost, as age chooses it: about a second.
  package static let workFactor = 18
  /// What a file may ask for: 1 GiB of memory. More is a hostile file, or somebody with patience.
  static let largestWorkFactor = 20

  static func stanza(wrapping fileKey: [UInt8], _ passphrase: Secret, workFactor: Int) -> AgeHeader.Stanza {
    let salt = Random.bytes(16)
    guard let key = key(passphrase, salt, workFactor) else {
      preconditionFailure("a work factor from 1 to \(largestWorkFactor)")
    }
    let (wrapped, tag) = ChaCha20Poly1305.seal(fileKey, key: key, nonce: [UInt8](repeating: 0, count: 12))
    return AgeHeader.Stanza(
      type: type, arguments: [Base64.encode(salt, padded: false), String(workFactor)], body: wrapped + tag)
  }

  static func unwrap(_ stanza: AgeHeader.Stanza, _ passphrase: Secret?) throws(AgeError) -> [UInt8] {
    guard stanza.arguments.count == 2, let salt = Base64.decode(stanza.arguments[0], padded: false), salt.count == 16,
      let factor = Int(stanza.arguments[1]), String(factor) == stanza.arguments[1], factor > 0, stanza.body.count == 32
    else { throw AgeError(.invalidHeader, "the passphrase's stanza of the age header is malformed") }
    guard factor <= largestWorkFactor else {
      throw AgeError(
        .invalidHeader,
        "the age file asks for a work factor of \(factor), and \(largestWorkFactor) is the most that is taken on")
    }
    guard let passphrase else { throw AgeError(.noMatch, "the age file is sealed with a passphrase, and there is none") }
    guard let key = key(passphrase, salt, factor),
      let fileKey = ChaCha20Poly1305.open(
        Array(stanza.body.prefix(16)), tag: Array(stanza.body.suffix(16)), key: key, nonce: [UInt8](repeating: 0, count: 12))
    else { throw AgeError(.noMatch, "the passphrase is not the one that the age file is sealed with") }
    return fileKey
  }

  private static func key(_ passphrase: Secret, _ salt: [UInt8], _ factor: Int) -> [UInt8]? {
    KeyDerivation.scrypt(
      password: Array(passphrase.exposed.utf8), salt: label + salt, cost: 1 << factor, blockSize: 8, parallelization: 1)
  }
}
