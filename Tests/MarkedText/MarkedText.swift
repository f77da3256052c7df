package import Diagnostics

/// A text for tests with marks in it that say where diagnostics must point: `«RULE»` stands right before the place.
///
/// ```
/// client:
///   «unknown-key»redirect_uri: https://app.example.com/callback
/// ```
package struct MarkedText {
  /// Where a diagnostic of that rule is expected.
  package struct Mark: Hashable, Comparable, CustomStringConvertible {
    package var line: Int
    package var column: Int
    package var rule: String

    package init(line: Int, column: Int, rule: String) {
      self.line = line
      self.column = column
      self.rule = rule
    }

    package var description: String { "\(line):\(column) \(rule)" }

    package static func < (a: Mark, b: Mark) -> Bool { (a.line, a.column, a.rule) < (b.line, b.column, b.rule) }
  }

  /// The text without its marks.
  package let text: String
  /// Sorted by place.
  package let marks: [Mark]

  package init(_ marked: String) {
    var text = String.UnicodeScalarView()
    var marks: [Mark] = []
    var rule: String?
    var line = 1
    var column = 1
    for scalar in marked.unicodeScalars {
      switch scalar {
      case "«": rule = ""
      case "»":
        marks.append(Mark(line: line, column: column, rule: rule ?? ""))
        rule = nil
      case _ where rule != nil: rule?.unicodeScalars.append(scalar)
      default:
        text.append(scalar)
        if scalar == "\n" { (line, column) = (line + 1, 1) } else { column += 1 }
      }
    }
    self.text = String(text)
    self.marks = marks.sorted()
  }

  /// Where diagnostics point, to be compared with ``marks``; one without a place is at 0:0.
  package static func marks(of diagnostics: [Diagnostic]) -> [Mark] {
    diagnostics.map { Mark(line: $0.place?.line ?? 0, column: $0.place?.column ?? 0, rule: $0.rule) }.sorted()
  }
}
