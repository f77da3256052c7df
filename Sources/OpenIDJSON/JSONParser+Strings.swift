extension JSONParser {
  /// A string, the position at its opening quote.
  mutating func string() throws(JSONParsingError) -> String {
    position += 1
    let start = position
    var isASCII = true
    while position < bytes.count {
      let byte = bytes[position]
      if byte == UInt8(ascii: "\"") {
        let text = try text(bytes[start..<position], isASCII: isASCII, at: start)
        position += 1
        return text
      }
      if byte == UInt8(ascii: "\\") { return try stringWithEscapes(from: start) }
      if byte < 0x20 { throw error(.controlCharacterInString) }
      if byte >= 0x80 { isASCII = false }
      position += 1
    }
    throw error(.unexpectedEnd)
  }

  private mutating func stringWithEscapes(from start: Int) throws(JSONParsingError) -> String {
    var unescaped = Array(bytes[start..<position])
    while position < bytes.count {
      let byte = bytes[position]
      switch byte {
      case UInt8(ascii: "\""):
        let text = try text(unescaped[...], isASCII: false, at: start)
        position += 1
        return text
      case UInt8(ascii: "\\"):
        position += 1
        try escape(into: &unescaped)
      case 0..<0x20: throw error(.controlCharacterInString)
      default:
        unescaped.append(byte)
        position += 1
      }
    }
    throw error(.unexpectedEnd)
  }

  private mutating func escape(into unescaped: inout [UInt8]) throws(JSONParsingError) {
    guard position < bytes.count else { throw error(.unexpectedEnd) }
    let byte = bytes[position]
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): unescaped.append(byte)
    case UInt8(ascii: "b"): unescaped.append(0x08)
    case UInt8(ascii: "f"): unescaped.append(0x0c)
    case UInt8(ascii: "n"): unescaped.append(0x0a)
    case UInt8(ascii: "r"): unescaped.append(0x0d)
    case UInt8(ascii: "t"): unescaped.append(0x09)
    case UInt8(ascii: "u"): unescaped.append(contentsOf: Array(String(Character(try unicodeEscape())).utf8))
    default: throw error(.invalidEscape, at: position - 2)
    }
  }

  /// The scalar of a `\u` escape, or of the pair of two.
  private mutating func unicodeEscape() throws(JSONParsingError) -> Unicode.Scalar {
    let start = position - 2
    let first = try fourHexDigits()
    if let scalar = Unicode.Scalar(first) { return scalar }
    guard first < 0xdc00, position + 1 < bytes.count, bytes[position] == UInt8(ascii: "\\"),
      bytes[position + 1] == UInt8(ascii: "u")
    else { throw error(.unpairedSurrogate, at: start) }
    position += 2
    let second = try fourHexDigits()
    guard (0xdc00..<0xe000).contains(second),
      let scalar = Unicode.Scalar(0x10000 + (first - 0xd800) << 10 + (second - 0xdc00))
    else { throw error(.unpairedSurrogate, at: start) }
    return scalar
  }

  private mutating func fourHexDigits() throws(JSONParsingError) -> UInt32 {
    guard position + 4 <= bytes.count else { throw error(.unexpectedEnd) }
    var value: UInt32 = 0
    for byte in bytes[position..<position + 4] {
      guard let digit = Character(UnicodeScalar(byte)).hexDigitValue, byte < 0x80 else { throw error(.invalidEscape) }
      value = value << 4 | UInt32(digit)
    }
    position += 4
    return value
  }

  private func text(_ slice: ArraySlice<UInt8>, isASCII: Bool, at start: Int) throws(JSONParsingError) -> String {
    if isASCII { return String(decoding: slice, as: UTF8.self) }
    guard let text = String(validating: slice, as: UTF8.self) else { throw error(.invalidUTF8, at: start) }
    return text
  }
}
