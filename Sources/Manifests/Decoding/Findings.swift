import Diagnostics
import YAML

/// The diagnostics of one source as they are found. The excerpt of one is made when there is one, and not before.
struct Findings {
  let source: YAMLSource
  private var lines: SourceLines
  private(set) var diagnostics: [Diagnostic] = []
  /// The file that the document at hand came from, where it came through kustomize.
  var origin: String?

  init(_ source: YAMLSource) {
    self.source = source
    lines = SourceLines(source)
  }

  mutating func add(_ diagnostic: Diagnostic) { diagnostics.append(diagnostic.withoutSecrets()) }

  mutating func add(_ rule: ManifestRule, _ message: String, at node: YAMLNode, hint: String? = nil) {
    add(diagnostic(.error, rule.rawValue, message, from: node.start, to: node.end, hint: hint))
  }

  mutating func add(_ rule: ManifestRule, _ message: String, at key: YAMLKey, hint: String? = nil) {
    add(diagnostic(.error, rule.rawValue, message, from: key.start, to: key.end, hint: hint))
  }

  mutating func diagnostic(
    _ severity: Diagnostic.Severity, _ rule: String, _ message: String, from start: YAMLMark, to end: YAMLMark,
    hint: String? = nil
  ) -> Diagnostic {
    var hint = hint
    if origin != nil {
      // Where in that file it stands, kustomize does not say. The excerpt shows the line of the stream.
      let place = "It stands in line \(start.line) of \(source.file == "-" ? "standard input" : source.file)."
      hint = hint.map { "\($0) \(place)" } ?? place
    }
    return Diagnostic(
      severity, rule: rule, message, at: place(start), excerpt: lines.excerpt(from: start, to: end), hint: hint)
  }

  /// The place that people are told: in the file that kustomize names, where it does.
  func place(_ mark: YAMLMark) -> SourcePlace {
    if let origin { return SourcePlace(file: origin, line: 1, column: 1) }
    return SourcePlace(file: source.file, line: mark.line, column: mark.column)
  }
}
