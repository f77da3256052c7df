import OpenIDCryptography

/// A client secret as it is stored: salted and stretched, `$pbkdf2-sha256$i=25000,l=32$SALT$HASH`.
struct SecretHash: Sendable, Hashable, CustomStringConvertible {
  /// For a secret that somebody chose.
  static let iterations = 25_000
  /// For one that the server made: against 26 random characters nobody guesses, however cheap a guess.
  static let iterationsForRandom = 1

  private let iterations: Int
  private let salt: [UInt8]
  private let hash: [UInt8]

  init(_ secret: Secret, isRandom: Bool) {
    iterations = isRandom ? SecretHash.iterationsForRandom : SecretHash.iterations
    salt = Random.bytes(16)
    hash = SecretHash.stretched(secret, salt: salt, iterations: iterations)
  }

  /// - Returns: `nil` where the text is no such hash.
  init?(_ text: String) {
    let parts = text.split(separator: "$", omittingEmptySubsequences: false)
    guard parts.count == 5, parts[0].isEmpty, parts[1] == "pbkdf2-sha256", parts[2].hasPrefix("i="),
      parts[2].hasSuffix(",l=32"), let iterations = Int(parts[2].dropFirst(2).dropLast(5)),
      let salt = Base64.decode(String(parts[3]), padded: false), let hash = Base64.decode(String(parts[4]), padded: false),
      hash.count == 32
    else { return nil }
    self.iterations = iterations
    self.salt = salt
    self.hash = hash
  }

  func matches(_ secret: Secret) -> Bool {
    HMAC.areEqual(SecretHash.stretched(secret, salt: salt, iterations: iterations), hash)
  }

  var description: String {
    "$pbkdf2-sha256$i=\(iterations),l=32$\(Base64.encode(salt, padded: false))$\(Base64.encode(hash, padded: false))"
  }

  private static func stretched(_ secret: Secret, salt: [UInt8], iterations: Int) -> [UInt8] {
    KeyDerivation.pbkdf2SHA256(password: Array(secret.exposed.utf8), salt: salt, iterations: iterations) ?? []
  }
}
