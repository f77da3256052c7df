/// A few bytes of a name and its length: two names that differ in it are not the same.
typealias NamePrint = UInt64

/// Texts that were read before. A state file repeats the same names, scopes and times for thousands of clients: each is kept once,
/// and found by its bytes.
struct KnownTexts {
  private struct Text {
    let print: NamePrint
    /// Where it stood, without its quotes.
    let place: Range<Int>
    let text: String
  }

  /// By their prints; of two that meet in a slot, the later one stays.
  private var slots: [Text?] = []

  /// The text that stands at a place, nothing but ASCII.
  mutating func text(_ print: NamePrint, _ place: Range<Int>, in bytes: [UInt8]) -> String {
    if slots.isEmpty { slots = Array(repeating: nil, count: 256) }
    let slot = Int(truncatingIfNeeded: print & 255)
    if let known = slots[slot], known.print == print, Self.areEqual(known.place, place, in: bytes) { return known.text }
    let text = String(decoding: bytes[place], as: UTF8.self)
    slots[slot] = Text(print: print, place: place, text: text)
    return text
  }

  /// Whether the same bytes stand at both places, eight or more.
  private static func areEqual(_ one: Range<Int>, _ other: Range<Int>, in bytes: [UInt8]) -> Bool {
    guard one.count == other.count, one.count >= 8 else { return false }
    var offset = 0
    while offset + 8 <= one.count {
      guard bytes.word(at: one.lowerBound + offset) == bytes.word(at: other.lowerBound + offset) else { return false }
      offset += 8
    }
    return bytes.word(at: one.upperBound - 8) == bytes.word(at: other.upperBound - 8)
  }
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
    return (mayRepeat(start..<end) ? knownNames.text(print, start..<end, in: bytes) : plain(start..<end), print)
  }

  /// Whether a text may be one that was read before. Short ones lie within the text itself and cost little to make, long ones are
  /// mostly keys and ciphertexts, and a short document does not repeat itself.
  func mayRepeat(_ place: Range<Int>) -> Bool { place.count > 15 && place.count <= 64 && bytes.count > 16_384 }

  /// The text at a place, nothing but ASCII.
  func plain(_ place: Range<Int>) -> String { String(decoding: bytes[place], as: UTF8.self) }

  /// Eight bytes at the beginning, in the middle and at the end.
  static func print(of bytes: [UInt8], in place: Range<Int>) -> NamePrint {
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
