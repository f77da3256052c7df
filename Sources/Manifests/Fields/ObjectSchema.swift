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
  /// The sets of members of which exactly one is given; empty where members do not depend on each other.
  package let combinations: [[String]]
  /// Which of ``fields`` must be given.
  let required: [Field]
  private let index: [String: Int]

  init(_ title: String, extensions: Extensions = .none, combinations: [[String]] = [], _ fields: [Field]) {
    self.title = title
    self.combinations = combinations
    self.fields = fields
    self.extensions = extensions
    required = fields.filter(\.isRequired)
    index = Dictionary(uniqueKeysWithValues: fields.enumerated().map { ($1.name, $0) })
  }

  package var names: [String] { fields.map(\.name) }

  /// The members of which just one is given, where it is no more than that.
  var alternatives: [String]? {
    combinations.isEmpty || combinations.contains { $0.count != 1 } ? nil : combinations.map { $0[0] }
  }

  /// The row of the table by that name.
  package subscript(name: String) -> Field? { index[name].map { fields[$0] } }

  /// Where in ``fields`` that row stands.
  func row(_ name: String) -> Int? { index[name] }

  /// The row that speaks for a member: its own, that of the name before a language tag (`client_name#fr`), or one for a member of a
  /// provider's own.
  ///
  /// RFC 7591 lets providers define members. So that a slip of the pen is still told from them, a member that no table knows must
  /// begin with `x_`, or have a dot or a colon in its name (`com.example.tier`, `https://example.com/tier`).
  package func field(_ name: String) -> Field? {
    if let known = self[name] { return known }
    guard extensions == .clientMetadata else { return nil }
    if let hash = name.firstIndex(of: "#") {
      guard var base = self[String(name[..<hash])], base.isTaggable,
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

extension Field {
  /// Names and pages for people come in several languages (RFC 7591, section 2.2); nothing else does.
  static let taggableNames = ["client_name", "client_uri", "logo_uri", "tos_uri", "policy_uri"]

  var isTaggable: Bool { Field.taggableNames.contains(name) }
}

extension UInt8 {
  var isASCIILetter: Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self | 0x20) }
  var isASCIIDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }
}
