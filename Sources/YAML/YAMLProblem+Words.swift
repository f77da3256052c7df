extension YAMLProblem {
  static func encoding(_ words: String, byte: UInt8, at mark: YAMLMark) -> YAMLProblem {
    let hexadecimal = String(byte, radix: 16)
    if words.hasPrefix("control characters") {
      return YAMLProblem(
        rule: .encoding,
        message: byte == 0 ? "a NUL character" : "a control character (0x\(hexadecimal))", start: mark, end: mark,
        hint: "YAML takes none; in double quotes, \\x\(hexadecimal.count == 1 ? "0" : "")\(hexadecimal) stands for it.")
    }
    return YAMLProblem(
      rule: .encoding, message: "invalid UTF-8 (byte 0x\(hexadecimal))", start: mark, end: mark, hint: "Save the file as UTF-8."
    )
  }

  /// libyaml's problem in words that say what to do.
  ///
  /// - Parameter line: The bytes of the line at the problem's mark; `nil` past the end of the source.
  static func syntax(_ problem: ParserProblem, line: [UInt8]?) -> YAMLProblem {
    let opening = problem.contextMark.map { " in line \($0.line)" } ?? ""
    // At the end of the source there is nothing to point at: what was left open is more telling.
    let isAtEnd = line == nil || line?.isEmpty == true
    let mark = isAtEnd ? problem.contextMark ?? problem.mark : problem.mark
    func told(_ message: String, _ rule: YAMLRule = .syntax, hint: String? = nil) -> YAMLProblem {
      YAMLProblem(rule: rule, message: message, start: mark, end: mark, hint: hint)
    }
    if let line, line.prefix(3) == [0xef, 0xbb, 0xbf] {
      return told("a byte order mark in the middle of the text", .encoding, hint: "Take it out; one at the very start is fine.")
    }
    if problem.words.contains("tab character") || indentsWithTab(line, upTo: problem.mark.column) {
      return told("a tab cannot indent YAML", .tab, hint: "Indent with blanks.")
    }
    switch problem.words {
    case "found character that cannot start any token":
      let character = scalar(at: problem.mark.column, in: line)
      return told(
        "\(character.map { quoted(String($0)) } ?? "this") cannot begin a value", hint: "Put the value in quotes.")
    case "mapping values are not allowed in this context":
      return told(
        "a \":\" cannot stand here",
        hint: "A value with \": \" in it needs quotes; otherwise this line's indentation is not that of its neighbours.")
    case "did not find expected key":
      return told("this does not fit the mapping that begins\(opening)", hint: "Look at the indentation.")
    case "did not find expected '-' indicator":
      return told("this does not fit the list that begins\(opening)", hint: "Look at the indentation.")
    case "did not find expected ',' or ']'": return told("the \"[\"\(opening) is not closed before this")
    case "did not find expected ',' or '}'": return told("the \"{\"\(opening) is not closed before this")
    case "did not find expected node content": return told("a value is missing here")
    case "found unexpected end of stream": return told("the quoted text that begins\(opening) has no end")
    case "found unexpected document indicator":
      return told("the quoted text that begins\(opening) is not closed before the document ends")
    case "could not find expected ':'", "could not found expected ':'":
      return told("a \":\" is missing after the key\(opening)")
    case "found unknown escape character":
      return told("an unknown escape in double quotes", hint: "Single quotes take \"\\\" as it is.")
    case "found incompatible YAML document": return told("this is YAML of another version", hint: "Leave the %YAML line out.")
    default: return told("this is not YAML: \(problem.words)")
    }
  }

  private static func indentsWithTab(_ line: [UInt8]?, upTo column: Int) -> Bool {
    guard let line else { return false }
    let indentation = line.prefix { $0 == 0x20 || $0 == 0x09 }
    return indentation.contains(0x09) && column <= indentation.count + 1
  }

  private static func scalar(at column: Int, in line: [UInt8]?) -> Unicode.Scalar? {
    guard let line else { return nil }
    return String(decoding: line, as: UTF8.self).unicodeScalars.dropFirst(column - 1).first
  }
}
