package import Diagnostics

/// Something that a lint rule found and that somebody let pass; it is told beside what is wrong, never left out.
package struct AllowedFinding: Sendable, Hashable {
  package enum Reason: Sendable, Hashable {
    /// A comment in that line of the same file.
    case comment(line: Int)
    /// The rule is off in `clientsync.yaml`.
    case configuration
  }

  package var diagnostic: Diagnostic
  package var reason: Reason

  package init(diagnostic: Diagnostic, reason: Reason) {
    self.diagnostic = diagnostic
    self.reason = reason
  }
}
