import OpenIDRegistration

/// Spans of time that no setting changes.
enum SignIn {
  /// How long a code may be exchanged.
  static let codeLifetime = GoDuration(nanoseconds: 600_000_000_000)
  static let idTokenLifetime = GoDuration(nanoseconds: 3_600_000_000_000)
  static let refreshTokenLifetime = GoDuration(nanoseconds: 2_592_000_000_000_000)
  /// Seconds that a credential's nonce may be used, and that the credential itself is good for.
  static let credentialLifetime = 3_600
  /// Seconds after which a browser has to sign in again, and after which what has ended is forgotten.
  static let remembered = 86_400
  /// Seconds that another clock may be off.
  static let clockSkew = 60
}

extension GoTime {
  /// That much later, to the nearest second.
  func second(after span: GoDuration) -> Int {
    let nanoseconds = Int(span.nanoseconds % 1_000_000_000) + self.nanoseconds
    return seconds + Int(span.nanoseconds / 1_000_000_000) + (nanoseconds + 500_000_000) / 1_000_000_000
  }
}
