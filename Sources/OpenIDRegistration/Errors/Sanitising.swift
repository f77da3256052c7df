/// Somebody else's words for a message: no control characters, which a terminal would obey, and no more than so many characters.
package func sanitised(_ text: String, limit: Int = 600) -> String {
  var shown = ""
  var count = 0
  var wasBlank = true
  for scalar in text.unicodeScalars {
    let isBlank: Bool
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .spaceSeparator, .surrogate, .privateUse, .unassigned:
      isBlank = true
    default: isBlank = false
    }
    if isBlank, wasBlank { continue }
    wasBlank = isBlank
    guard count < limit else { return shown + "…" }
    shown.unicodeScalars.append(isBlank ? " " : scalar)
    count += 1
  }
  while shown.last == " " { shown.removeLast() }
  return shown
}

/// The text with each of the secrets replaced: a provider may quote what it was sent.
///
/// The longest go first, so that one that another begins with leaves nothing of that behind.
package func withoutSecrets(_ text: String, _ secrets: [String]) -> String {
  secrets.filter { $0.utf8.count > 5 }.sorted { $0.utf8.count > $1.utf8.count }
    .reduce(text) { $0.replacing($1, with: "(sensitive)") }
}

/// Somebody else's words for a message: without the secrets, and then ``sanitised(_:limit:)``, which may cut and would leave half
/// of a secret; and once more without them, for blanks that it takes away can put one together.
package func shown(_ text: String, without secrets: [String], limit: Int = 600) -> String {
  withoutSecrets(sanitised(withoutSecrets(text, secrets), limit: limit), secrets)
}
