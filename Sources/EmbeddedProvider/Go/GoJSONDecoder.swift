import OpenIDJSON

/// Reads JSON as Go's `json.Decoder` does: the first value counts and what follows is not looked at, broken UTF-8 and halves of
/// surrogate pairs become U+FFFD, and mistakes are told in Go's words.
///
/// It is apart from ``JSONValue``'s own parser, which is strict: what the provider lets pass, and what it says of the rest, is
/// part of its behaviour on the wire.
struct GoJSONDecoder {
  /// Go takes 10,000 levels; that deep, nothing that means something is written, and the stack is not endless.
  static let maximumDepth = 512

  let bytes: [UInt8]
  var position = 0

  private init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// The first value of a text; of an object all members, also those whose names repeat.
  static func decode(_ bytes: [UInt8]) throws(GoJSONError) -> GoJSONValue {
    var decoder = GoJSONDecoder(bytes)
    decoder.skipWhitespace()
    guard decoder.position < bytes.count else { throw GoJSONError(message: "EOF") }
    guard bytes[decoder.position] == UInt8(ascii: "{") else { return .other(try decoder.value(depth: 0)) }
    return .object(try decoder.members(depth: 1))
  }

  private mutating func value(depth: Int) throws(GoJSONError) -> JSONValue {
    let byte = try current()
    switch byte {
    case UInt8(ascii: "{"): return .object(JSONObject(try members(depth: depth + 1)))
    case UInt8(ascii: "["): return .array(try elements(depth: depth + 1))
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
    default: throw unexpected("looking for beginning of value")
    }
  }

  private mutating func members(depth: Int) throws(GoJSONError) -> [JSONMember] {
    try enter(depth)
    var members: [JSONMember] = []
    if try current() == UInt8(ascii: "}") {
      position += 1
      return []
    }
    while true {
      guard try current() == UInt8(ascii: "\"") else { throw unexpected("looking for beginning of object key string") }
      let name = try string()
      skipWhitespace()
      guard try current() == UInt8(ascii: ":") else { throw unexpected("after object key") }
      position += 1
      skipWhitespace()
      members.append(JSONMember(name: name, value: try value(depth: depth)))
      skipWhitespace()
      switch try current() {
      case UInt8(ascii: "}"):
        position += 1
        return members
      case UInt8(ascii: ","): position += 1
      default: throw unexpected("after object key:value pair")
      }
      skipWhitespace()
    }
  }

  private mutating func elements(depth: Int) throws(GoJSONError) -> [JSONValue] {
    try enter(depth)
    var elements: [JSONValue] = []
    if try current() == UInt8(ascii: "]") {
      position += 1
      return []
    }
    while true {
      elements.append(try value(depth: depth))
      skipWhitespace()
      switch try current() {
      case UInt8(ascii: "]"):
        position += 1
        return elements
      case UInt8(ascii: ","): position += 1
      default: throw unexpected("after array element")
      }
      skipWhitespace()
    }
  }

  private mutating func enter(_ depth: Int) throws(GoJSONError) {
    guard depth <= GoJSONDecoder.maximumDepth else { throw GoJSONError(message: "exceeded max depth") }
    position += 1
    skipWhitespace()
  }

  private mutating func word(_ text: StaticString, _ value: JSONValue) throws(GoJSONError) -> JSONValue {
    for wanted in text.description.utf8 {
      guard try current() == wanted else {
        throw unexpected("in literal \(text) (expecting \(GoText.quotedByte(wanted)))")
      }
      position += 1
    }
    return value
  }

  private mutating func number() throws(GoJSONError) -> JSONValue {
    let start = position
    if bytes[position] == UInt8(ascii: "-") { position += 1 }
    if position < bytes.count, bytes[position] == UInt8(ascii: "0") {
      position += 1
    } else {
      try digits("in numeric literal")
    }
    if position < bytes.count, bytes[position] == UInt8(ascii: ".") {
      position += 1
      try digits("after decimal point in numeric literal")
    }
    if position < bytes.count, bytes[position] | 0x20 == UInt8(ascii: "e") {
      position += 1
      if position < bytes.count, bytes[position] == UInt8(ascii: "+") || bytes[position] == UInt8(ascii: "-") { position += 1 }
      try digits("in exponent of numeric literal")
    }
    // The grammar was checked just now.
    return (try? JSONValue(parsing: bytes[start..<position])) ?? .null
  }

  private mutating func digits(_ place: String) throws(GoJSONError) {
    guard isDigit(try current()) else { throw unexpected(place) }
    while position < bytes.count, isDigit(bytes[position]) { position += 1 }
  }

  private func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

  mutating func skipWhitespace() {
    while position < bytes.count {
      switch bytes[position] {
      case 0x20, 0x09, 0x0a, 0x0d: position += 1
      default: return
      }
    }
  }

  func current() throws(GoJSONError) -> UInt8 {
    guard position < bytes.count else { throw GoJSONError(message: "unexpected EOF") }
    return bytes[position]
  }

  func unexpected(_ place: String) -> GoJSONError {
    GoJSONError(message: "invalid character \(GoText.quotedByte(bytes[position])) \(place)")
  }
}

/// What the decoder found.
enum GoJSONValue {
  case object([JSONMember])
  case other(JSONValue)
}
