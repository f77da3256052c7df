import OpenIDCryptography
import OpenIDJSON

/// How a member's value is shown to people and machines: nothing in it is a credential.
enum MemberValue {
  /// The value with private key material taken out (RFC 7518, sections 6.2.2, 6.3.2 and 6.4): whoever put a private key into a
  /// client's `jwks` gets it shown as `(sensitive)`.
  static func redacted(_ value: JSONValue, of member: String) -> JSONValue {
    guard member == "jwks" || member.hasPrefix("jwks.") else { return value }
    return value.replacingMembers(with: "(sensitive)") { member, _ in VerificationKey.privateMembers.contains(member.name) }
  }

  /// One value on one line: strings in quotes, the rest as JSON.
  static func text(_ value: JSONValue) -> String { value.text().printable }

  /// An element of a list: a string that could not be mistaken stands without quotes.
  static func element(_ value: JSONValue) -> String {
    guard let string = value.string, !string.isEmpty, !string.contains(where: { $0 == " " || $0 == "\"" }) else {
      return text(value)
    }
    return string.printable
  }
}
