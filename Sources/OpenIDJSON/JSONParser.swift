/// How strictly a text is read.
public struct JSONParsingOptions: Sendable {
  /// What happens where a name stands twice in one object (RFC 8259, section 4, leaves it open).
  public enum Duplicates: Sendable {
    case refused
    /// The last value counts, as Go's decoder has it.
    case lastWins
  }

  public var duplicates: Duplicates
  /// How deep arrays and objects may be nested.
  public var maximumDepth: Int
  /// Whether anything but white space may follow the value.
  public var ignoresTrailingContent: Bool

  public init(duplicates: Duplicates = .refused, maximumDepth: Int = 128, ignoresTrailingContent: Bool = false) {
    self.duplicates = duplicates
    self.maximumDepth = maximumDepth
    self.ignoresTrailingContent = ignoresTrailingContent
  }
}

extension JSONValue {
  /// Reads one value from UTF-8.
  ///
  /// - Throws: ``JSONParsingError`` with the place of the first mistake.
  public init(parsing bytes: some Sequence<UInt8>, options: JSONParsingOptions = .init()) throws(JSONParsingError) {
    var parser = JSONParser(bytes: Array(bytes), options: options)
    self = try parser.document()
  }

  /// Reads one value from a text.
  ///
  /// - Throws: ``JSONParsingError`` with the place of the first mistake.
  public init(parsing text: String, options: JSONParsingOptions = .init()) throws(JSONParsingError) {
    self = try JSONValue(parsing: text.utf8, options: options)
  }
}

/// A recursive-descent parser over bytes; the depth is bounded, so is the stack.
struct JSONParser {
  let bytes: [UInt8]
  let options: JSONParsingOptions
  var position = 0

  init(bytes: [UInt8], options: JSONParsingOptions) {
    self.bytes = bytes
    self.options = options
  }

  mutating func document() throws(JSONParsingError) -> JSONValue {
    // No JSON may begin with one (RFC 8259, section 8.1). Editors hide it, so it has words of its own.
    if bytes.starts(with: [0xef, 0xbb, 0xbf]) { throw error(.byteOrderMark) }
    skipWhitespace()
    guard position < bytes.count else { throw error(.empty) }
    let value = try value(depth: 0)
    skipWhitespace()
    if position < bytes.count, !options.ignoresTrailingContent { throw error(.trailingContent) }
    return value
  }

  private mutating func value(depth: Int) throws(JSONParsingError) -> JSONValue {
    guard position < bytes.count else { throw error(.unexpectedEnd) }
    switch bytes[position] {
    case UInt8(ascii: "{"): return try object(depth: depth + 1)
    case UInt8(ascii: "["): return try array(depth: depth + 1)
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number(try number())
    case let byte: throw error(.unexpectedByte(byte))
    }
  }

  private mutating func object(depth: Int) throws(JSONParsingError) -> JSONValue {
    guard depth <= options.maximumDepth else { throw error(.tooDeep(limit: options.maximumDepth)) }
    position += 1
    var members: [JSONMember] = []
    var seen: Set<MemberName> = []
    var repeats = false
    skipWhitespace()
    if take(UInt8(ascii: "}")) { return .object(JSONObject()) }
    while true {
      let start = position
      guard position < bytes.count else { throw error(.unexpectedEnd) }
      guard bytes[position] == UInt8(ascii: "\"") else { throw error(.unexpectedByte(bytes[position])) }
      let name = try string()
      if !isNew(name, members, &seen) {
        if options.duplicates == .refused { throw error(.duplicateMember, at: start) }
        repeats = true
      }
      skipWhitespace()
      try expect(UInt8(ascii: ":"))
      skipWhitespace()
      members.append(JSONMember(name: name, value: try value(depth: depth)))
      skipWhitespace()
      if take(UInt8(ascii: "}")) { break }
      try expect(UInt8(ascii: ","))
      skipWhitespace()
    }
    return .object(repeats ? JSONObject(members) : JSONObject(uniqueMembers: members))
  }

  /// Few members are compared one by one; past that a set is cheaper.
  private func isNew(_ name: String, _ members: [JSONMember], _ seen: inout Set<MemberName>) -> Bool {
    if members.count < 12 { return !members.contains { $0.name.isIdentical(to: name) } }
    if seen.isEmpty {
      // A client has about fifty.
      seen.reserveCapacity(64)
      for member in members { seen.insert(MemberName(member.name)) }
    }
    return seen.insert(MemberName(name)).inserted
  }

  private mutating func array(depth: Int) throws(JSONParsingError) -> JSONValue {
    guard depth <= options.maximumDepth else { throw error(.tooDeep(limit: options.maximumDepth)) }
    position += 1
    var elements: [JSONValue] = []
    skipWhitespace()
    if take(UInt8(ascii: "]")) { return .array([]) }
    while true {
      elements.append(try value(depth: depth))
      skipWhitespace()
      if take(UInt8(ascii: "]")) { return .array(elements) }
      try expect(UInt8(ascii: ","))
      skipWhitespace()
    }
  }

  private mutating func word(_ text: StaticString, _ value: JSONValue) throws(JSONParsingError) -> JSONValue {
    for byte in text.description.utf8 {
      guard position < bytes.count else { throw error(.unexpectedEnd) }
      guard bytes[position] == byte else { throw error(.unexpectedByte(bytes[position])) }
      position += 1
    }
    return value
  }

  private mutating func number() throws(JSONParsingError) -> JSONNumber {
    let start = position
    _ = take(UInt8(ascii: "-"))
    if !take(UInt8(ascii: "0")) { try digits(from: start) }
    if take(UInt8(ascii: ".")) { try digits(from: start) }
    if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
      if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
      try digits(from: start)
    }
    if position < bytes.count, isWordByte(bytes[position]) { throw error(.invalidNumber, at: start) }
    return JSONNumber(checkedSpelling: String(decoding: bytes[start..<position], as: UTF8.self))
  }

  private mutating func digits(from start: Int) throws(JSONParsingError) {
    let first = position
    while position < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[position]) { position += 1 }
    guard position > first else {
      throw position < bytes.count ? error(.invalidNumber, at: start) : error(.unexpectedEnd)
    }
  }

  private func isWordByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "."), UInt8(ascii: "+"), UInt8(ascii: "-"):
      true
    default: false
    }
  }

  mutating func skipWhitespace() {
    while position < bytes.count {
      switch bytes[position] {
      case 0x20, 0x09, 0x0a, 0x0d: position += 1
      default: return
      }
    }
  }

  mutating func take(_ byte: UInt8) -> Bool {
    guard position < bytes.count, bytes[position] == byte else { return false }
    position += 1
    return true
  }

  private mutating func expect(_ byte: UInt8) throws(JSONParsingError) {
    guard position < bytes.count else { throw error(.unexpectedEnd) }
    guard take(byte) else { throw error(.unexpectedByte(bytes[position])) }
  }

  /// The error with the line and column of an offset (here, unless another is named), counted only now.
  func error(_ reason: JSONParsingError.Reason, at offset: Int? = nil) -> JSONParsingError {
    let offset = offset ?? position
    let before = bytes[..<min(offset, bytes.count)]
    let lineStart = before.lastIndex(of: 0x0a).map { $0 + 1 } ?? 0
    let line = before.count { $0 == 0x0a } + 1
    let column = before[lineStart...].count { $0 & 0xc0 != 0x80 } + 1
    return JSONParsingError(reason: reason, line: line, column: column, offset: offset)
  }
}
