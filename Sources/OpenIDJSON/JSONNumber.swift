/// A JSON number as it was spelled, so that `1.0`, `1e3` and a number of forty digits survive a round trip.
public struct JSONNumber: Sendable, Hashable {
  /// The text of the number, in JSON's grammar (RFC 8259, section 6).
  public let spelling: String

  public init(_ value: Int) { spelling = String(value) }

  /// A number with a fraction; `nil` for infinities and NaN, which JSON cannot say.
  public init?(_ value: Double) {
    guard value.isFinite else { return nil }
    if let whole = Int(exactly: value) { spelling = String(whole) } else { spelling = value.description }
  }

  /// For the parser, which has checked the grammar.
  init(checkedSpelling spelling: String) { self.spelling = spelling }

  /// The value, where it is whole (also when spelled `1.0` or `1e3`) and fits.
  public var integer: Int? {
    if let value = Int(spelling) { return value }
    guard let value = Double(spelling), abs(value) <= 9_007_199_254_740_992 else { return nil }
    return Int(exactly: value)
  }

  /// The nearest floating-point value; infinite where the number is out of range.
  public var double: Double { Double(spelling) ?? .infinity }

  /// Whether both are the same number, however spelled.
  public func isEquivalent(to other: JSONNumber) -> Bool {
    spelling == other.spelling || Decimal(spelling) == Decimal(other.spelling)
  }
}

/// A number taken apart: no two of these are the same number.
private struct Decimal: Equatable {
  private let isNegative: Bool
  /// Without zeros in front and at the end; empty for nought.
  private let digits: [UInt8]
  /// The power of ten by which the digits, all of them behind the point, are multiplied.
  private let exponent: Int
  /// The exponent as it is spelled, and where the point stands, where nobody can count so far.
  private let hugeExponent: String

  /// - Parameter spelling: in JSON's grammar.
  init(_ spelling: String) {
    let zero = UInt8(ascii: "0")
    let parts = spelling.utf8.split(omittingEmptySubsequences: false) { $0 == UInt8(ascii: "e") || $0 == UInt8(ascii: "E") }
    let mantissa = parts[0].drop { $0 == UInt8(ascii: "-") }
      .split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    let fraction = mantissa.count > 1 ? Array(mantissa[1]) : []
    let all = (Array(mantissa[0]) + fraction).drop { $0 == zero }
    let end = (all.lastIndex { $0 != zero } ?? all.startIndex - 1) + 1
    digits = Array(all[..<end])
    isNegative = !digits.isEmpty && spelling.utf8.first == UInt8(ascii: "-")
    let written = parts.count > 1 ? String(Substring(parts[1]).drop { $0 == "+" }) : "0"
    let shift = all.count - fraction.count
    let (sum, isTooLarge) = Int(written).map { $0.addingReportingOverflow(shift) } ?? (0, true)
    exponent = digits.isEmpty || isTooLarge ? 0 : sum
    hugeExponent = isTooLarge && !digits.isEmpty ? "\(written) \(shift)" : ""
  }
}
