package import Diagnostics

/// Diagnostics for a terminal: what ``Diagnostic/text(maximumWidth:)`` says, with what kind it is and where it points in colour.
package enum DiagnosticText {
  package static func block(_ diagnostic: Diagnostic, style: TextStyle) -> String {
    let text = diagnostic.text()
    guard style.usesColour else { return text }
    let colour: TextStyle.Colour = diagnostic.severity == .error ? .red : .yellow
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let place = diagnostic.place.map { "\($0): " } ?? ""
    let rest = lines[0].dropFirst(place.count + diagnostic.severity.rawValue.count)
    lines[0] = style.paint(place, .bold) + style.paint(diagnostic.severity.rawValue, colour) + rest
    if diagnostic.excerpt != nil, lines.count > 2, let caret = lines[2].firstIndex(of: "^") {
      lines[2] = lines[2][..<caret] + style.paint(String(lines[2][caret...]), colour)
    }
    return lines.joined(separator: "\n")
  }
}
