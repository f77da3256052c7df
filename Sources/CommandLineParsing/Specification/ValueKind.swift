/// What a value has to be; parsing checks it, completion offers it.
package enum ValueKind: Sendable, Hashable {
  case text
  /// A file or a folder; `-` is one.
  case path
  case folder
  /// One of these words.
  case choice([String])
  case integer(ClosedRange<Int> = Int.min...Int.max)
  /// A time as `30s`, `5m`, `1h30m`, `500ms` or `90d`.
  case duration
  /// `KEY=VALUE`, where the key is not empty.
  case pair
  /// The same, where the value says where a credential is. What is no such pair may be the credential, and is not repeated.
  case namedSource

  /// Whether messages may quote a value that does not fit.
  var isQuotable: Bool { self != .namedSource }

  /// What is wrong with the value, as the end of the sentence `--name takes …`, and what might have been meant; `nil` where it fits.
  ///
  /// - Parameter placeholder: what help pages call the value.
  func objection(to value: String, placeholder: String) -> (wanted: String, hint: String?)? {
    switch self {
    case .text, .path, .folder:
      return nil
    case .choice(let words):
      guard !words.contains(value) else { return nil }
      let nearest = nearestName(to: value, among: words)
      return (alternatives(words), nearest.map { "Did you mean \($0)?" })
    case .integer(let range):
      if let number = Int(value), range.contains(number) { return nil }
      return (range.words, nil)
    case .duration:
      guard Duration(commandLine: value) == nil else { return nil }
      let isBare = !value.isEmpty && value.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
      return ("a time such as 30s, 5m or 1h30m", isBare ? "For \(value) seconds, write \(value)s." : nil)
    case .pair, .namedSource:
      guard let equals = value.firstIndex(of: "="), equals != value.startIndex else { return (placeholder, nil) }
      return nil
    }
  }
}

/// `text, json or html`
func alternatives(_ words: [String]) -> String {
  guard let last = words.last, words.count > 1 else { return words.first ?? "" }
  return words.dropLast().joined(separator: ", ") + " or " + last
}

extension ClosedRange<Int> {
  fileprivate var words: String {
    switch (lowerBound, upperBound) {
    case (.min, .max): "a whole number"
    case (_, .max): "a whole number from \(lowerBound) up"
    case (.min, _): "a whole number up to \(upperBound)"
    default: "a whole number from \(lowerBound) to \(upperBound)"
    }
  }
}
