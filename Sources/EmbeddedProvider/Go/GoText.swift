/// Texts as Go's formatting verbs put them into messages.
enum GoText {
  /// `%q`: in double quotes, with what cannot be printed escaped.
  static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      default: result += escaped(scalar)
      }
    }
    return result + "\""
  }

  /// `%v` of a list of texts.
  static func list(_ texts: [String]) -> String { "[" + texts.joined(separator: " ") + "]" }

  /// A byte in single quotes, as the JSON scanner names the one that it did not expect.
  static func quotedByte(_ byte: UInt8) -> String {
    switch byte {
    case UInt8(ascii: "'"): "'\\''"
    case UInt8(ascii: "\""): "'\"'"
    case UInt8(ascii: "\\"): "'\\\\'"
    default: "'" + escaped(Unicode.Scalar(byte)) + "'"
    }
  }

  private static func escaped(_ scalar: Unicode.Scalar) -> String {
    switch scalar {
    case "\u{7}": return "\\a"
    case "\u{8}": return "\\b"
    case "\u{b}": return "\\v"
    case "\u{c}": return "\\f"
    case "\n": return "\\n"
    case "\r": return "\\r"
    case "\t": return "\\t"
    case "\u{20}"..<"\u{7f}": return String(Character(scalar))
    default: break
    }
    switch scalar.properties.generalCategory {
    case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator, .spaceSeparator:
      let digits = String(scalar.value, radix: 16)
      let (letter, width) = scalar.value < 0x80 ? ("x", 2) : scalar.value < 0x10000 ? ("u", 4) : ("U", 8)
      return "\\" + letter + String(repeating: "0", count: width - digits.count) + digits
    default: return String(Character(scalar))
    }
  }
}
