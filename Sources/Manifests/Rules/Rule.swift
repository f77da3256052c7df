package import Diagnostics

/// One lint rule: what a provider or a standard refuses, or what is merely unwise, found by a pure function over one client.
package struct Rule: Sendable {
  /// Kebab-case, as diagnostics and `docs/rules.md` have it.
  package let name: String
  package let severity: Diagnostic.Severity
  /// The members it looks at. One that is wrong already is not judged again: the rule is passed over then.
  let members: Set<String>
  let check: @Sendable (ReviewedClient) -> [Finding]

  init(
    _ name: String, _ severity: Diagnostic.Severity = .error, about members: Set<String>,
    check: @escaping @Sendable (ReviewedClient) -> [Finding]
  ) {
    self.name = name
    self.severity = severity
    self.members = members
    self.check = check
  }
}

/// What a rule found, and where in the client metadata.
struct Finding {
  enum Step {
    case member(String)
    case index(Int)
  }

  /// Empty: the client as a whole.
  var path: [Step]
  /// Whether the name of the member is meant, rather than its value.
  var isAboutName = false
  /// As in ``Diagnostic``.
  var message: String
  var hint: String?

  static func about(_ member: String, _ message: String, hint: String? = nil) -> Finding {
    Finding(path: [.member(member)], isAboutName: true, message: message, hint: hint)
  }

  static func value(_ path: Step..., message: String, hint: String? = nil) -> Finding {
    Finding(path: path, message: message, hint: hint)
  }
}
