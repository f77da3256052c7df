extension Diagnostic {
  /// The diagnostic as a terminal shows it: the place and the sentence, the line with its caret, the hint.
  ///
  /// ```
  /// clients/billing.yaml:17:7: error: unknown key "redirect_uri" [unknown-key]
  ///    17 |       redirect_uri: https://billing.example.com/callback
  ///       |       ^~~~~~~~~~~~
  ///    did you mean "redirect_uris"? It takes a list.
  /// ```
  package func text(maximumWidth: Int = 100) -> String {
    var lines = [(place.map { "\($0): " } ?? "") + "\(severity.rawValue): \(message) [\(rule)]"]
    if let excerpt { lines += excerpt.lines(maximumWidth: maximumWidth) }
    if let hint { lines.append("   \(hint)") }
    return lines.joined(separator: "\n") + "\n"
  }
}

extension Excerpt {
  /// The line behind its number, and the caret line; cut to the width around the marked part.
  func lines(maximumWidth: Int) -> [String] {
    let number = String(line)
    let gutter = String(repeating: " ", count: max(0, 5 - number.count)) + number
    let blank = String(repeating: " ", count: gutter.count)
    var shown = Array(text.unicodeScalars.map { $0.properties.generalCategory == .control ? " " : $0 })
    var start = column - 1
    let room = max(20, maximumWidth - gutter.count - 3)
    if shown.count > room {
      let first = max(0, min(start - room / 3, shown.count - room))
      let last = min(shown.count, first + room)
      let (cutsStart, cutsEnd) = (first > 0, last < shown.count)
      shown = Array(shown[first..<last])
      start -= first
      if cutsStart, start > 0 { shown[0] = "…" }
      if cutsEnd, start < shown.count - 1 { shown[shown.count - 1] = "…" }
    }
    let marked = min(width, max(1, shown.count - start))
    let caret = String(repeating: " ", count: start) + "^" + String(repeating: "~", count: marked - 1)
    var view = String.UnicodeScalarView()
    view.append(contentsOf: shown)
    return ["\(gutter) | \(String(view))", "\(blank) | \(caret)"]
  }
}
