/// Base64 in its two alphabets, with and without padding (RFC 4648, sections 4 and 5).
package enum Base64 {
  private static let standard = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
  private static let forURLs = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
  private static let standardValues = values(of: standard)
  private static let valuesForURLs = values(of: forURLs)
  private static let none: UInt8 = 0xff
  private static let pad = UInt8(ascii: "=")

  package static func encode(_ bytes: some Collection<UInt8>, urlSafe: Bool = false, padded: Bool = true) -> String {
    let alphabet = urlSafe ? forURLs : standard
    var text: [UInt8] = []
    text.reserveCapacity((bytes.count + 2) / 3 * 4)
    var bits: UInt32 = 0
    var count = 0
    for byte in bytes {
      bits = bits << 8 | UInt32(byte)
      count += 1
      if count == 3 {
        text.append(alphabet[Int(bits >> 18)])
        text.append(alphabet[Int(bits >> 12 & 0x3f)])
        text.append(alphabet[Int(bits >> 6 & 0x3f)])
        text.append(alphabet[Int(bits & 0x3f)])
        (bits, count) = (0, 0)
      }
    }
    if count > 0 {
      bits <<= UInt32(3 - count) * 8
      for index in 0...count { text.append(alphabet[Int(bits >> UInt32(18 - 6 * index) & 0x3f)]) }
      if padded { text.append(contentsOf: repeatElement(pad, count: 3 - count)) }
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// The bytes of a text; `nil` where it is not exactly that form of Base64: white space, another alphabet, padding that is
  /// missing or should not be there.
  ///
  /// - Parameter strict: also refuses bits in the last character that stand for nothing and are not zero (section 3.5), so that
  ///   there is one spelling for each message.
  package static func decode(
    _ text: some Collection<UInt8>, urlSafe: Bool = false, padded: Bool = true, strict: Bool = true
  ) -> [UInt8]? {
    let values = urlSafe ? valuesForURLs : standardValues
    let total = text.count
    var bytes: [UInt8] = []
    bytes.reserveCapacity(total / 4 * 3 + 2)
    var bits: UInt32 = 0
    var count = 0
    var padding = 0
    for character in text {
      if padded, character == pad {
        padding += 1
        continue
      }
      let value = values[Int(character)]
      guard value != none, padding == 0 else { return nil }
      bits = bits << 6 | UInt32(value)
      count += 1
      if count == 4 {
        bytes.append(UInt8(truncatingIfNeeded: bits >> 16))
        bytes.append(UInt8(truncatingIfNeeded: bits >> 8))
        bytes.append(UInt8(truncatingIfNeeded: bits))
        (bits, count) = (0, 0)
      }
    }
    guard count != 1, padding == (padded && count > 0 ? 4 - count : 0) else { return nil }
    if count > 0 {
      let spare = UInt32(count == 2 ? 4 : 2)
      if strict, bits & (1 << spare - 1) != 0 { return nil }
      bits >>= spare
      if count == 3 { bytes.append(UInt8(truncatingIfNeeded: bits >> 8)) }
      bytes.append(UInt8(truncatingIfNeeded: bits))
    }
    return bytes
  }

  // What is done by the thousand, without the cost of any collection: the compiler makes no version of the general functions for
  // another module.

  package static func encode(_ bytes: [UInt8], urlSafe: Bool = false, padded: Bool = true) -> String {
    encode(bytes[...], urlSafe: urlSafe, padded: padded)
  }

  package static func encode(_ bytes: ArraySlice<UInt8>, urlSafe: Bool = false, padded: Bool = true) -> String {
    let alphabet = urlSafe ? forURLs : standard
    return unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: (bytes.count + 2) / 3 * 4) { text in
      unsafe bytes.withUnsafeBufferPointer { bytes in
        unsafe alphabet.withUnsafeBufferPointer { alphabet in
          // Three bytes at once; no index is larger than the room that was asked for.
          var (next, count) = (0, 0)
          func put(_ bits: UInt32, _ characters: Int) {
            for index in 0..<characters {
              unsafe text[count &+ index] = alphabet[Int(bits &>> UInt32(18 &- 6 &* index) & 0x3f)]
            }
            count &+= characters
          }
          while next &+ 3 <= bytes.count {
            unsafe put(UInt32(bytes[next]) &<< 16 | UInt32(bytes[next &+ 1]) &<< 8 | UInt32(bytes[next &+ 2]), 4)
            next &+= 3
          }
          let rest = bytes.count &- next
          if rest > 0 {
            unsafe put(UInt32(bytes[next]) &<< 16 | (rest == 2 ? UInt32(bytes[next &+ 1]) &<< 8 : 0), rest &+ 1)
            if padded { for _ in rest..<3 { unsafe text[count] = pad; count &+= 1 } }
          }
          return unsafe String(decoding: text[..<count], as: UTF8.self)
        }
      }
    }
  }

  package static func decode(
    _ text: ArraySlice<UInt8>, urlSafe: Bool = false, padded: Bool = true, strict: Bool = true
  ) -> [UInt8]? {
    let values = urlSafe ? valuesForURLs : standardValues
    // Four characters at once, up to what is in no alphabet: padding, or a mistake.
    var position = text.startIndex
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.count / 4 * 3 + 3)
    unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: text.count / 4 * 3 + 3) { made in
      unsafe text.withUnsafeBufferPointer { text in
        unsafe values.withUnsafeBufferPointer { values in
          // None of these sums is larger than the text is long.
          var (next, count) = (0, 0)
          while next &+ 4 <= text.count {
            let (a, b) = unsafe (values[Int(text[next])], values[Int(text[next &+ 1])])
            let (c, d) = unsafe (values[Int(text[next &+ 2])], values[Int(text[next &+ 3])])
            // Values have six bits.
            guard a | b | c | d < 0x40 else { break }
            unsafe made[count] = a &<< 2 | b &>> 4
            unsafe made[count &+ 1] = b &<< 4 | c &>> 2
            unsafe made[count &+ 2] = c &<< 6 | d
            count &+= 3
            next &+= 4
          }
          position += next
          unsafe bytes.append(contentsOf: made[..<count])
        }
      }
    }
    if position == text.endIndex { return bytes }
    func general(_ text: some Collection<UInt8>) -> [UInt8]? { decode(text, urlSafe: urlSafe, padded: padded, strict: strict) }
    guard let rest = general(text[position...]) else { return nil }
    bytes += rest
    return bytes
  }

  /// The bytes of a text; `nil` where it is not exactly that form of Base64.
  package static func decode(
    _ text: String, urlSafe: Bool = false, padded: Bool = true, strict: Bool = true
  ) -> [UInt8]? {
    decode(text.utf8, urlSafe: urlSafe, padded: padded, strict: strict)
  }

  private static func values(of alphabet: [UInt8]) -> [UInt8] {
    var values = [UInt8](repeating: none, count: 256)
    for (value, character) in alphabet.enumerated() { values[Int(character)] = UInt8(value) }
    return values
  }
}
