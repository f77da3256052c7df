import OpenIDJSON
import Testing

struct InvalidJSON: Sendable {
  var text: String
  var reason: JSONParsingError.Reason
  var line: Int
  var column: Int
}

@Suite struct JSONTests {
  @Test(
    "order of members and spelling of numbers survive a round trip",
    arguments: [
      #"{"b":1.0,"a":[1e3,-0,12345678901234567890123456789],"c":{"z":null,"y":true,"x":false}}"#, #"[]"#, #"{}"#,
      #""ü☕\n\u0001\"\\""#,
    ])
  func roundTrip(text: String) throws {
    #expect(try JSONValue(parsing: text).text() == text)
  }

  @Test(
    "a mistake is named with its place",
    arguments: [
      InvalidJSON(text: "", reason: .empty, line: 1, column: 1),
      InvalidJSON(text: "{\n  \"a\": 01\n}", reason: .invalidNumber, line: 2, column: 8),
      InvalidJSON(text: "[1,]", reason: .unexpectedByte(0x5d), line: 1, column: 4),
      InvalidJSON(text: #"{"a":1,"a":2}"#, reason: .duplicateMember, line: 1, column: 8),
      InvalidJSON(text: #"["\ud800"]"#, reason: .unpairedSurrogate, line: 1, column: 3),
      InvalidJSON(text: "\"a\nb\"", reason: .controlCharacterInString, line: 1, column: 3),
      InvalidJSON(text: "{} x", reason: .trailingContent, line: 1, column: 4),
      InvalidJSON(text: "{\"a\":", reason: .unexpectedEnd, line: 1, column: 6),
      InvalidJSON(text: String(repeating: "[", count: 10_000), reason: .tooDeep(limit: 128), line: 1, column: 129),
    ])
  func invalid(_ document: InvalidJSON) {
    let error = #expect(throws: JSONParsingError.self) { try JSONValue(parsing: document.text) }
    #expect(error?.reason == document.reason)
    #expect(error?.line == document.line)
    #expect(error?.column == document.column)
  }

  @Test("invalid UTF-8 is refused")
  func invalidUTF8() {
    let error = #expect(throws: JSONParsingError.self) { try JSONValue(parsing: [0x22, 0xc3, 0x28, 0x22]) }
    #expect(error?.reason == .invalidUTF8)
  }

  @Test("Go's escapes are written where they are asked for, and read back")
  func goEscapes() throws {
    let value: JSONValue = "<a>&\u{2028}"
    #expect(value.text(.go) == #""\u003ca\u003e\u0026\u2028""#)
    #expect(try JSONValue(parsing: value.text(.go)) == value)
  }

  @Test("values are equivalent whatever the order of members and the spelling of numbers")
  func equivalence() throws {
    let a = try JSONValue(parsing: #"{"a":1,"b":[1e3]}"#)
    let b = try JSONValue(parsing: #"{"b":[1000],"a":1.0}"#)
    #expect(a != b && a.isEquivalent(to: b))
    #expect(!a.isEquivalent(to: try JSONValue(parsing: #"{"a":1,"b":[1001]}"#)))
  }
}
