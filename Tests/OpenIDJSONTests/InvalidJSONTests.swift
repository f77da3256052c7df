import OpenIDJSON
import Testing

/// Documents that are no JSON, each with its mistake and the place of it.
@Suite struct InvalidJSONTests {
  struct Document: Sendable, CustomTestStringConvertible {
    let bytes: [UInt8]
    let reason: JSONParsingError.Reason
    let line: Int
    let column: Int
    var testDescription: String { String(decoding: bytes.prefix(60), as: UTF8.self).debugDescription }

    init(_ text: String, _ reason: JSONParsingError.Reason, _ line: Int, _ column: Int) {
      self.init(Array(text.utf8), reason, line, column)
    }

    init(_ bytes: [UInt8], _ reason: JSONParsingError.Reason, _ line: Int, _ column: Int) {
      self.bytes = bytes
      self.reason = reason
      self.line = line
      self.column = column
    }
  }

  private static func unexpected(_ character: Unicode.Scalar) -> JSONParsingError.Reason {
    .unexpectedByte(UInt8(character.value))
  }

  /// Bytes between quotes, after `["é` and a line's end, so that line and column are not the offset.
  private static func string(_ bytes: [UInt8], _ reason: JSONParsingError.Reason, column: Int) -> Document {
    Document(Array("[\"é\",\n \"ü".utf8) + bytes + Array("\"]".utf8), reason, 2, column)
  }

  static let structure: [Document] = [
    Document("", .empty, 1, 1), Document("  \n\t ", .empty, 2, 3), Document("]", unexpected("]"), 1, 1),
    Document("[", .unexpectedEnd, 1, 2), Document("[\n", .unexpectedEnd, 2, 1), Document("[1,]", unexpected("]"), 1, 4),
    Document("[,1]", unexpected(","), 1, 2), Document("[1,,2]", unexpected(","), 1, 4),
    Document("[1 2]", unexpected("2"), 1, 4),
    Document("[1}", unexpected("}"), 1, 3), Document("{", .unexpectedEnd, 1, 2), Document("{]", unexpected("]"), 1, 2),
    Document(#"{"a"}"#, unexpected("}"), 1, 5), Document(#"{"a":}"#, unexpected("}"), 1, 6),
    Document(#"{"a":1,}"#, unexpected("}"), 1, 8), Document(#"{"a":1 "b":2}"#, unexpected("\""), 1, 8),
    Document(#"{"a":1;"b":2}"#, unexpected(";"), 1, 7), Document(#"{"a"="b"}"#, unexpected("="), 1, 5),
    Document("{a:1}", unexpected("a"), 1, 2), Document("{'a':1}", unexpected("'"), 1, 2),
    Document("{1:1}", unexpected("1"), 1, 2),
    Document("{null:1}", unexpected("n"), 1, 2), Document("[1]]", .trailingContent, 1, 4),
    Document("1 2", .trailingContent, 1, 3),
    Document("{} // no", .trailingContent, 1, 4), Document("/* no */ {}", unexpected("/"), 1, 1),
    Document("{}\n{}\n", .trailingContent, 2, 1), Document("null\0", .trailingContent, 1, 5),
    Document("\u{c}null", unexpected("\u{c}"), 1, 1), Document("[\u{b}]", unexpected("\u{b}"), 1, 2),
    // A blank of Unicode's is none of JSON's.
    Document("[\u{a0}1]", .unexpectedByte(0xc2), 1, 2), Document("\u{feff}{}", .byteOrderMark, 1, 1),
    Document("{}\u{feff}", .trailingContent, 1, 3), Document([0xff, 0xfe, 0x7b, 0x00], .unexpectedByte(0xff), 1, 1),
    Document([0xef, 0xbb], .unexpectedByte(0xef), 1, 1), Document("\"a\" \"b\"", .trailingContent, 1, 5),
  ]

  static let words: [Document] = [
    Document("nul", .unexpectedEnd, 1, 4), Document("nulk", unexpected("k"), 1, 4), Document("nullx", .trailingContent, 1, 5),
    Document("True", unexpected("T"), 1, 1), Document("tRue", unexpected("R"), 1, 2),
    Document("[nothing]", unexpected("o"), 1, 3),
    Document("undefined", unexpected("u"), 1, 1), Document("NaN", unexpected("N"), 1, 1),
    Document("Infinity", unexpected("I"), 1, 1), Document("-Infinity", .invalidNumber, 1, 1),
    Document("[falsefalse]", unexpected("f"), 1, 7),
  ]

  static let numbers: [Document] = [
    Document("-", .unexpectedEnd, 1, 2), Document("--1", .invalidNumber, 1, 1), Document("+1", unexpected("+"), 1, 1),
    Document("01", .invalidNumber, 1, 1), Document("-01", .invalidNumber, 1, 1), Document("00", .invalidNumber, 1, 1),
    Document("[\n 012]", .invalidNumber, 2, 2), Document("1.", .unexpectedEnd, 1, 3), Document("[1.]", .invalidNumber, 1, 2),
    Document(".5", unexpected("."), 1, 1), Document("1.e3", .invalidNumber, 1, 1), Document("1.5.2", .invalidNumber, 1, 1),
    Document("1e", .unexpectedEnd, 1, 3), Document("1e+", .unexpectedEnd, 1, 4), Document("[1e+]", .invalidNumber, 1, 2),
    Document("1e3.5", .invalidNumber, 1, 1), Document("1e+-3", .invalidNumber, 1, 1), Document("0x10", .invalidNumber, 1, 1),
    Document("1_000", .trailingContent, 1, 2), Document("1,000", .trailingContent, 1, 2),
    Document("[1a]", .invalidNumber, 1, 2),
    Document("[-]", .invalidNumber, 1, 2), Document("1-2", .invalidNumber, 1, 1),
    Document("\u{661}", .unexpectedByte(0xd9), 1, 1),
  ]

  static let strings: [Document] = [
    Document("\"", .unexpectedEnd, 1, 2), Document("\"a\\", .unexpectedEnd, 1, 4), Document(#""\""#, .unexpectedEnd, 1, 4),
    Document("'a'", unexpected("'"), 1, 1), Document("\"a\nb\"", .controlCharacterInString, 1, 3),
    Document("[\"\\n\u{1f}\"]", .controlCharacterInString, 1, 5), Document("\"\0\"", .controlCharacterInString, 1, 2),
    Document("\"\t\"", .controlCharacterInString, 1, 2), Document(#""\x41""#, .invalidEscape, 1, 2),
    Document(#""\'""#, .invalidEscape, 1, 2), Document(#""\U0041""#, .invalidEscape, 1, 2),
    Document(#""\0""#, .invalidEscape, 1, 2),
    Document("\"\\\n\"", .invalidEscape, 1, 2), Document(#""é\u12""#, .invalidEscape, 1, 3),
    Document(#""\u12"#, .unexpectedEnd, 1, 6),
    Document(#""\u12g4""#, .invalidEscape, 1, 2), Document(#""\u+041""#, .invalidEscape, 1, 2),
    Document("\"\\u00\u{ff11}1\"", .invalidEscape, 1, 2), Document(#""\ud800""#, .unpairedSurrogate, 1, 2),
    Document(#""é\udc00""#, .unpairedSurrogate, 1, 3), Document(#""\ud800\ud800""#, .unpairedSurrogate, 1, 2),
    Document(#""\ud800\n""#, .unpairedSurrogate, 1, 2), Document(#""\ud800x""#, .unpairedSurrogate, 1, 2),
    Document(#""\udc00\ud800""#, .unpairedSurrogate, 1, 2), Document(#""\ud834\u0041""#, .unpairedSurrogate, 1, 2),
    Document(#""\ud834\u"#, .unexpectedEnd, 1, 10), Document(#""\ud834\uzzzz""#, .invalidEscape, 1, 8),
  ]

  static let encodings: [Document] = [
    // A byte that continues nothing, and a beginning that is not continued.
    string([0x80], .invalidUTF8, column: 4), string([0xc3], .invalidUTF8, column: 4),
    string([0xe2, 0x82], .invalidUTF8, column: 4),
    string([0xf0, 0x9f, 0x98], .invalidUTF8, column: 4), string([0x61, 0xff], .invalidUTF8, column: 5),
    // A slash, a NUL, U+07FF and U+FFFF written longer than they are.
    string([0xc0, 0xaf], .invalidUTF8, column: 4), string([0xc1, 0xbf], .invalidUTF8, column: 4),
    string([0xc0, 0x80], .invalidUTF8, column: 4), string([0xe0, 0x80, 0xaf], .invalidUTF8, column: 4),
    string([0xe0, 0x9f, 0xbf], .invalidUTF8, column: 4), string([0xf0, 0x8f, 0xbf, 0xbf], .invalidUTF8, column: 4),
    // Halves of a surrogate pair, one by one and as a pair (CESU-8), and what lies beyond Unicode.
    string([0xed, 0xa0, 0x80], .invalidUTF8, column: 4), string([0xed, 0xbf, 0xbf], .invalidUTF8, column: 4),
    string([0xed, 0xa0, 0xbd, 0xed, 0xb8, 0x80], .invalidUTF8, column: 4),
    string([0xf4, 0x90, 0x80, 0x80], .invalidUTF8, column: 4), string([0xf8, 0x88, 0x80, 0x80, 0x80], .invalidUTF8, column: 4),
    // The same behind an escape, where the text is put together anew.
    string([0x5c, 0x6e, 0xc3, 0x28], .invalidUTF8, column: 6), string([0xc3, 0x5c, 0x6e], .invalidUTF8, column: 4),
    string([0x5c, 0x75, 0x30, 0x30, 0x65, 0x39, 0x80], .invalidUTF8, column: 10),
    Document(Array("{\"a".utf8) + [0xff] + Array("\":1}".utf8), .invalidUTF8, 1, 4),
  ]

  static let limits: [Document] = [
    Document(String(repeating: "[", count: 10_000), .tooDeep(limit: 128), 1, 129),
    Document(String(repeating: "{\"a\":\n", count: 10_000), .tooDeep(limit: 128), 129, 1),
    Document(String(repeating: "[{\"a\":", count: 100_000), .tooDeep(limit: 128), 1, 385),
    // Registered names have a way of their own through the parser.
    Document(#"{"client_id":1,"client_id":2}"#, .duplicateMember, 1, 16),
    Document(#"{"client_id":1,"client\u005fid":2}"#, .duplicateMember, 1, 16),
    Document(#"{"client\u005fid":1,"client_name":2,"client_id":3}"#, .duplicateMember, 1, 37),
    Document(#"{"a":1,"a":1}"#, .duplicateMember, 1, 8), Document(#"{"a":1,"\u0061":2}"#, .duplicateMember, 1, 8),
    Document(#"[{"a":{"b":1,"c":2,"b":3}}]"#, .duplicateMember, 1, 20), Document(#"{"":1,"":2}"#, .duplicateMember, 1, 7),
    Document(
      "{" + (0..<20).map { "\"m\($0)\":0" }.joined(separator: ",") + ",\n\"m3\":0}", .duplicateMember, 2, 1),
  ]

  @Test func `thousands of names that are the same but for the spelling of their letters are told apart`() throws {
    // Fourteen letters, half of them in two scalars: 3,432 names of one length that Swift's `==` takes for one.
    var names: [String] = []
    for choice in 0..<(1 << 14) where choice.nonzeroBitCount == 7 {
      names.append((0..<14).map { choice >> $0 & 1 == 1 ? "e\u{301}" : "\u{e9}" }.joined())
    }
    let text = "{" + names.map { "\"\($0)\":1" }.joined(separator: ",") + "}"
    #expect(try JSONValue(parsing: text).object?.count == names.count)
    let twice = text.dropLast() + ",\"\(names[1234])\":2}"
    #expect(throws: JSONParsingError.self) { try JSONValue(parsing: String(twice)) }
  }

  @Test(arguments: structure + words + numbers + strings + encodings + limits)
  func `a mistake is named with its place`(_ document: Document) {
    let error = #expect(throws: JSONParsingError.self) { try JSONValue(parsing: document.bytes) }
    #expect(error?.reason == document.reason)
    #expect(error?.line == document.line && error?.column == document.column, "\(String(describing: error))")
    #expect(error?.description.hasSuffix(" at line \(document.line), column \(document.column)") ?? false)
  }

  @Test func `a mistake's words quote nothing of the text`() {
    for document in Self.structure + Self.words + Self.numbers + Self.strings + Self.encodings + Self.limits {
      let text = Array("{\"registration_access_token\":\"canary\",\"x\":".utf8) + document.bytes
      let error = #expect(throws: JSONParsingError.self) { try JSONValue(parsing: text) }
      #expect(!(error?.description.contains("canary") ?? true))
    }
  }

  /// Names are first told apart by a few of their bytes: these two differ in another one.
  private static let lookalikes = ["authorization_code_grant_access_token", "authorization_Code_grant_access_token"]

  @Test(arguments: [0, 9, 61, 62, 63, 64, 65, 500], [false, true])
  func `names are told apart by all of their bytes, in objects of any size`(_ others: Int, _ isLong: Bool) throws {
    let inner = "{" + Self.lookalikes.map { "\"\($0)\":{\"\($0)\":[]}" }.joined(separator: ",") + "}"
    let fillers = (0..<others).map { "\"filler_of_some_length_\($0)\":\(inner)" }
    // In a long document names that were read before are found again.
    let padding = isLong ? "\"padding\":\"" + String(repeating: "x", count: 20_000) + "\"," : ""
    let members = fillers + Self.lookalikes.map { "\"\($0)\":\(inner)" }
    let text = "{" + padding + members.joined(separator: ",")
    let object = try #require(try JSONValue(parsing: text + "}").object)
    #expect(object.names == (isLong ? ["padding"] : []) + (0..<others).map { "filler_of_some_length_\($0)" } + Self.lookalikes)
    for member in object where member.name != "padding" {
      #expect(member.value.object?.names == Self.lookalikes)
      #expect(member.value.object?.map { $0.value.object?.names } == Self.lookalikes.map { [$0] })
    }
    for name in Self.lookalikes {
      let escaped = name.replacing("_", with: #"\u005f"#)
      for again in [name, escaped] {
        let error = #expect(throws: JSONParsingError.self) { try JSONValue(parsing: text + ",\"\(again)\":0}") }
        #expect(error?.reason == .duplicateMember && error?.offset == text.utf8.count + 1)
      }
    }
  }

  @Test func `a name that stands twice is the last one where that is asked for`() throws {
    let options = JSONParsingOptions(duplicates: .lastWins)
    #expect(try JSONValue(parsing: #"{"a":1,"b":2,"a":3}"#, options: options) == ["a": 3, "b": 2])
  }

  @Test func `what follows the value is no matter where that is asked for`() throws {
    let options = JSONParsingOptions(ignoresTrailingContent: true)
    #expect(try JSONValue(parsing: "{} <html>", options: options) == [:])
  }
}
