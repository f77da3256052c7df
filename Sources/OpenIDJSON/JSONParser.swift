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
struct JSONParser: ~Copyable {
  let bytes: [UInt8]
  let options: JSONParsingOptions
  var position = 0
  /// Members and elements of what is still open, the innermost last: each object and array is made at its end, in its size.
  private var openMembers = OpenValues<JSONMember>()
  private var openElements = OpenValues<JSONValue>()
  /// The prints of the open members' names.
  private var openPrints: [TextPrint] = []
  /// The number of the last name that is a registered one, and which is looked for first behind which.
  var lastName = UInt8(RegisteredTexts.all.successors.count - 1)
  var successors = RegisteredTexts.all.successors
  var knownNames = KnownTexts()
  var knownValues = KnownTexts()
  var hasEscapes = false
  var hasLongNumbers = false

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
    case UInt8(ascii: "n"):
      // Most members of a client are: its four letters at once.
      if position + 8 <= bytes.count, UInt32(truncatingIfNeeded: bytes.word(at: position)) == 0x6c6c_756e {
        position += 4
        return .null
      }
      return try word("null", .null)
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number(try number())
    case let byte: throw error(.unexpectedByte(byte))
    }
  }

  private mutating func object(depth: Int) throws(JSONParsingError) -> JSONValue {
    guard depth <= options.maximumDepth else { throw error(.tooDeep(limit: options.maximumDepth)) }
    position += 1
    skipWhitespace()
    if take(UInt8(ascii: "}")) { return .object(JSONObject()) }
    let first = openMembers.count
    // A client has about fifty; whoever sends a few bytes has fewer.
    if first == 0 { openPrints.reserveCapacity(min(64, bytes.count / 16)) }
    var seen: Set<MemberName> = []
    var marks: UInt64 = 0
    var repeats = false
    while true {
      let start = position
      let name = try name()
      // A name whose bit nobody has set is new without a search.
      let mayRepeat = marks & name.mark != 0 || openMembers.count - first >= 64
      marks |= name.mark
      if mayRepeat, !isNew(name.text, name.print, since: first, &seen) {
        if options.duplicates == .refused { throw error(.duplicateMember, at: start) }
        repeats = true
      }
      if !take(UInt8(ascii: ":")) {
        skipWhitespace()
        try expect(UInt8(ascii: ":"))
      }
      skipWhitespace()
      let value = try value(depth: depth)
      openMembers.append(JSONMember(name: name.text, value: value))
      openPrints.append(name.print)
      if take(UInt8(ascii: ",")) {
        skipWhitespace()
        continue
      }
      skipWhitespace()
      if take(UInt8(ascii: "}")) { break }
      try expect(UInt8(ascii: ","))
      skipWhitespace()
    }
    let members = openMembers.take(since: first)
    openPrints.removeSubrange(first...)
    return .object(repeats ? JSONObject(members) : JSONObject(uniqueMembers: members))
  }

  /// A client's members are compared by their prints one by one; past that many a set is cheaper, whatever their prints are.
  private func isNew(_ name: String, _ print: TextPrint, since first: Int, _ seen: inout Set<MemberName>) -> Bool {
    if openMembers.count - first < 64 {
      var index = first
      while index < openPrints.count {
        if openPrints[index] == print, openMembers[index].name.isIdentical(to: name) { return false }
        index += 1
      }
      return true
    }
    if seen.isEmpty { for index in first..<openMembers.count { seen.insert(MemberName(openMembers[index].name)) } }
    return seen.insert(MemberName(name)).inserted
  }

  private mutating func array(depth: Int) throws(JSONParsingError) -> JSONValue {
    guard depth <= options.maximumDepth else { throw error(.tooDeep(limit: options.maximumDepth)) }
    position += 1
    skipWhitespace()
    if take(UInt8(ascii: "]")) { return .array([]) }
    let first = openElements.count
    while true {
      let value = try value(depth: depth)
      openElements.append(value)
      skipWhitespace()
      if take(UInt8(ascii: "]")) { break }
      try expect(UInt8(ascii: ","))
      skipWhitespace()
    }
    return .array(openElements.take(since: first))
  }

  private mutating func word(_ text: StaticString, _ value: JSONValue) throws(JSONParsingError) -> JSONValue {
    for index in 0..<text.utf8CodeUnitCount {
      guard position < bytes.count else { throw error(.unexpectedEnd) }
      guard unsafe bytes[position] == text.utf8Start[index] else { throw error(.unexpectedByte(bytes[position])) }
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
      hasLongNumbers = true
      if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
      try digits(from: start)
    }
    if position < bytes.count, isWordByte(bytes[position]) { throw error(.invalidNumber, at: start) }
    if position - start > 300 { hasLongNumbers = true }
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
    if take(byte) { return }
    throw position < bytes.count ? error(.unexpectedByte(bytes[position])) : error(.unexpectedEnd)
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
