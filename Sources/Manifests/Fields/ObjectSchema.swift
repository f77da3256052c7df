/// The members that a mapping may have.
package struct ObjectSchema: Sendable {
  /// Which members beyond the table are let through.
  package enum Extensions: Sendable, Hashable {
    case none
    /// Client metadata may carry a provider's own members and language-tagged names (RFC 7591, section 2 and 2.2).
    case clientMetadata
  }

  /// What the mapping is, for messages: `a Client's spec`.
  package let title: String
  package let fields: [Field]
  package let extensions: Extensions
  private let index: [String: Int]

  init(_ title: String, extensions: Extensions = .none, _ fields: [Field]) {
    self.title = title
    self.fields = fields
    self.extensions = extensions
    index = Dictionary(uniqueKeysWithValues: fields.enumerated().map { ($1.name, $0) })
  }

  package var names: [String] { fields.map(\.name) }

  /// The row of the table by that name.
  package subscript(name: String) -> Field? { index[name].map { fields[$0] } }

  /// The row that speaks for a member: its own, that of the name before a language tag (`client_name#fr`), or one for a member of a
  /// provider's own.
  ///
  /// RFC 7591 lets providers define members. So that a slip of the pen is still told from them, a member that no table knows must
  /// begin with `x_`, or have a dot or a colon in its name (`com.example.tier`, `https://example.com/tier`).
  package func field(_ name: String) -> Field? {
    if let known = self[name] { return known }
    guard extensions == .clientMetadata else { return nil }
    if let hash = name.firstIndex(of: "#") {
      guard var base = self[String(name[..<hash])], base.source.isTaggable(base),
        Self.isLanguageTag(name[name.index(after: hash)...])
      else { return nil }
      base.name = name
      return base
    }
    guard name.hasPrefix("x_") && name.count > 2 || name.contains(".") || name.contains(":") else { return nil }
    return Field(name, .json, "A member of the provider's own", source: .standard("RFC 7591, section 2"))
  }

  /// Whether this looks like a tag of BCP 47.
  private static func isLanguageTag(_ text: Substring) -> Bool {
    !text.isEmpty && text.utf8.allSatisfy { $0 == UInt8(ascii: "-") || $0.isASCIILetter || $0.isASCIIDigit }
      && !text.hasPrefix("-") && !text.hasSuffix("-")
  }
}

extension Field.Source {
  /// Names and pages for people come in several languages; nothing else does.
  fileprivate func isTaggable(_ field: Field) -> Bool {
    ["client_name", "client_uri", "logo_uri", "tos_uri", "policy_uri"].contains(field.name)
  }
}

extension UInt8 {
  var isASCIILetter: Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self | 0x20) }
  var isASCIIDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }
}
