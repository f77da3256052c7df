extension JSONParser {
  /// A string, the position at its opening quote.
  mutating func string() throws(JSONParsingError) -> String {
    position += 1
    let start = position
    var isASCII = true
    while true {
      position = endOfPlainText(from: position)
      guard position < bytes.count else { throw error(.unexpectedEnd) }
      let byte = bytes[position]
      if byte == UInt8(ascii: "\"") {
        let place = start..<position
        position += 1
        return isASCII ? knownValues.text(at: place, in: bytes) : try text(bytes[place])
      }
      if byte == UInt8(ascii: "\\") { return try stringWithEscapes(from: start) }
      if byte < 0x20 { throw error(.controlCharacterInString) }
      isASCII = false
      position += 1
    }
  }

  /// The first byte from there on that is not just a character of a string: a quote, a backslash, a control character, or something
  /// beyond ASCII; or the end.
  func endOfPlainText(from start: Int) -> Int {
    let ones: UInt64 = 0x0101_0101_0101_0101
    var index = start
    // Eight at once. What is said of the bytes after the first such one may be wrong, and is not asked.
    while index + 8 <= bytes.count {
      let word = bytes.word(at: index)
      let (quotes, backslashes) = (word ^ (ones &* 0x22), word ^ (ones &* 0x5c))
      let found =
        ((quotes &- ones) & ~quotes | (backslashes &- ones) & ~backslashes | (word &- (ones &* 0x20)) & ~word | word)
        & (ones &* 0x80)
      if found != 0 { return index + found.trailingZeroBitCount / 8 }
      index += 8
    }
    while index < bytes.count, bytes[index] != UInt8(ascii: "\""), bytes[index] != UInt8(ascii: "\\"),
      (0x20..<0x80).contains(bytes[index])
    {
      index += 1
    }
    return index
  }

  private mutating func stringWithEscapes(from start: Int) throws(JSONParsingError) -> String {
    hasEscapes = true
    var unescaped = Array(bytes[start..<position])
    while position < bytes.count {
      let byte = bytes[position]
      switch byte {
      case UInt8(ascii: "\""):
        // Escapes are ASCII and stand for whole scalars, so both are valid or neither is; only the source has places.
        guard let text = String(validating: unescaped, as: UTF8.self) else { throw invalidUTF8(in: start..<position) }
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
    case UInt8(ascii: "u"):
      let scalar = try unicodeEscape()
      UTF8.encode(scalar).map { unescaped.append(contentsOf: $0) }
    default: throw error(.invalidEscape, at: position - 2)
    }
  }

  /// The scalar of a `\u` escape, or of the pair of two.
  private mutating func unicodeEscape() throws(JSONParsingError) -> Unicode.Scalar {
    let start = position - 2
    let first = try fourHexDigits()
    if let scalar = Unicode.Scalar(first) { return scalar }
    guard first < 0xdc00 else { throw error(.unpairedSurrogate, at: start) }
    for byte in [UInt8(ascii: "\\"), UInt8(ascii: "u")] {
      guard position < bytes.count else { throw error(.unexpectedEnd) }
      guard take(byte) else { throw error(.unpairedSurrogate, at: start) }
    }
    let second = try fourHexDigits()
    guard (0xdc00..<0xe000).contains(second),
      let scalar = Unicode.Scalar(0x10000 + (first - 0xd800) << 10 + (second - 0xdc00))
    else { throw error(.unpairedSurrogate, at: start) }
    return scalar
  }

  private mutating func fourHexDigits() throws(JSONParsingError) -> UInt32 {
    let start = position - 2
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard position < bytes.count else { throw error(.unexpectedEnd) }
      guard bytes[position] < 0x80, let digit = Character(UnicodeScalar(bytes[position])).hexDigitValue else {
        throw error(.invalidEscape, at: start)
      }
      value = value << 4 | UInt32(digit)
      position += 1
    }
    return value
  }

  private func text(_ slice: ArraySlice<UInt8>) throws(JSONParsingError) -> String {
    guard let text = String(validating: slice, as: UTF8.self) else { throw invalidUTF8(in: slice.indices) }
    return text
  }

  /// The error at the first byte that begins no scalar.
  private func invalidUTF8(in range: Range<Int>) -> JSONParsingError {
    var decoder = UTF8()
    var rest = bytes[range].makeIterator()
    var place = range.lowerBound
    while case .scalarValue(let scalar) = decoder.decode(&rest) { place += UTF8.width(scalar) }
    return error(.invalidUTF8, at: place)
  }
}

extension [UInt8] {
  /// Eight bytes, the first one lowest.
  func word(at offset: Int) -> UInt64 {
    precondition(offset >= 0 && offset <= count - 8)
    return unsafe withUnsafeBytes { unsafe UInt64(littleEndian: $0.loadUnaligned(fromByteOffset: offset, as: UInt64.self)) }
  }
}
