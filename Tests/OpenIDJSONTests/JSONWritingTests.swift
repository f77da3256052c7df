import OpenIDJSON
import Testing

/// The spellings of the ways to write.
@Suite struct JSONWritingTests {
  private static let everyByte = String(String.UnicodeScalarView((0..<0x100).compactMap { Unicode.Scalar($0) }))

  @Test func `only what must be is escaped`() {
    let low = (0..<0x20).map { byte -> String in
      switch byte {
      case 0x08: #"\b"#
      case 0x09: #"\t"#
      case 0x0a: #"\n"#
      case 0x0c: #"\f"#
      case 0x0d: #"\r"#
      default: #"\u00"# + (byte < 0x10 ? "0" : "") + String(byte, radix: 16)
      }
    }.joined()
    let rest = String(String.UnicodeScalarView((0x20..<0x100).compactMap { Unicode.Scalar($0) }))
      .replacing("\\", with: #"\\"#).replacing("\"", with: #"\""#)
    #expect(JSONValue.string(Self.everyByte).text() == "\"\(low)\(rest)\"")
    let separators = "\u{2027}\u{2028}\u{2029}\u{202a}\u{20a8}"
    #expect(JSONValue.string(separators).text() == "\"\(separators)\"")
  }

  @Test func `Go's escapes are written where they are asked for, and read back`() throws {
    let value: JSONValue = ["<a>&\u{2027}\u{2028}é\u{2029}\u{202a}\u{20a8}â": ">\u{2028}"]
    #expect(value.text(.go) == #"{"\u003ca\u003e\u0026"# + "\u{2027}\\u2028é\\u2029\u{202a}\u{20a8}â\":\"\\u003e\\u2028\"}")
    #expect(try JSONValue(parsing: value.text(.go)) == value)
  }

  @Test(arguments: [JSONFormat.compact, .pretty, .sops, .go])
  func `every scalar survives every way of writing`(_ format: JSONFormat) throws {
    var text = ""
    for value in UInt32(0)...0x10ffff where value < 0x3000 || value % 97 == 0 {
      if let scalar = Unicode.Scalar(value) { text.unicodeScalars.append(scalar) }
    }
    let read = try JSONValue(parsing: JSONValue.string(text).utf8(format)).string
    #expect(read.map { $0.utf8.elementsEqual(text.utf8) } ?? false)
  }

  /// Eight bytes are looked at together: what is to be escaped may stand at any place of them, beside another such one or not.
  @Test(arguments: [JSONFormat.compact, .go])
  func `what has to be escaped is, wherever it stands`(_ format: JSONFormat) {
    let special: [Character] = ["\"", "\\", "\n", "\u{1f}", "<", ">", "&", "\u{2028}", "\u{2029}", "\u{2027}", "é", "\u{7f}"]
    func written(_ text: String) -> String { String(JSONValue.string(text).text(format).dropFirst().dropLast()) }
    for one in special {
      for other in special + ["!"] {
        for place in 0..<20 {
          let (before, after) = (String(repeating: "!", count: place), String(repeating: "#", count: 19 - place))
          let expected = before + written(String(one)) + written(String(other)) + after
          #expect(written(before + String(one) + String(other) + after) == expected)
        }
      }
    }
  }

  @Test func `a level is two blanks or a tab, and what is empty stays on its line`() {
    let value: JSONValue = ["a": [1, [], [:]], "b": ["c": nil]]
    #expect(
      value.text(.pretty) == """
        {
          "a": [
            1,
            [],
            {}
          ],
          "b": {
            "c": null
          }
        }
        """)
    #expect(value.text(.sops) == "{\n\t\"a\": [\n\t\t1,\n\t\t[],\n\t\t{}\n\t],\n\t\"b\": {\n\t\t\"c\": null\n\t}\n}")
    #expect(value.text(.go) == #"{"a":[1,[],{}],"b":{"c":null}}"#)
  }
}
