extension Duration {
  /// Reads `30s`, `5m`, `1h30m`, `500ms`, `90d`; bigger units come first, each at most once, and `0` needs none.
  package init?(commandLine text: String) {
    if text == "0" {
      self = .zero
      return
    }
    let units: [(name: Substring, milliseconds: Int64)] = [
      ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1),
    ]
    var rest = text[...]
    var total: Int64 = 0
    var next = 0
    while !rest.isEmpty {
      let digits = rest.prefix { $0.isASCII && $0.isNumber }
      rest = rest.dropFirst(digits.count)
      let unit = rest.prefix { $0.isASCII && $0.isLetter }
      rest = rest.dropFirst(unit.count)
      guard let count = Int64(digits), let index = units.indices.first(where: { $0 >= next && units[$0].name == unit })
      else { return nil }
      next = index + 1
      let (part, overflow) = count.multipliedReportingOverflow(by: units[index].milliseconds)
      let (sum, carry) = total.addingReportingOverflow(part)
      if overflow || carry { return nil }
      total = sum
    }
    if next == 0 { return nil }
    self = .milliseconds(total)
  }
}
