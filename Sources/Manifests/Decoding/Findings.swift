import Diagnostics
import YAML

/// The diagnostics of one source as they are found. The excerpt of one is made when there is one, and not before.
struct Findings {
  let source: YAMLSource
  private var lines: SourceLines
  private(set) var diagnostics: [Diagnostic] = []
  /// What comments let pass.
  private(set) var allowances: [Allowance]
  /// What was let pass.
  private(set) var allowed: [AllowedFinding] = []
  /// The file that the document at hand came from, where it came through kustomize.
  var origin: String?

  init(_ source: YAMLSource) {
    self.source = source
    lines = SourceLines(source)
    allowances = Allowance.all(in: source)
  }

  /// Adds what a lint rule found at that line of the source, unless a comment lets it pass.
  mutating func add(_ diagnostic: Diagnostic, of rule: Rule, line: Int) {
    if !allowances.isEmpty, rule.isAdjustable,
      let index = allowances.firstIndex(where: { $0.concernedLine == line && $0.rules.contains(rule.name) })
    {
      allowances[index].used.insert(rule.name)
      allow(diagnostic, .comment(line: allowances[index].line))
    } else {
      add(diagnostic)
    }
  }

  mutating func allow(_ diagnostic: Diagnostic, _ reason: AllowedFinding.Reason) {
    allowed.append(AllowedFinding(diagnostic: diagnostic.withoutSecrets(), reason: reason))
  }

  /// Comments that let nothing pass, told once everything is judged. Rules pass over what is wrong already: beside an error nothing
  /// is said of those that had nothing to say.
  mutating func checkAllowances() {
    let isWhole = !diagnostics.hasErrors
    for allowance in allowances {
      func warn(_ message: String, _ hint: String) {
        add(
          diagnostic(
            .warning, ManifestRule.uselessAllow.rawValue, message, from: allowance.start, to: allowance.end, hint: hint))
      }
      if allowance.rules.isEmpty { warn("this comment names no rule", "Write it like # clientsync: allow redirect-uri-http.") }
      for rule in allowance.rules where !allowance.used.contains(rule) {
        let names = Rule.adjustable.map(\.name)
        if names.contains(rule) {
          guard isWhole else { continue }
          warn("the rule \(rule) has nothing to say about line \(allowance.concernedLine)", "Take the comment out.")
        } else {
          let hint = nearest(to: rule, among: names).map { "did you mean \(quoted($0))?" }
          warn("\(quoted(rule)) is no rule that a comment can turn off", hint ?? "docs/rules.md lists the lint rules.")
        }
      }
    }
  }

  /// Past this many, further ones of the source are not told.
  private static let most = 1_000

  mutating func add(_ diagnostic: Diagnostic) {
    guard diagnostics.count <= Self.most else {
      // What is left out must not turn an invalid file into one with warnings.
      if diagnostic.severity == .error { diagnostics[Self.most].severity = .error }
      return
    }
    guard diagnostics.count < Self.most else {
      diagnostics.append(
        Diagnostic(
          diagnostic.severity, rule: ManifestRule.tooMuch.rawValue,
          "more than \(Self.most) mistakes; further ones are not told",
          at: diagnostic.place, hint: "Mend those above first."))
      return
    }
    diagnostics.append(diagnostic.withoutSecrets())
  }

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
