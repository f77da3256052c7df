/// A value as it was read, with what only its text shows at a glance.
package struct JSONDocument: Sendable {
  package private(set) var value: JSONValue
  /// Whether a string was written with an escape; without one it has no NUL in it.
  private let hasEscapes: Bool
  /// Whether a number has an exponent or hundreds of digits; without one, all of them are finite.
  private let hasLongNumbers: Bool

  /// Reads one value from UTF-8.
  ///
  /// - Throws: ``JSONParsingError`` with the place of the first mistake.
  package init(parsing bytes: [UInt8], options: JSONParsingOptions = .init()) throws(JSONParsingError) {
    var parser = JSONParser(bytes: bytes, options: options)
    value = try parser.document()
    hasEscapes = parser.hasEscapes
    hasLongNumbers = parser.hasLongNumbers
  }

  /// The members of an object, which are taken out: whoever has them can change them where they are.
  package mutating func takeObject() -> JSONObject? {
    guard case .object(let members) = value else { return nil }
    value = .null
    return members
  }

  /// What JSON can say and no use can be made of, wherever it stands, as a phrase: a NUL, which ends a text for every other program,
  /// and a number beyond all that computers count with.
  package var flaw: String? { hasEscapes || hasLongNumbers ? value.flaw(at: "it") : nil }
}

extension JSONValue {
  /// What JSON can say and no use can be made of, wherever it stands: a NUL, which ends a text for every other program, and a
  /// number beyond all that computers count with.
  ///
  /// - Parameter place: the member's name, for the phrase.
  fileprivate func flaw(at place: String) -> String? {
    switch self {
    case .string(let text): text.utf8.contains(0) ? "\(place) has a NUL in it" : nil
    case .number(let number): number.double.isFinite ? nil : "\(place) is a number that is too large"
    case .array(let elements): elements.lazy.compactMap { $0.flaw(at: place) }.first
    case .object(let members):
      members.lazy.compactMap { member in
        member.name.utf8.contains(0) ? "the name of a member has a NUL in it" : member.value.flaw(at: member.name)
      }.first
    case .null, .bool: nil
    }
  }
}
