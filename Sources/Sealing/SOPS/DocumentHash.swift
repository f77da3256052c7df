import OpenIDCryptography
import OpenIDJSON

/// The hash inside a document's MAC, value by value.
struct DocumentHash: ~Copyable {
  private let rule: SealingRule
  private let key: DataKey
  private let coversSealedOnly: Bool
  private var hash = SHA512Hash()
  /// What the hash has not been given yet: many leaves are shorter than a call is long.
  private var pending: [UInt8] = []
  /// The keys down to the value at hand.
  private var path: [String] = []

  init(rule: SealingRule, key: DataKey, coversSealedOnly: Bool) {
    self.rule = rule
    self.key = key
    self.coversSealedOnly = coversSealedOnly
    if coversSealedOnly { hash.update(SHA2.sha256(Array("sops".utf8))) }
  }

  consuming func finish() -> [UInt8] {
    hash.update(pending)
    return Array(Hex.encode(hash.digest(), uppercase: true).utf8)
  }

  /// Adds a document, value by value.
  mutating func take(_ tree: JSONObject) throws(SOPSError) { try take(tree, SealingRule.Matches()) }

  private mutating func take(_ object: JSONObject, _ matches: SealingRule.Matches) throws(SOPSError) {
    for member in object {
      path.append(member.name)
      try take(member.value, rule.matches(matches, below: member.name))
      path.removeLast()
    }
  }

  /// `null` says nothing.
  private mutating func take(_ value: JSONValue, _ matches: SealingRule.Matches) throws(SOPSError) {
    switch value {
    case .null: return
    case .object(let object): try take(object, matches)
    case .array(let elements): for element in elements { try take(element, matches) }
    case .string(let text):
      if !rule.seals(matches) { return takePlain(text) }
      if !text.isEmpty { add(try key.plaintext(of: text, path: path)) }
    case .bool(let flag): try takeScalar(flag ? "True" : "False", matches)
    case .number(let number): try takeScalar(DocumentHash.text(of: number), matches)
    }
  }

  private mutating func takeScalar(_ text: String, _ matches: SealingRule.Matches) throws(SOPSError) {
    guard !rule.seals(matches) else {
      throw SOPSError(
        .clearValue, "\(path.joined(separator: ".")) must be sealed and stands in the clear. Take the file back from git.")
    }
    takePlain(text)
  }

  private mutating func takePlain(_ text: String) {
    guard !coversSealedOnly else { return }
    let isAdded: Void? = unsafe text.utf8.withContiguousStorageIfAvailable { unsafe pending.append(contentsOf: $0) }
    if isAdded == nil { pending.append(contentsOf: text.utf8) }
    flush()
  }

  private mutating func add(_ bytes: [UInt8]) {
    pending.append(contentsOf: bytes)
    flush()
  }

  private mutating func flush() {
    if pending.count >= 1 << 16 {
      hash.update(pending)
      pending.removeAll(keepingCapacity: true)
    }
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
