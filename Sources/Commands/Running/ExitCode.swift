/// What a command's exit status says; the same for every command.
package enum ExitCode: Int32, Sendable, CaseIterable {
  case done = 0
  case failed = 1
  case changes = 2
  case stale = 3
  case partlyApplied = 4
  case inDoubt = 5
  case locked = 6
  case refused = 7
  case usage = 64
  case invalidManifests = 65

  /// What `--help` and the manual say of it.
  package var words: String {
    switch self {
    case .done: "Done, or nothing to do."
    case .failed:
      "Failed before anything was changed: a provider that cannot be reached, a file that cannot be read, no identity."
    case .changes: "There are changes (plan and drift with --detailed-exitcode, fmt --check)."
    case .stale: "What was reviewed or remembered does not fit: --expect, a state that changed meanwhile or went back."
    case .partlyApplied: "Partly applied: some clients failed, the rest is done and recorded."
    case .inDoubt: "At least one client is in doubt: a call was sent, and what it did is not known."
    case .locked: "The state, or a client's file, is in use by another run."
    case .refused: "Refused by a safety rule."
    case .usage: "Wrong usage."
    case .invalidManifests: "The manifests are invalid."
    }
  }

  /// Which of several holds: 5 before 4 before 3 before 7 before 2.
  static func worst(_ codes: [ExitCode]) -> ExitCode {
    let order: [ExitCode] = [.inDoubt, .partlyApplied, .stale, .refused, .locked, .failed, .changes, .done]
    return order.first { codes.contains($0) } ?? .done
  }
}
