import COpenIDCrypto

/// Unpredictable bytes and names, from OpenSSL's generator.
package enum Random {
  package static func bytes(_ count: Int) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    guard let wanted = Int32(exactly: count), wanted > 0 else {
      precondition(count == 0, "no more than 2 GiB of random bytes at once")
      return []
    }
    require(unsafe RAND_bytes(&bytes, wanted) == 1, "random bytes")
    return bytes
  }

  /// A version 4 UUID (RFC 9562, section 5.4), in lower case.
  package static func uuid() -> String {
    var bytes = bytes(16)
    bytes[6] = bytes[6] & 0x0f | 0x40
    bytes[8] = bytes[8] & 0x3f | 0x80
    let digits = Hex.encode(bytes)
    var text = ""
    for (index, digit) in digits.enumerated() {
      if [8, 12, 16, 20].contains(index) { text.append("-") }
      text.append(digit)
    }
    return text
  }

  /// A text of that many characters, each as likely as any other of the alphabet, which is ASCII.
  package static func text(_ count: Int, alphabet: String) -> String {
    let letters = Array(alphabet.utf8)
    precondition((1...256).contains(letters.count) && letters.allSatisfy { $0 < 0x80 }, "an alphabet of ASCII characters")
    // Bytes past the last whole multiple of the alphabet would favour its first letters.
    let limit = 256 - 256 % letters.count
    var text: [UInt8] = []
    while text.count < count {
      for byte in bytes(count - text.count) where Int(byte) < limit { text.append(letters[Int(byte) % letters.count]) }
    }
    return String(decoding: text, as: UTF8.self)
  }
}
