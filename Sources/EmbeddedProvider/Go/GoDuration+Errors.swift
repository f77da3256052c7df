import OpenIDRegistration

extension GoDuration {
  /// Reads a text, or says in Go's words (`time.ParseDuration`) why it is no duration.
  init(parsing text: String) throws(GoJSONError) {
    guard let duration = GoDuration(text) else { throw GoJSONError(message: GoDuration.complaint(about: text)) }
    self = duration
  }

  private static func complaint(about text: String) -> String {
    let quoted = GoText.quoted(text)
    var rest = Substring(text)
    if rest.first == "-" || rest.first == "+" { rest.removeFirst() }
    while !rest.isEmpty {
      let whole = rest.prefix(while: isDigit)
      rest = rest.dropFirst(whole.count)
      var fraction: Substring = ""
      if rest.first == "." {
        fraction = rest.dropFirst().prefix(while: isDigit)
        rest = rest.dropFirst(1 + fraction.count)
      }
      if whole.isEmpty && fraction.isEmpty { break }
      let unit = rest.prefix { $0 != "." && !isDigit($0) }
      if unit.isEmpty { return "time: missing unit in duration \(quoted)" }
      guard ["ns", "us", "µs", "μs", "ms", "s", "m", "h"].contains(String(unit)) else {
        return "time: unknown unit \(GoText.quoted(String(unit))) in duration \(quoted)"
      }
      rest = rest.dropFirst(unit.count)
    }
    return "time: invalid duration \(quoted)"
  }

  private static func isDigit(_ character: Character) -> Bool { ("0"..."9").contains(character) }
}
