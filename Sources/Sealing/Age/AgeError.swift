/// Why an age file, a recipient or an identity cannot be used. It quotes nothing of a secret.
package struct AgeError: Error, Sendable, Hashable, CustomStringConvertible {
  package enum Code: Sendable, Hashable {
    case invalidRecipient
    case invalidIdentity
    /// The header, a stanza or the armour is not as age-encryption.org/v1 has it.
    case invalidHeader
    case invalidArmour
    /// The header was changed: its HMAC does not fit.
    case headerMismatch
    /// None of the identities is a recipient.
    case noMatch
    /// The payload was changed, cut or has something behind it.
    case invalidPayload
    /// A key file cannot be read or written.
    case file
  }

  package let code: Code
  package let description: String

  package init(_ code: Code, _ description: String) {
    self.code = code
    self.description = description
  }
}
