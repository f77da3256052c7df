import Testing

@testable import OpenIDJSON

/// Documents that JSON's grammar allows, and what they are.
@Suite struct ValidJSONTests {
  struct Document: Sendable, CustomTestStringConvertible {
    let text: String
    let value: JSONValue
    /// How it is written; as it was read, unless another text is named.
    let written: String
    var testDescription: String { text }

    init(_ text: String, _ value: JSONValue, written: String? = nil) {
      self.text = text
      self.value = value
      self.written = written ?? text
    }
  }

  static let words: [Document] = [
    Document("null", nil), Document("true", true), Document("false", false),
    Document(" \t\r\n null \t\r\n ", nil, written: "null"),
  ]

  static let numbers: [Document] = [
    "0", "-0", "7", "-7", "10", "1.0", "0.10", "-0.0", "1e3", "1E3", "1e+3", "1E-3", "0e0", "0.5e10", "1.5E+300", "1e999999999",
    "9223372036854775807", "9223372036854775808", "-9223372036854775808", "123456789012345678901234567890.000000000000000001",
    String(repeating: "7", count: 400), "0." + String(repeating: "3", count: 400),
  ].map { Document($0, .number(number($0))) }

  static let strings: [Document] = [
    Document(#""""#, ""), Document(#""a""#, "a"), Document(#""/""#, "/"), Document(#""\/""#, "/", written: #""/""#),
    Document(#""\"\\\b\f\n\r\t""#, "\"\\\u{8}\u{c}\n\r\t"), Document(#""\u0000""#, "\0"), Document(#""\u001f""#, "\u{1f}"),
    Document(#""\u0041\u00e9\u2028""#, "A\u{e9}\u{2028}", written: "\"A\u{e9}\u{2028}\""),
    Document(#""\uD834\uDD1E""#, "\u{1d11e}", written: "\"\u{1d11e}\""),
    Document(#""\udbff\udfff""#, "\u{10ffff}", written: "\"\u{10ffff}\""),
    // Just below and above the surrogates, and scalars that are no characters.
    Document(#""\ud7ff\ue000\uffff""#, "\u{d7ff}\u{e000}\u{ffff}", written: "\"\u{d7ff}\u{e000}\u{ffff}\""),
    Document(
      "\"\u{7f}\u{80}\u{7ff}\u{800}\u{ffff}\u{10000}\u{10ffff}\"", "\u{7f}\u{80}\u{7ff}\u{800}\u{ffff}\u{10000}\u{10ffff}"),
    Document("\"\u{feff}\"", "\u{feff}"), Document("\"e\u{301}\"", "e\u{301}"),
    Document(#""\u005C\u0022""#, "\\\"", written: #""\\\"""#),
  ]

  static let containers: [Document] = [
    Document("[]", []), Document("{}", [:]), Document(" [ ] ", [], written: "[]"), Document(" { } ", [:], written: "{}"),
    Document("[[],{}]", [[], [:]]), Document("[1 ,2\n,\t3]", [1, 2, 3], written: "[1,2,3]"),
    Document(#"{"b":1,"a":{"":null}}"#, ["b": 1, "a": ["": nil]]),
    Document(#"{ "a" : [ ] }"#, ["a": []], written: #"{"a":[]}"#),
    // One name in two spellings is two names.
    Document(
      "{\"\u{e9}\":1,\"e\u{301}\":2}",
      .object(JSONObject([JSONMember(name: "\u{e9}", value: 1), JSONMember(name: "e\u{301}", value: 2)]))),
    Document(String(repeating: "[", count: 128) + String(repeating: "]", count: 128), nested(128)),
  ]

  /// Texts that the reader has at hand are found by a few of their bytes, and compared by all.
  @Test(arguments: [
    "registration_access_token", "token_endpoint_auth_method", "authorization_code", "application_type",
    "backchannel_authentication_request_signing_alg", "client_secret_basic",
  ])
  func `a registered name is read as it is, and one that differs in a byte as that`(_ name: String) throws {
    let bytes = Array(name.utf8)
    let others = bytes.indices.map { index in
      String(decoding: bytes[..<index] + [bytes[index] ^ 1] + bytes[(index + 1)...], as: UTF8.self)
    }
    for text in [name, name + "s", String(name.dropLast())] + others {
      let value = try JSONValue(parsing: "{\"\(text)\":\"\(text)\"}")
      #expect(value == .object(JSONObject([JSONMember(name: text, value: .string(text))])))
    }
  }

  @Test(arguments: words + numbers + strings + containers)
  func `what the grammar allows is read, and written as it was`(_ document: Document) throws {
    let value = try JSONValue(parsing: document.text)
    #expect(value == document.value)
    #expect(value.text().utf8.elementsEqual(document.written.utf8), "\(value.text())")
  }

  @Test(arguments: words + numbers + strings + containers)
  func `every way of writing is read back as the same`(_ document: Document) throws {
    for format in [JSONFormat.compact, .pretty, .sops, .go] {
      #expect(try JSONValue(parsing: document.value.utf8(format)) == document.value)
    }
  }

  @Test(arguments: words + numbers + strings + containers)
  func `no beginning of a document but a number's is one`(_ document: Document) throws {
    let bytes = Array(document.text.utf8)
    guard case .number = document.value else {
      let end = (bytes.lastIndex { !" \t\r\n".utf8.contains($0) } ?? 0) + 1
      for length in 0..<end {
        let error = #expect(throws: JSONParsingError.self) { try JSONValue(parsing: bytes[..<length]) }
        #expect(error?.reason == .unexpectedEnd || error?.reason == .empty)
        #expect(error?.offset == length)
      }
      return
    }
  }

  @Test func `the depth that is allowed is a setting`() throws {
    let text = String(repeating: "[", count: 1000) + String(repeating: "]", count: 1000)
    #expect(throws: JSONParsingError.self) { try JSONValue(parsing: text) }
    let value = try JSONValue(parsing: text, options: .init(maximumDepth: 1000))
    #expect(value.text() == text)
  }

  /// A number of any spelling.
  private static func number(_ spelling: String) -> JSONNumber { JSONNumber(checkedSpelling: spelling) }

  private static func nested(_ depth: Int) -> JSONValue {
    (1..<depth).reduce([]) { value, _ in .array([value]) }
  }

  /// Names that a client has, and some that only begin as one does.
  private static let names = [
    "client_id", "client_name", "client_secret", "redirect_uris", "redirect_uri", "grant_types", "response_types", "scope",
    "scop",
    "scopes", "client_id ", "client_id\"", "client", "jwks", "jwks_uri", "registration_access_token",
    "token_endpoint_auth_method",
    "refresh_token_grant_refresh_token_lifespan", "refresh_token_grant_refresh_token_lifespans", "", "é", "a",
  ]

  @Test func `names are read as they stand, whatever order they are in`() throws {
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<500 {
      let objects = (0..<4).map { _ in
        JSONValue.object(
          JSONObject(
            Self.names.shuffled(using: &generator).prefix(.random(in: 0...Self.names.count)).map {
              JSONMember(name: $0, value: .string($0))
            }))
      }
      let text = JSONValue.array(objects).text()
      #expect(try JSONValue(parsing: text) == .array(objects), "\(text)")
    }
    // A text that ends within a name which was expected.
    for length in 1..<30 {
      let text = String(#"{"client_id":"","client_name":""}"#.prefix(length))
      #expect(throws: JSONParsingError.self) { try JSONValue(parsing: text) }
    }
  }
}
