import Diagnostics

/// How much lint rules count, by `clientsync.yaml`.
package struct RuleSettings: Sendable, Hashable {
  package enum Setting: String, Sendable, Hashable, CaseIterable {
    case error
    case warning
    case off
  }

  /// By the rule's name.
  package private(set) var settings: [String: Setting]

  package init(_ settings: [String: Setting] = [:]) { self.settings = settings }

  package subscript(rule: String) -> Setting? { settings[rule] }

  /// What a rule's finding counts as; `nil` where it is turned off.
  func severity(of rule: Rule) -> Diagnostic.Severity? {
    switch rule.isAdjustable ? settings[rule.name] : nil {
    case nil: rule.severity
    case .error: .error
    case .warning: .warning
    case .off: nil
    }
  }
}
