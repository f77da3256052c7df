/// Why a JSON Web Key cannot be used. It names members, never their values.
public struct JSONWebKeyError: Error, Sendable, Hashable, CustomStringConvertible {
  public enum Code: String, Sendable, Hashable {
    /// The key's type or curve is none that signatures are checked with here.
    case unsupported
    /// A member is missing, is no string, or is no base64url.
    case malformed
    /// The numbers are no key: a point beside its curve, halves that do not belong together.
    case unsound
    /// An RSA key of less than 2048 bits (RFC 7518, section 3.3), or of more than 16384.
    case size
  }

  public let code: Code
  /// What is wrong, as a phrase: `the member "n" is missing`.
  public let description: String

  init(_ code: Code, _ description: String) {
    self.code = code
    self.description = description
  }
}
