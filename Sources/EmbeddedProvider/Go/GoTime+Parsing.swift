extension GoTime {
  /// Reads the text as `time.Time` does from JSON.
  init(parsing text: String) throws(GoJSONError) {
    var parser = Parser(text: text, rest: Substring(text))
    self = try parser.time()
  }

  /// Goes through the layout element by element; the first that does not fit is named.
  private struct Parser {
    let text: String
    var rest: Substring

    mutating func time() throws(GoJSONError) -> GoTime {
      let year = try number("2006", digits: 4)
      try literal("-")
      let month = try number("01")
      guard (1...12).contains(month) else { throw outOfRange("month") }
      try literal("-")
      let day = try number("02")
      try literal("T")
      let hour = try number("15")
      guard hour < 24 else { throw outOfRange("hour") }
      try literal(":")
      let minute = try number("04")
      guard minute < 60 else { throw outOfRange("minute") }
      try literal(":")
      let second = try number("05")
      guard second < 60 else { throw outOfRange("second") }
      let nanoseconds = fraction()
      let offset = try zone()
      guard rest.isEmpty else { throw error(": extra text: \(GoText.quoted(String(rest)))") }
      let next = month == 12 ? (year + 1, 1) : (year, month + 1)
      let first = GoTime.days(year: year, month: month, day: 1)
      guard day >= 1, first + day - 1 < GoTime.days(year: next.0, month: next.1, day: 1) else { throw outOfRange("day") }
      return GoTime(
        seconds: (first + day - 1) * 86_400 + hour * 3_600 + minute * 60 + second - offset, nanoseconds: nanoseconds)
    }

    private mutating func number(_ element: String, digits count: Int = 2) throws(GoJSONError) -> Int {
      let digits = rest.prefix(count)
      guard digits.utf8.count == count, digits.allSatisfy({ ("0"..."9").contains($0) }), let value = Int(digits) else {
        throw unexpected(element)
      }
      rest = rest.dropFirst(count)
      return value
    }

    private mutating func literal(_ element: Character) throws(GoJSONError) {
      guard rest.first == element else { throw unexpected(String(element)) }
      rest.removeFirst()
    }

    private mutating func fraction() -> Int {
      guard rest.first == "." || rest.first == "," else { return 0 }
      let digits = rest.dropFirst().prefix { ("0"..."9").contains($0) }
      guard !digits.isEmpty else { return 0 }
      rest = rest.dropFirst(1 + digits.count)
      let kept = digits.prefix(9)
      return (Int(kept) ?? 0) * (0..<9 - kept.count).reduce(1) { power, _ in power * 10 }
    }

    /// The offset from UTC in seconds.
    private mutating func zone() throws(GoJSONError) -> Int {
      if rest.first == "Z" {
        rest.removeFirst()
        return 0
      }
      let element = Array(rest.utf8.prefix(6))
      guard element.count == 6, element[0] == UInt8(ascii: "+") || element[0] == UInt8(ascii: "-"),
        element[3] == UInt8(ascii: ":"),
        [1, 2, 4, 5].allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(element[$0]) })
      else { throw unexpected("Z07:00") }
      let digits = element.map { Int($0) - 48 }
      let (hours, minutes) = (digits[1] * 10 + digits[2], digits[4] * 10 + digits[5])
      guard hours <= 23 else { throw outOfRange("time zone offset hour") }
      guard minutes <= 59 else { throw outOfRange("time zone offset minute") }
      rest = rest.dropFirst(6)
      return (element[0] == UInt8(ascii: "-") ? -1 : 1) * (hours * 3_600 + minutes * 60)
    }

    private func unexpected(_ element: String) -> GoJSONError {
      error(" as \"2006-01-02T15:04:05Z07:00\": cannot parse \(GoText.quoted(String(rest))) as \(GoText.quoted(element))")
    }

    private func outOfRange(_ what: String) -> GoJSONError { error(": \(what) out of range") }

    private func error(_ words: String) -> GoJSONError {
      GoJSONError(message: "parsing time \(GoText.quoted(text))\(words)")
    }
  }
}
