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
  private var writing: StateRun?

  init(_ keeper: FolderKeeper, registry: String, identities: AgeIdentities, context: Context, lockTimeout: Duration) {
    self.keeper = keeper
    self.registry = registry
    self.identities = identities
    self.context = context
    self.lockTimeout = lockTimeout
  }

  func keep(_ token: Secret, of client: String) async throws(StateError) {
    let run = try await begun()
    guard var entry = await run.state.clients[client] else { return }
    entry.sealed.registrationAccessToken = run.seal(token, as: .registrationAccessToken, of: client)
    entry.tokenIssuedAt = context.timestamp()
    try await run.recordOutcome(entry, for: client)
  }

  private func begun() async throws(StateError) -> StateRun {
    if let writing { return writing }
    let begun = try await StateRun.begin(
      keeper, registry: registry, new: nil, identities: identities, owner: LockOwner.current(command: "plan"),
      lockTimeout: lockTimeout)
    if let writing { return writing }
    writing = begun
    return begun
  }

  func finish() async throws(CommandFailure) {
    guard let writing else { return }
    do throws(StateError) { _ = try await writing.finish() } catch { throw CommandFailure(error) }
    self.writing = nil
  }
}
