/// Spans of time as manifests write them: `10s`, `1m30s`, `14d`.
enum SpanText {
  /// The span; `nil` where the text is none. Units are d, h, m, s and ms, each once, the longest first; a fraction is fine (`0.5s`).
  static func duration(_ text: String) -> Duration? {
    var rest = text.utf8[...]
    var total = Duration.zero
    var units = Self.units[...]
    guard !rest.isEmpty, rest.count <= 32 else { return nil }
    while !rest.isEmpty {
      let digits = rest.prefix { $0.isASCIIDigit || $0 == UInt8(ascii: ".") }
      rest = rest.dropFirst(digits.count)
      let name = rest.prefix { $0.isASCIILetter }
      rest = rest.dropFirst(name.count)
      guard digits.first?.isASCIIDigit == true, digits.last?.isASCIIDigit == true, let count = Double(String(digits)!),
        let unit = units.firstIndex(where: { $0.name.utf8.elementsEqual(name) }), count * units[unit].seconds < 1e9
      else { return nil }
      total += .seconds(count * units[unit].seconds)
      units = units[(unit + 1)...]
    }
    return total
  }

  private static let units: [(name: String, seconds: Double)] = [
    ("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1), ("ms", 0.001),
  ]
}
