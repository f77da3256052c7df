/// A span of time as Go writes it: `1h30m`, `1.5s`, `-2m`, `0` (Go's `time.ParseDuration`). Hydra's lifespans are such.
///
/// Days and weeks do not exist; the smallest unit is a nanosecond, and the longest span some 292 years.
package struct GoDuration: Sendable, Hashable, CustomStringConvertible {
  package let nanoseconds: Int64

  package init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

  /// - Returns: `nil` where the text is no duration, or one that is too long.
  package init?(_ text: String) {
    var rest = Substring(text)
    let isNegative = rest.first == "-"
    if isNegative || rest.first == "+" { rest.removeFirst() }
    if rest == "0" {
      nanoseconds = 0
      return
    }
    guard !rest.isEmpty else { return nil }
    // One more nanosecond fits below zero than above.
    let limit = UInt64(Int64.max) + 1
    var total: UInt64 = 0
    while !rest.isEmpty {
      let whole = rest.prefix(while: GoDuration.isDigit)
      rest = rest.dropFirst(whole.count)
      var fraction: Substring = ""
      if rest.first == "." {
        fraction = rest.dropFirst().prefix(while: GoDuration.isDigit)
        rest = rest.dropFirst(1 + fraction.count)
      }
      guard !(whole.isEmpty && fraction.isEmpty) else { return nil }
      let name = rest.prefix { $0 != "." && !GoDuration.isDigit($0) }
      rest = rest.dropFirst(name.count)
      guard let unit = GoDuration.units[String(name)], let count = whole.isEmpty ? 0 : UInt64(whole) else { return nil }
      let (span, overflow) = count.multipliedReportingOverflow(by: unit)
      guard !overflow, span <= limit else { return nil }
      guard let exact = GoDuration.fraction(fraction, of: unit) else { return nil }
      total += span
      guard total <= limit else { return nil }
      total += exact
      guard total <= limit else { return nil }
    }
    guard isNegative || total < limit else { return nil }
    nanoseconds = isNegative ? Int64(truncatingIfNeeded: 0 &- total) : Int64(total)
  }

  /// One spelling for each span: `1h0m0s`, `1.5s`, `100ms`, `0s`.
  package var description: String {
    let sign = nanoseconds < 0 ? "-" : ""
    let span = nanoseconds.magnitude
    switch span {
    case 0: return "0s"
    case ..<1_000: return "\(sign)\(span)ns"
    case ..<1_000_000: return sign + GoDuration.decimal(span, places: 3) + "µs"
    case ..<1_000_000_000: return sign + GoDuration.decimal(span, places: 6) + "ms"
    default:
      let seconds = GoDuration.decimal(span % 60_000_000_000, places: 9) + "s"
      let minutes = span / 60_000_000_000
      if minutes == 0 { return sign + seconds }
      return sign + (minutes < 60 ? "\(minutes)m" : "\(minutes / 60)h\(minutes % 60)m") + seconds
    }
  }

  private static let units: [String: UInt64] = [
    "ns": 1, "us": 1_000, "µs": 1_000, "μs": 1_000, "ms": 1_000_000, "s": 1_000_000_000, "m": 60_000_000_000,
    "h": 3_600_000_000_000,
  ]

  private static func isDigit(_ character: Character) -> Bool { ("0"..."9").contains(character) }

  /// That share of a unit in nanoseconds, cut off: the digits after the point of `0.5h`.
  private static func fraction(_ digits: Substring, of unit: UInt64) -> UInt64? {
    // Fifteen digits times an hour do not fit 64 bits, so the product is taken in two halves.
    var numerator: UInt64 = 0
    var denominator: UInt64 = 1
    for digit in digits.prefix(15) {
      guard let value = digit.wholeNumberValue else { return nil }
      numerator = numerator * 10 + UInt64(value)
      denominator *= 10
    }
    return denominator.dividingFullWidth(numerator.multipliedFullWidth(by: unit)).quotient
  }

  /// A count in units of ten to the power of `places`, with as few digits after the point as it takes.
  private static func decimal(_ count: UInt64, places: Int) -> String {
    let digits = String(count)
    let padded = String(repeating: "0", count: max(0, places + 1 - digits.count)) + digits
    var fraction = padded.suffix(places)
    while fraction.last == "0" { fraction.removeLast() }
    return padded.dropLast(places) + (fraction.isEmpty ? "" : "." + fraction)
  }
}
