import Testing

@testable import OpenIDJSON

/// When two values are the same, and when they say the same.
@Suite struct JSONEqualityTests {
  @Test func `values say the same whatever the order of members and the spelling of numbers`() throws {
    let a = try JSONValue(parsing: #"{"a":1,"b":[1e3]}"#)
    let b = try JSONValue(parsing: #"{"b":[1000],"a":1.0}"#)
    #expect(a != b && a.isEquivalent(to: b))
    #expect(!a.isEquivalent(to: try JSONValue(parsing: #"{"a":1,"b":[1001]}"#)))
    #expect(!a.isEquivalent(to: try JSONValue(parsing: #"{"a":1,"c":[1e3]}"#)))
    #expect(!a.isEquivalent(to: try JSONValue(parsing: #"{"a":1,"b":[1e3],"c":null}"#)))
  }

  @Test(arguments: [
    ("1", "1.0", true), ("1000", "1e3", true), ("1000", "1E+3", true), ("0.1", "1e-1", true), ("0.10", "0.1", true),
    ("-0", "0", true), ("0e5", "0.00", true), ("-1.50", "-15e-1", true), ("0.001", "1e-3", true), ("1", "-1", false),
    ("1", "10", false), ("1", "0.1", false), ("105", "15", false), ("9007199254740993", "9007199254740992.0", false),
    // Past what a Double tells apart.
    ("123456789012345678901", "123456789012345678902", false), ("123456789012345678901", "123456789012345678901.0", true),
    ("0.30000000000000001", "0.3", false), ("1e400", "10e399", true), ("1e400", "2e400", false),
    ("1e99999999999999999999", "1e99999999999999999999", true), ("1e99999999999999999999", "1e99999999999999999998", false),
    ("1e9223372036854775807", "10e9223372036854775807", false), ("0e99999999999999999999", "0", true),
  ])
  func `numbers are the same where their values are, to the last digit`(
    _ one: String, _ other: String, _ isSame: Bool
  ) throws {
    let (a, b) = (try JSONValue(parsing: one), try JSONValue(parsing: other))
    #expect(a.isEquivalent(to: b) == isSame && b.isEquivalent(to: a) == isSame)
  }

  @Test(arguments: [3, 40, 20_000])
  func `objects of any size are compared member by member`(_ count: Int) {
    let members = (0..<count).map { JSONMember(name: "m\($0)", value: .number(JSONNumber($0))) }
    let object = JSONObject(members)
    #expect(object.isEquivalent(to: JSONObject(members.reversed())))
    var other = object
    other["m1"] = 0
    #expect(!object.isEquivalent(to: other))
    other["m1"] = nil
    other["M1"] = 1
    #expect(!object.isEquivalent(to: other))
  }

  /// `é` as one scalar and as two: canonically equivalent, so equal to Swift, and not the same bytes.
  private static let spellings = ("\u{e9}", "e\u{301}")

  @Test func `texts that only look alike are not the same`() {
    let (one, two) = Self.spellings
    #expect(one == two)
    #expect(JSONValue.string(one) != .string(two) && !JSONValue.string(one).isEquivalent(to: .string(two)))
    #expect(JSONValue.array([.string(one)]) != .array([.string(two)]))
    #expect(JSONMember(name: one, value: 1) != JSONMember(name: two, value: 1))
    #expect(Set([JSONValue.string(one), .string(two), .string(one)]).count == 2)
  }

  @Test func `names that only look alike are two members`() throws {
    let (one, two) = Self.spellings
    var object = try #require(try JSONValue(parsing: "{\"\(two)\":2,\"\(one)\":1}").object)
    #expect(object[one] == 1 && object[two] == 2)
    object[one] = 3
    #expect(object.members.map(\.value) == [2, 3])
    #expect(object.merging(JSONObject([JSONMember(name: two, value: 4)])).members.map(\.value) == [4, 3])
    #expect(object.sorted().members.map(\.value) == [2, 3])
    #expect(!object.isEquivalent(to: JSONObject([JSONMember(name: one, value: 2), JSONMember(name: two, value: 3)])))
    object[two] = nil
    #expect(object.count == 1 && object[one] == 3)
  }

  @Test func `names that only look alike do not meet in a hash`() {
    let (one, two) = Self.spellings
    #expect(MemberName(one).hashValue != MemberName(two).hashValue && MemberName(one).hashValue == MemberName(one).hashValue)
  }

  @Test(.timeLimit(.minutes(1)))
  func `comparing brings nothing into a normal form, which can take as long as somebody likes`() {
    // A letter with a million marks, each of which has to change places with the one before it.
    let marks = "a" + String(repeating: "\u{316}\u{301}", count: 500_000)
    let areIdentical = (marks + "b").isIdentical(to: marks + "c")
    #expect(!areIdentical)
  }

  @Test func `an index of names that only look alike keeps the first`() throws {
    let (one, two) = Self.spellings
    #expect(JSONObject([JSONMember(name: one, value: 1), JSONMember(name: two, value: 2)]).dictionary() == [one: 1])
  }

  @Test func `members are sorted by their bytes`() {
    let object: JSONObject = ["b": 1, "\u{1f600}": 2, "a\u{301}": 3, "\u{e9}": 4, "B": 5, "\u{ff21}": 6, "": 7, "a": 8]
    #expect(
      object.sorted().names.map { Array($0.utf8) }
        == object.names.map { Array($0.utf8) }.sorted { $0.lexicographicallyPrecedes($1) })
  }
}
