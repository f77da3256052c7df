import OpenIDCryptography
import OpenIDJSON

/// The hash inside a document's MAC, value by value.
struct DocumentHash: ~Copyable {
  private let rule: SealingRule
  private let key: DataKey
  private let coversSealedOnly: Bool
  private var hash = SHA512Hash()

  init(rule: SealingRule, key: DataKey, coversSealedOnly: Bool) {
    self.rule = rule
    self.key = key
    self.coversSealedOnly = coversSealedOnly
    if coversSealedOnly { hash.update(SHA2.sha256(Array("sops".utf8))) }
  }

  consuming func finish() -> [UInt8] { Array(Hex.encode(hash.digest(), uppercase: true).utf8) }

  /// Adds a value and all within it; `null` says nothing.
  mutating func take(_ value: JSONValue, at path: [String]) throws(SOPSError) {
    switch value {
    case .null: return
    case .object(let object): for member in object { try take(member.value, at: path + [member.name]) }
    case .array(let elements): for element in elements { try take(element, at: path) }
    case .string(let text):
      guard rule.seals(path) else { return takePlain(Array(text.utf8)) }
      if !text.isEmpty { hash.update(try key.plaintext(of: text, path: path)) }
    case .bool(let flag): try takeScalar(flag ? "True" : "False", at: path)
    case .number(let number): try takeScalar(DocumentHash.text(of: number), at: path)
    }
  }

  private mutating func takeScalar(_ text: String, at path: [String]) throws(SOPSError) {
    guard !rule.seals(path) else {
      throw SOPSError(
        .clearValue, "\(path.joined(separator: ".")) must be sealed and stands in the clear. Take the file back from git.")
    }
    takePlain(Array(text.utf8))
  }

  private mutating func takePlain(_ bytes: [UInt8]) {
    if !coversSealedOnly { hash.update(bytes) }
  }

  /// Integers within 64 bits in decimal; the rest as a float without exponent or padding.
  private static func text(of number: JSONNumber) -> String {
    if let integer = Int64(number.spelling) { return String(integer) }
    return plain(number.double)
  }

  /// The shortest digits of a float, its point where it belongs.
  private static func plain(_ value: Double) -> String {
    var digits = value.magnitude.description
    var exponent = 0
    if let mark = digits.firstIndex(of: "e") {
      exponent = Int(digits[digits.index(after: mark)...]) ?? 0
      digits = String(digits[..<mark])
    }
    let parts = digits.split(separator: ".", omittingEmptySubsequences: false)
    let whole = String(parts[0])
    var fraction = parts.count > 1 ? String(parts[1]) : ""
    if fraction == "0" { fraction = "" }
    var all = whole + fraction
    var point = whole.count + exponent
    if point <= 0 {
      all = String(repeating: "0", count: 1 - point) + all
      point = 1
    }
    if point > all.count { all += String(repeating: "0", count: point - all.count) }
    let front = all.prefix(point).drop { $0 == "0" }
    let back = all.dropFirst(point)
    return (value.sign == .minus ? "-" : "") + (front.isEmpty ? "0" : front) + (back.isEmpty ? "" : "." + back)
  }
}
