/// A text of the user's in quotes, fit for a terminal, a log and a line of a report: cut to a length, control characters and
/// those that turn the direction of writing shown as escapes.
package func quoted(_ text: String, maximumLength: Int = 80) -> String {
  var shown = "\""
  var count = 0
  for scalar in text.unicodeScalars {
    if count == maximumLength {
      shown += "…"
      break
    }
    count += 1
    switch scalar {
    case "\n": shown += "\\n"
    case "\t": shown += "\\t"
    case "\r": shown += "\\r"
    case "\u{202a}"..."\u{202e}", "\u{2066}"..."\u{2069}", "\u{200e}", "\u{200f}", "\u{2028}", "\u{2029}", "\u{feff}":
      shown += "\\u{\(String(scalar.value, radix: 16))}"
    case _
    where scalar.properties.generalCategory == .control
      || scalar != " " && scalar.properties.generalCategory == .spaceSeparator:
      shown += "\\u{\(String(scalar.value, radix: 16))}"
    default: shown.unicodeScalars.append(scalar)
    }
  }
  return shown + "\""
}
