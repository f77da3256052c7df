import OpenIDRegistration
package import Planning
package import State

/// Carries a registry's plan out: journals the intent, calls, journals the outcome, reads back.
///
/// Creates and sets go first, many at once; deletes go last. One client that fails stops no other.
package struct Applier: Sendable {
  let session: RegistrySession
  let run: StateRun
  let digest: String
  let now: @Sendable () -> String
  /// Creates that this run settled, to be looked for once more at its end.
  let settled = SettledCreates()

  /// - Parameters:
  ///   - digest: the plan's, kept with each client that it changes.
  ///   - now: the time as RFC 3339.
  package init(session: RegistrySession, run: StateRun, digest: String, now: @escaping @Sendable () -> String) {
    self.session = session
    self.run = run
    self.digest = digest
    self.now = now
  }

  /// Applies all changes that no safety rule refuses, and says what became of each as it ends.
  package func apply(_ plan: RegistryPlan, declared: [String: Declaration], ended: (Outcome) -> Void) async -> [Outcome] {
    var outcomes: [Outcome] = []
    func take(_ outcome: Outcome) {
      outcomes.append(outcome)
      ended(outcome)
    }
    for change in plan.changes { if let refusal = change.refusal { take(Outcome(change, .refused(refusal))) } }
    let allowed = plan.changes.filter { $0.refusal == nil }
    let phases = [allowed.filter { !$0.action.isDestructive }, allowed.filter { $0.action.isDestructive }]
    for phase in phases {
      // Not on the network's thread: between its calls a change waits for the journal.
      await forEach(phase, atMost: session.width, on: nil) { change in
        if session.stop.isRequested { return Outcome(change, .notAttempted) }
        let clock = ContinuousClock()
        let start = clock.now
        var outcome = await apply(change, declared[change.client])
        outcome.seconds = start.duration(to: clock.now) / .seconds(1)
        return outcome
      } then: {
        take($0)
      }
    }
    return outcomes
  }

  /// Looks once more for what creates without an answer left behind: a provider may have been at it for longer than the call's time
  /// limit. To be called after ``apply(_:declared:ended:)``.
  ///
  /// - Returns: the clients whose orphan turned up, and was deleted.
  package func sweep() async -> [String] {
    guard let admin = session.admin, !session.stop.isRequested else { return [] }
    var swept: [String] = []
    for create in settled.all {
      // What cannot be looked up now stays as it was settled.
      let count: Int
      do throws(ChangeFailure) { count = try await deleteOrphans(create.marker, of: create.client, admin) } catch { continue }
      if count > 0 { swept.append(create.client) }
    }
    return swept.sorted()
  }

  private func apply(_ change: Change, _ declaration: Declaration?) async -> Outcome {
    do throws(ChangeFailure) {
      switch (change.action, declaration) {
      case (.create, let declaration?): return try await create(change, declaration)
      case (.set, let declaration?): return try await set(change, declaration)
      case (.move, let declaration?), (.remember, let declaration?): return try await remember(change, declaration)
      case (.delete, _): return try await delete(change)
      case (.forget, _): return try await forget(change)
      case (.replace, _), (.adopt, _), (.rotate, _), (.deliver, _), (_, nil):
        return Outcome(change, .failed("this version of clientsync cannot \(change.action.rawValue) a client"))
      }
    } catch {
      if error.isUnnoted {
        var outcome = Outcome(change, .done, notes: ["warning: \(error.words)"] + error.notes)
        outcome.isUnnoted = true
        return outcome
      }
      var outcome = Outcome(
        change, error.isInDoubt ? .inDoubt(error.words) : .failed(error.words), notes: error.notes)
      outcome.isUnreachable = error.isUnreachable
      return outcome
    }
  }
}

/// What of a client's manifest its state entry remembers.
package struct Declaration: Sendable, Hashable {
  package var deletion: String
  package var labels: [String: String]
  package var source: String
  package var secretVersion: Int?

  package init(deletion: String, labels: [String: String], source: String, secretVersion: Int?) {
    self.deletion = deletion
    self.labels = labels
    self.source = source
    self.secretVersion = secretVersion
  }
}

/// Why one change did not come to its end.
struct ChangeFailure: Error {
  var words: String
  var isInDoubt: Bool
  /// Whether no connection came about, so that nothing was sent.
  var isUnreachable = false
  /// Whether the call was done, and only the journal did not take that.
  var isUnnoted = false
  var notes: [String] = []

  init(_ words: String, isInDoubt: Bool = false, notes: [String] = []) {
    self.words = words
    self.isInDoubt = isInDoubt
    self.notes = notes
  }

  init(_ error: StateError) { self.init(error.description) }

  init(unnoted reason: String) {
    self.init("not noted in the journal: \(reason). What was done is held, and is written when the run ends")
    isUnnoted = true
  }

  /// A call that had no effect.
  init(_ error: RegistrationError) {
    if case .persist = error.code {
      self.init(unnoted: error.underlying.map { String(describing: $0) } ?? error.words)
      return
    }
    self.init(error.explanation)
    if case .transport = error.code { isUnreachable = true }
  }
}

extension Applier {
  /// The state's work with its error as a failure of this change.
  func recording<Value: Sendable>(
    _ work: () async throws(StateError) -> Value
  ) async throws(ChangeFailure) -> Value {
    do { return try await work() } catch { throw ChangeFailure(error) }
  }
}
