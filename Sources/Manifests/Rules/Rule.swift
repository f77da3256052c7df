package import Diagnostics

/// One lint rule: what a provider or a standard refuses, or what is merely unwise, found by a pure function over one client.
package struct Rule: Sendable {
  /// Kebab-case, as diagnostics and `docs/rules.md` have it.
  package let name: String
  package let severity: Diagnostic.Severity
  /// The members it looks at. One that is wrong already is not judged again: the rule is passed over then.
  let members: Set<String>
  /// The members without which it has nothing to say; empty where it always may.
  let triggers: MemberMask
  let check: @Sendable (ReviewedClient) -> [Finding]

  /// Whether `clientsync.yaml` or a comment can turn it down. A secret that leaked stays one.
  package var isAdjustable: Bool { name != "private-key" }

  /// - Parameter triggers: The members of which one must be there for the rule to have anything to say; all that it looks at,
  ///   where nothing else is named.
  init(
    _ name: String, _ severity: Diagnostic.Severity = .error, about members: Set<String>, triggers: Set<String>? = nil,
    check: @escaping @Sendable (ReviewedClient) -> [Finding]
  ) {
    self.name = name
    self.severity = severity
    self.members = members
    self.triggers = MemberMask(triggers ?? members)
    self.check = check
  }
}

/// A set of client metadata members as bits: whether a rule has anything to say about a client is asked for every rule and client.
struct MemberMask: Sendable {
  private var bits: UInt128 = 0

  /// All members that no table knows share a bit; a name with a language tag has that of the member before it as well.
  init(_ members: some Sequence<String>) {
    for member in members {
      if let row = ObjectSchema.clientMetadata.row(member) {
        bits |= 1 << UInt128(min(row, 127))
      } else {
        bits |= 1 << 127
        guard let hash = member.utf8.firstIndex(of: UInt8(ascii: "#")) else { continue }
        if let row = ObjectSchema.clientMetadata.row(String(member[..<hash])) { bits |= 1 << UInt128(min(row, 127)) }
      }
    }
  }

  var isEmpty: Bool { bits == 0 }

  func isDisjoint(with other: MemberMask) -> Bool { bits & other.bits == 0 }
}

/// What a rule found, and where in the client metadata.
struct Finding: Sendable {
  enum Step: Sendable {
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
