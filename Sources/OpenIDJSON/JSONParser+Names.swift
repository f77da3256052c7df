/// A few bytes of a text and its length: two texts that differ in it are not the same.
typealias TextPrint = UInt64

/// Texts that were read before. A state file repeats the same names, scopes and times for thousands of clients: each is kept once,
/// and found by its bytes.
struct KnownTexts {
  private struct Text {
    let print: TextPrint
    /// Where it stood, without its quotes.
    let place: Range<Int>
    let text: String
  }

  /// By their prints; of two that meet in a slot, the later one stays.
  private var slots: [Text?] = []

  /// The text that stands at a place, nothing but ASCII; one that is there already where it can be found.
  ///
  /// - Parameter print: its print, where that is known.
  mutating func text(at place: Range<Int>, _ print: TextPrint? = nil, in bytes: [UInt8]) -> String {
    if place.isEmpty { return "" }
    // Long ones are mostly keys and ciphertexts.
    if place.count <= 64 {
      let print = print ?? JSONParser.print(of: bytes, in: place)
      if let number = RegisteredTexts.all.number(print, place, in: bytes) { return RegisteredTexts.all[number].text }
      // Short ones lie within themselves. A short document does not repeat itself.
      if place.count > 15, bytes.count > 16_384 { return kept(print, place, in: bytes) }
    }
    return bytes.text(at: place)
  }

  private mutating func kept(_ print: TextPrint, _ place: Range<Int>, in bytes: [UInt8]) -> String {
    if slots.isEmpty { slots = Array(repeating: nil, count: 256) }
    let slot = Int(truncatingIfNeeded: print & 255)
    if let known = slots[slot], known.print == print, bytes.isSame(known.place, as: place, in: bytes) { return known.text }
    let text = bytes.text(at: place)
    slots[slot] = Text(print: print, place: place, text: text)
    return text
  }
}

extension [UInt8] {
  /// The text at a place, nothing but ASCII.
  func text(at place: Range<Int>) -> String {
    unsafe withUnsafeBufferPointer { unsafe String(decoding: UnsafeBufferPointer(rebasing: $0[place]), as: UTF8.self) }
  }

  /// Whether the same bytes stand here and at a place of the other.
  func isSame(_ place: Range<Int>, as otherPlace: Range<Int>, in other: [UInt8]) -> Bool {
    let size = place.count
    guard size == otherPlace.count else { return false }
    precondition(place.lowerBound >= 0 && place.upperBound <= count)
    precondition(otherPlace.lowerBound >= 0 && otherPlace.upperBound <= other.count)
    return unsafe withUnsafeBytes { bytes in
      unsafe other.withUnsafeBytes { otherBytes in
        func isSame<Word: BitwiseCopyable & Equatable>(_ offset: Int, _ type: Word.Type) -> Bool {
          let (one, two) = (place.lowerBound + offset, otherPlace.lowerBound + offset)
          return unsafe bytes.loadUnaligned(fromByteOffset: one, as: type)
            == otherBytes.loadUnaligned(fromByteOffset: two, as: type)
        }
        // Eight at once, and the last eight whatever was looked at before.
        guard size >= 8 else { return (0..<size).allSatisfy { isSame($0, UInt8.self) } }
        var offset = 0
        while offset + 8 < size {
          guard isSame(offset, UInt64.self) else { return false }
          offset += 8
        }
        return isSame(size - 8, UInt64.self)
      }
    }
  }
}

extension JSONParser {
  /// A member's name as the object's reader wants it.
  struct Name {
    let text: String
    let print: TextPrint
    /// One of 64 bits, the same one for the same name, that few other names of a client have.
    let mark: UInt64

    init(registered number: UInt8) {
      let entry = RegisteredTexts.all[number]
      text = entry.text
      print = entry.print
      mark = 1 << (number & 63)
    }

    /// - Parameter text: none of the registered ones.
    init(_ text: String, _ print: TextPrint) {
      self.text = text
      self.print = print
      mark = 1 << (print & 63)
    }
  }

  mutating func name() throws(JSONParsingError) -> Name {
    guard position < bytes.count else { throw error(.unexpectedEnd) }
    guard bytes[position] == UInt8(ascii: "\"") else { throw error(.unexpectedByte(bytes[position])) }
    let start = position + 1
    let expected = successors[Int(lastName)]
    if let end = RegisteredTexts.all.end(of: expected, from: start, in: bytes) {
      lastName = expected
      position = end + 1
      return Name(registered: expected)
    }
    let end = endOfPlainText(from: start)
    guard end < bytes.count, bytes[end] == UInt8(ascii: "\"") else {
      // An escape, something beyond ASCII, or a mistake.
      let text = try string()
      let bytes = Array(text.utf8)
      let print = Self.print(of: bytes, in: bytes.indices)
      return RegisteredTexts.all.number(print, bytes.indices, in: bytes).map(Name.init(registered:)) ?? Name(text, print)
    }
    position = end + 1
    let print = Self.print(of: bytes, in: start..<end)
    if let number = RegisteredTexts.all.number(print, start..<end, in: bytes) {
      // Other providers have an order of their own, and whoever lists clients repeats it.
      successors[Int(lastName)] = number
      lastName = number
      return Name(registered: number)
    }
    return Name(knownNames.text(at: start..<end, print, in: bytes), print)
  }

  /// Eight bytes at the beginning, in the middle and at the end.
  static func print(of bytes: [UInt8], in place: Range<Int>) -> TextPrint {
    let mixer: TextPrint = 0x9e37_79b9_7f4a_7c15
    var print = TextPrint(truncatingIfNeeded: place.count)
    guard place.count >= 8 else {
      for index in place { print = print << 8 | TextPrint(bytes[index]) }
      return print &* mixer
    }
    for offset in [place.lowerBound, place.lowerBound + (place.count - 8) / 2, place.upperBound - 8] {
      print = (print ^ bytes.word(at: offset)) &* mixer
    }
    return print ^ print >> 32
  }
}
