import OpenIDCryptography
import Sealing
import State

/// Keeps tokens that reads hand out (RFC 7592, section 3): opens a writing run of the state only where one does.
actor TokenKeeping {
  private let keeper: FolderKeeper
  private let registry: String
  private let identities: AgeIdentities
  private let context: Context
  private let lockTimeout: Duration
  private let allowsClear: Bool
  private var beginning: Task<Result<StateRun, StateError>, Never>?

  init(
    _ keeper: FolderKeeper, registry: String, identities: AgeIdentities, context: Context, lockTimeout: Duration,
    allowsClear: Bool
  ) {
    self.keeper = keeper
    self.registry = registry
    self.identities = identities
    self.context = context
    self.lockTimeout = lockTimeout
    self.allowsClear = allowsClear
  }

  func keep(_ token: Secret, of client: String) async throws(StateError) {
    let run = try await begun()
    guard var entry = await run.state.clients[client] else { return }
    entry.sealed.registrationAccessToken = run.seal(token, as: .registrationAccessToken, of: client)
    entry.tokenIssuedAt = context.timestamp()
    // A token ends no doubt: what else the answer to a create was to bring may still be missing.
    if entry.pending == nil {
      try await run.recordOutcome(entry, for: client)
    } else {
      try await run.recordArrival(entry, for: client)
    }
  }

  /// The one run of all reads: whoever comes while it is being opened waits for it, and does not compete for its lock.
  private func begun() async throws(StateError) -> StateRun {
    if let beginning { return try await beginning.value.get() }
    let opening = Task { [keeper, registry, identities, lockTimeout, allowsClear] in
      do throws(StateError) {
        return Result<StateRun, StateError>.success(
          try await StateRun.begin(
            keeper, registry: registry, new: nil, identities: identities, owner: LockOwner.current(command: "plan"),
            lockTimeout: lockTimeout, allowsClear: allowsClear))
      } catch {
        return .failure(error)
      }
    }
    beginning = opening
    return try await opening.value.get()
  }

  /// Writes the state where a read handed out a token.
  ///
  /// - Returns: whether it was written, so that it has to be read again.
  func finish() async throws(StateError) -> Bool {
    guard let beginning else { return false }
    self.beginning = nil
    guard case .success(let writing) = await beginning.value else { return false }
    return try await writing.finish().wrote
  }
}
