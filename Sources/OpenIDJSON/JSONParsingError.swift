/// Why a text is no JSON, and where. It quotes nothing of the text: an answer may hold a secret.
public struct JSONParsingError: Error, Sendable, Hashable, CustomStringConvertible {
  public enum Reason: Sendable, Hashable {
    case empty
    case byteOrderMark
    case unexpectedEnd
    case unexpectedByte(UInt8)
    case invalidNumber
    case invalidEscape
    case unpairedSurrogate
    case controlCharacterInString
    case invalidUTF8
    case duplicateMember
    case tooDeep(limit: Int)
    case trailingContent
  }

  public let reason: Reason
  /// The line, from one.
  public let line: Int
  /// The column, from one, in Unicode scalars.
  public let column: Int
  /// The place in bytes, from zero.
  public let offset: Int

  public var description: String { "\(words) at line \(line), column \(column)" }

  /// What is wrong, without the place.
  public var words: String {
    switch reason {
    case .empty: "there is no JSON in an empty text"
    case .byteOrderMark: "a byte order mark in front of the JSON"
    case .unexpectedEnd: "the JSON ends too early"
    case .unexpectedByte(let byte) where byte > 0x20 && byte < 0x7f: "unexpected \"\(Character(UnicodeScalar(byte)))\""
    case .unexpectedByte(let byte): "unexpected byte 0x\(String(byte, radix: 16))"
    case .invalidNumber: "this is not how JSON spells a number"
    case .invalidEscape: "unknown escape in a string"
    case .unpairedSurrogate: "half of a surrogate pair in a string"
    case .controlCharacterInString: "a control character in a string (JSON wants it escaped)"
    case .invalidUTF8: "invalid UTF-8"
    case .duplicateMember: "a member name that stands twice in its object"
    case .tooDeep(let limit): "nested deeper than \(limit) levels"
    case .trailingContent: "something follows the JSON value"
    }
  }
}
