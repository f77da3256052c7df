/// One thing to say about the user's input: what is wrong, where, and what to do.
///
/// Diagnostics are values: rooms collect them, the command layer prints them.
package struct Diagnostic: Sendable, Hashable {
  package enum Severity: String, Sendable, Hashable, Comparable {
    case error
    case warning

    package static func < (a: Severity, b: Severity) -> Bool { a == .warning && b == .error }
  }

  package var severity: Severity
  /// The rule's name, kebab-case (`unknown-key`), as `docs/rules.md` lists it.
  package var rule: String
  /// One sentence without a full stop, beginning in lower case or with a quoted name.
  package var message: String
  /// Where it is; `nil` where it concerns no place in a file.
  package var place: SourcePlace?
  package var excerpt: Excerpt?
  /// What to do, as one or two sentences with full stops.
  package var hint: String?

  package init(
    _ severity: Severity, rule: String, _ message: String, at place: SourcePlace? = nil, excerpt: Excerpt? = nil,
    hint: String? = nil
  ) {
    self.severity = severity
    self.rule = rule
    self.message = message
    self.place = place
    self.excerpt = excerpt
    self.hint = hint
  }
}

extension Sequence<Diagnostic> {
  /// By file, line and column; those without a place first.
  package func inOrderOfPlace() -> [Diagnostic] {
    sorted { a, b in
      switch (a.place, b.place) {
      case (let a?, let b?): a < b
      case (nil, _?): true
      default: false
      }
    }
  }

  package var hasErrors: Bool { contains { $0.severity == .error } }
}
