/// One line of a source that is no YAML, looked at as a person would: its indentation, its key, its value.
struct TextLine {
  let number: Int
  /// Without its end.
  let text: String
  /// Blanks and tabs at the start.
  let indentation: [Unicode.Scalar]

  init(_ number: Int, _ bytes: ArraySlice<UInt8>?) {
    self.number = number
    // What a person would look at; a line of megabytes nobody does.
    text = String(decoding: (bytes ?? []).prefix(4096), as: UTF8.self)
    indentation = Array(text.unicodeScalars.prefix { $0 == " " || $0 == "\t" })
  }

  /// What follows the indentation.
  var content: Substring { Substring(text.unicodeScalars.dropFirst(indentation.count)) }

  var isBlank: Bool { content.isEmpty }
  var isComment: Bool { content.hasPrefix("#") }

  /// Where the content begins.
  var keyMark: YAMLMark { YAMLMark(line: number, column: indentation.count + 1) }

  /// How wide its key is, or its first word.
  var keyWidth: Int { max(1, content.unicodeScalars.prefix { $0 != ":" && $0 != " " }.count) }

  /// Which scalar of the indentation looks like a blank and is none.
  var lookalike: Int? {
    let start = text.unicodeScalars.prefix { $0 == " " || $0 == "\t" || Self.isLookalike($0) }
    return Array(start).firstIndex(where: Self.isLookalike)
  }

  private static func isLookalike(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value >= 0x80 && (scalar.properties.generalCategory == .spaceSeparator || scalar == "\u{200b}")
  }

  /// `client_name` and `Billing` of `client_name:Billing`.
  var keyWithoutBlank: (key: Substring, rest: Substring)? {
    guard let colon = content.firstIndex(of: ":") else { return nil }
    let rest = content[content.index(after: colon)...]
    guard Self.isKey(content[..<colon]), !rest.isEmpty, rest.first != " ", rest.first != "/" else { return nil }
    return (content[..<colon], rest)
  }

  /// The key whose value the `:` in that column stands in, and the column where the value begins.
  func valueBefore(_ column: Int) -> (key: Substring, column: Int)? {
    var rest = content
    while rest.hasPrefix("- ") { rest = rest.dropFirst(2).drop { $0 == " " } }
    guard let colon = rest.firstRange(of: ": "), Self.isKey(rest[..<colon.lowerBound]) else { return nil }
    let value = rest[colon.upperBound...].drop { $0 == " " }
    let start = text.unicodeScalars.count - value.unicodeScalars.count + 1
    return start < column ? (rest[..<colon.lowerBound], start) : nil
  }

  /// What stands from that column on, without a comment.
  func value(from column: Int) -> String { Self.value(of: self, from: column) }

  static func value(of line: TextLine, from column: Int) -> String {
    var rest = Substring(line.text.unicodeScalars.dropFirst(column - 1))
    if let comment = rest.firstRange(of: " #") { rest = rest[..<comment.lowerBound] }
    while rest.last == " " || rest.last == "\r" { rest.removeLast() }
    return String(rest)
  }

  /// Whether a hint can show the value in double quotes.
  static func canBeQuoted(_ text: String) -> Bool {
    !text.isEmpty && text.count <= 60
      && text.unicodeScalars.allSatisfy { $0 >= " " && !"\"\\[]{},".unicodeScalars.contains($0) }
  }

  static func isKey(_ text: Substring) -> Bool {
    !text.isEmpty
      && text.utf8.allSatisfy { byte in
        switch byte {
        case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x5f, 0x2d, 0x2e, 0x23: true
        default: false
        }
      }
  }
}
