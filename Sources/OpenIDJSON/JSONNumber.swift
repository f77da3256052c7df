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
    if spelling == other.spelling { return true }
    if let a = integer, let b = other.integer { return a == b }
    return double.isFinite && double == other.double && integer == nil && other.integer == nil
  }
}
