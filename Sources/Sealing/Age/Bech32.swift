/// Bech32 without its limit of 90 characters (BIP 173), the spelling of age's keys.
enum Bech32 {
  private static let alphabet = Array("qpzry9x8gf2tvdw0s3jn54khce6mua7l".utf8)
  private static let generator: [UInt32] = [0x3b6a_57b2, 0x2650_8e6d, 0x1ea1_19fa, 0x3d42_33dd, 0x2a14_62b3]

  static func encode(prefix: String, _ bytes: [UInt8]) -> String {
    let values = regroup(bytes, from: 8, to: 5, pads: true) ?? []
    let sum = checksum(expanded(prefix) + values + [0, 0, 0, 0, 0, 0]) ^ 1
    let check = (0..<6).map { UInt8(sum >> UInt32(5 * (5 - $0)) & 31) }
    return prefix + "1" + String(decoding: (values + check).map { alphabet[Int($0)] }, as: UTF8.self)
  }

  /// The prefix in lower case and the bytes; `nil` where it is no Bech32: mixed case, a wrong checksum, other characters.
  static func decode(_ text: String) -> (prefix: String, bytes: [UInt8])? {
    guard text == text.lowercased() || text == text.uppercased() else { return nil }
    let lower = Array(text.lowercased().utf8)
    guard let separator = lower.lastIndex(of: UInt8(ascii: "1")), separator > 0, lower.count - separator > 6 else { return nil }
    var values: [UInt8] = []
    for character in lower[(separator + 1)...] {
      guard let value = alphabet.firstIndex(of: character) else { return nil }
      values.append(UInt8(value))
    }
    let prefix = String(decoding: lower[..<separator], as: UTF8.self)
    guard checksum(expanded(prefix) + values) == 1, let bytes = regroup(values.dropLast(6), from: 5, to: 8, pads: false)
    else { return nil }
    return (prefix, bytes)
  }

  private static func expanded(_ prefix: String) -> [UInt8] { prefix.utf8.map { $0 >> 5 } + [0] + prefix.utf8.map { $0 & 31 } }

  private static func checksum(_ values: [UInt8]) -> UInt32 {
    var sum: UInt32 = 1
    for value in values {
      let top = sum >> 25
      sum = (sum & 0x1ff_ffff) << 5 ^ UInt32(value)
      for index in 0..<5 where top >> UInt32(index) & 1 == 1 { sum ^= generator[index] }
    }
    return sum
  }

  /// The bits in groups of another width; without padding the bits left over must be few and zero.
  private static func regroup(_ input: some Sequence<UInt8>, from: UInt32, to: UInt32, pads: Bool) -> [UInt8]? {
    var output: [UInt8] = []
    var bits: UInt32 = 0
    var count: UInt32 = 0
    for value in input {
      bits = bits << from | UInt32(value)
      count += from
      while count >= to {
        count -= to
        output.append(UInt8(bits >> count & (1 << to - 1)))
      }
      bits &= 1 << count - 1
    }
    if pads {
      if count > 0 { output.append(UInt8(bits << (to - count) & (1 << to - 1))) }
    } else if count >= from || bits != 0 {
      return nil
    }
    return output
  }
}
