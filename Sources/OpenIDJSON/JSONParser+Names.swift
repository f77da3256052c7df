/// A few bytes of a name and its length: two names that differ in it are not the same.
typealias NamePrint = UInt64

/// Names that were read before. Answers and state files repeat the same few dozen: each is kept once, and found by its bytes.
struct KnownNames {
  struct Name {
    let print: NamePrint
    /// Where it stood, without its quotes.
    let place: Range<Int>
    let text: String
  }

  /// By their prints; of two that meet in a slot, the later one stays.
  private var slots: [Name?] = []

  func find(_ print: NamePrint, _ place: Range<Int>, in bytes: [UInt8]) -> String? {
    guard !slots.isEmpty, let name = slots[Self.slot(of: print)], name.print == print, name.place.count == place.count else {
      return nil
    }
    var (one, other) = (name.place.lowerBound, place.lowerBound)
    while other < place.upperBound {
      guard bytes[one] == bytes[other] else { return nil }
      one += 1
      other += 1
    }
    return name.text
  }

  mutating func keep(_ name: Name) {
    if slots.isEmpty { slots = Array(repeating: nil, count: 256) }
    slots[Self.slot(of: name.print)] = name
  }

  private static func slot(of print: NamePrint) -> Int { Int(truncatingIfNeeded: print & 255) }
}

extension JSONParser {
  /// A member's name, and its print.
  mutating func name() throws(JSONParsingError) -> (text: String, print: NamePrint) {
    guard position < bytes.count else { throw error(.unexpectedEnd) }
    guard bytes[position] == UInt8(ascii: "\"") else { throw error(.unexpectedByte(bytes[position])) }
    let start = position + 1
    let end = endOfPlainText(from: start)
    guard end < bytes.count, bytes[end] == UInt8(ascii: "\"") else {
      // An escape, something beyond ASCII, or a mistake.
      let text = try string()
      let bytes = Array(text.utf8)
      return (text, Self.print(of: bytes, in: 0..<bytes.count))
    }
    position = end + 1
    let print = Self.print(of: bytes, in: start..<end)
    // Shorter ones lie within the text itself, and a short document does not repeat itself.
    guard end - start > 15, bytes.count > 16_384 else { return (String(decoding: bytes[start..<end], as: UTF8.self), print) }
    if let known = knownNames.find(print, start..<end, in: bytes) { return (known, print) }
    let text = String(decoding: bytes[start..<end], as: UTF8.self)
    knownNames.keep(KnownNames.Name(print: print, place: start..<end, text: text))
    return (text, print)
  }

  /// Eight bytes at the beginning, in the middle and at the end.
  private static func print(of bytes: [UInt8], in place: Range<Int>) -> NamePrint {
    let mixer: NamePrint = 0x9e37_79b9_7f4a_7c15
    var print = NamePrint(truncatingIfNeeded: place.count)
    guard place.count >= 8 else {
      for index in place { print = print << 8 | NamePrint(bytes[index]) }
      return print &* mixer
    }
    for offset in [place.lowerBound, place.lowerBound + (place.count - 8) / 2, place.upperBound - 8] {
      print = (print ^ bytes.word(at: offset)) &* mixer
    }
    return print ^ print >> 32
  }
}
