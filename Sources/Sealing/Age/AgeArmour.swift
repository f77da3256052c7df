import OpenIDCryptography

/// age's PEM-like armour: lines of 64 columns between a first and a last line.
enum AgeArmour {
  private static let first = "-----BEGIN AGE ENCRYPTED FILE-----"
  private static let last = "-----END AGE ENCRYPTED FILE-----"

  static func isArmoured(_ file: [UInt8]) -> Bool {
    file.drop { $0 == 0x20 || (0x09...0x0d).contains($0) }.starts(with: first.utf8)
  }

  static func encode(_ file: [UInt8]) -> [UInt8] {
    let text = Array(Base64.encode(file).utf8)
    var output = Array((first + "\n").utf8)
    for start in stride(from: 0, to: text.count, by: 64) {
      output += text[start..<min(start + 64, text.count)]
      output.append(0x0a)
    }
    return output + Array((last + "\n").utf8)
  }

  /// White space may stand before and behind the armour, and lines may end in CR LF; nothing else is forgiven.
  static func decode(_ file: [UInt8]) throws(AgeError) -> [UInt8] {
    func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0d).contains(byte) }
    var trimmed = file[...].drop(while: isBlank)
    while let byte = trimmed.last, isBlank(byte) { trimmed = trimmed.dropLast() }
    var lines = trimmed.split(separator: 0x0a, omittingEmptySubsequences: false).map { line in
      String(decoding: line.last == 0x0d ? line.dropLast() : line, as: UTF8.self)
    }
    guard lines.count >= 2, lines.removeFirst() == first, lines.removeLast() == last else {
      throw AgeError(.invalidArmour, "the armour of the age file has no proper first or last line")
    }
    // Nothing between the two lines is an armour of nothing; what is missing then is the header.
    if lines.isEmpty { return [] }
    guard lines.dropLast().allSatisfy({ $0.utf8.count == 64 }), let end = lines.last, (1...64).contains(end.utf8.count),
      let bytes = Base64.decode(lines.joined())
    else { throw AgeError(.invalidArmour, "the armour of the age file is not Base64 in lines of 64 characters") }
    return bytes
  }
}
