/// Why a SOPS document cannot be opened, trusted or written. It quotes no value.
package struct SOPSError: Error, Sendable, Hashable, CustomStringConvertible {
  package enum Code: Sendable, Hashable {
    case notJSON
    /// The file holds git's conflict markers.
    case conflict
    /// There is no `sops` member, or it is not as sops writes it.
    case noMetadata
    /// No identity at hand opens the data key.
    case noIdentity
    /// The data key's envelope is damaged.
    case damagedDataKey
    /// The document asks for something that this reader does not know: key groups, a data key that is wrapped by a cloud key only.
    case unsupported
    /// A sealed value does not open at its path: it was changed, or moved from elsewhere.
    case damagedValue
    /// A value that must be sealed stands in the clear.
    case clearValue
    case macMismatch
  }

  package let code: Code
  /// One or two sentences: what is wrong, and the way out.
  package let description: String
  /// The recipients that the document names, where an identity is missing.
  package let recipients: [String]

  package init(_ code: Code, _ description: String, recipients: [String] = []) {
    self.code = code
    self.description = description
    self.recipients = recipients
  }
}
