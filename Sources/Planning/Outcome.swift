/// What became of one change when the plan was applied.
package struct Outcome: Sendable, Hashable {
  package enum Result: Sendable, Hashable {
    case done
    /// Nothing changed at the provider; in words.
    case failed(String)
    /// The call was sent, and what it did is not known; in words.
    case inDoubt(String)
    case refused(Refusal)
    /// The run was asked to stop before its turn came.
    case notAttempted
  }

  package var change: Change
  package var result: Result
  /// Whether it failed because no connection to the provider came about.
  package var isUnreachable = false
  /// Whether it was done at the provider and could not be noted in the journal; the state at the run's end holds it, or what was put
  /// aside does.
  package var isUnnoted = false
  /// From the first call to the last record, in seconds.
  package var seconds: Double
  /// The request id that the provider gave its last answer, where it gave one.
  package var requestID: String?
  /// The client's id at the provider, where it has one now.
  package var clientID: String?
  /// What the reader should know besides: declared members that the provider did not honour, a delete that was not proved.
  package var notes: [String]

  package init(
    _ change: Change, _ result: Result, seconds: Double = 0, requestID: String? = nil, clientID: String? = nil,
    notes: [String] = []
  ) {
    self.change = change
    self.result = result
    self.seconds = seconds
    self.requestID = requestID
    self.clientID = clientID
    self.notes = notes
  }
}

/// What became of a registry's plan.
package struct RegistryReport: Sendable {
  package var registry: String
  package var outcomes: [Outcome]
  /// Problems that the plan could do nothing about.
  package var problems: [Problem]
  package var unchanged: Int
  package var sparedByEmptySet: Int
  /// Where the state lies, and its serial now; `nil` where there is none.
  package var state: (place: String, serial: Int)?
  /// Whether the state was written in this run.
  package var wroteState: Bool
  /// Clients whose create got no answer, and whose orphan turned up only at the end of the run and was deleted.
  package var sweptOrphans: [String] = []
  /// What ended the run of this registry early (the disk, the lock); in words.
  package var failure: String?
  /// The exit status that such an end asks for; `nil` where the state changed between plan and apply.
  package var failureCode: Int32?

  package init(
    registry: String, outcomes: [Outcome] = [], problems: [Problem] = [], unchanged: Int = 0, sparedByEmptySet: Int = 0,
    state: (place: String, serial: Int)? = nil, wroteState: Bool = false, failure: String? = nil
  ) {
    self.registry = registry
    self.outcomes = outcomes
    self.problems = problems
    self.unchanged = unchanged
    self.sparedByEmptySet = sparedByEmptySet
    self.state = state
    self.wroteState = wroteState
    self.failure = failure
  }
}

/// What became of a plan.
package struct ApplyReport: Sendable {
  package var registries: [RegistryReport]
  package var digest: String
  package var seconds: Double

  package init(registries: [RegistryReport], digest: String, seconds: Double) {
    self.registries = registries.sorted { $0.registry < $1.registry }
    self.digest = digest
    self.seconds = seconds
  }

  package var outcomes: [Outcome] { registries.flatMap(\.outcomes) }

  /// How many changes of an action were done.
  package func done(_ action: Action) -> Int { outcomes.count { $0.change.action == action && $0.result == .done } }

  package var inDoubt: Int {
    outcomes.count { if case .inDoubt = $0.result { true } else { false } }
  }

  package var failed: Int {
    outcomes.count { if case .failed = $0.result { true } else { false } }
  }

  package var notAttempted: Int { outcomes.count { $0.result == .notAttempted } }

  /// Whether all that was tried came to nothing because the provider could not be reached.
  package var foundNobody: Bool {
    outcomes.contains(where: \.isUnreachable) && outcomes.allSatisfy { $0.isUnreachable || $0.result == .notAttempted }
  }

  package var refused: Int {
    outcomes.count { if case .refused = $0.result { true } else { false } }
  }
}
