import OpenIDRegistration
import Planning
import State

extension Applier {
  /// Deletes a client's registration; or the orphan of a create that was never answered.
  func delete(_ change: Change) async throws(ChangeFailure) -> Outcome {
    if let pending = await run.state.clients[change.client]?.pending, pending.action == .create {
      try await settleCreate(of: change.client, pending)
      return Outcome(change, .done)
    }
    // A delete of an earlier run that was never answered may be why a token is not accepted now.
    let isInDoubt = await run.state.clients[change.client]?.pending?.action == .delete
    for attempt in 1...2 {
      let held = try await credentials(of: change.client)
      let pending = PendingCall(action: .delete, at: now(), marker: nil, metadata: [:])
      try await recording { () throws(StateError) in try await run.recordIntent(pending, for: change.client) }
      switch await sendDelete(held) {
      case .success: return try await gone(change)
      case .failure(let error):
        if error.code == .unauthorized {
          // After a delete without an answer, this one says that it happened, where there is nobody to ask.
          if attempt == 2 || isInDoubt, session.admin == nil { return try await goneUnproved(change) }
          return try await meaning(of401: change, held, error)
        }
        try await withdraw(change, after: error)
        guard error.effect == .unknown else { throw ChangeFailure(error) }
        guard attempt == 1, !session.stop.isRequested else {
          throw ChangeFailure(sentWithoutAnswer(error), isInDoubt: true)
        }
        if try await isGone(held, change.client) { return try await goneUnproved(change) }
      }
    }
    throw ChangeFailure("sent twice, and neither call was answered", isInDoubt: true)
  }

  /// The call itself; repeated only where that is safe.
  func sendDelete(_ held: Held) async -> Result<Void, RegistrationError> {
    await session.attempt { () throws(RegistrationError) in
      try await session.client.deleteOidcDynamicClient(
        at: session.callURL(of: held.uri), authentication: .registrationAccessToken(held.token))
    }
  }

  /// Takes a client out of the state; where its delete is in doubt, after a second read that its token is not accepted for.
  func forget(_ change: Change) async throws(ChangeFailure) -> Outcome {
    guard change.reason == .inDoubt else { return try await gone(change) }
    if try await provedUndone(credentials(of: change.client), of: change.client) { return try await delete(change) }
    return try await goneUnproved(change)
  }

  /// Takes a client out of the state because its token is not accepted since its delete, where that says anything.
  private func goneUnproved(_ change: Change) async throws(ChangeFailure) -> Outcome {
    let unproved = "its delete got no answer, and its token is not accepted since"
    if session.admin == nil, await !deadTokenProvesDelete() {
      throw ChangeFailure(
        "\(unproved). Here a read may have ended the token as well, so it may be there still: ask whoever runs the provider, delete it there, then: state rm \(change.client)",
        isInDoubt: true)
    }
    return try await gone(change, notes: [unproved])
  }

  /// Whether a token that was accepted before and is not any more says, after a delete without an answer, that its client is gone. It does
  /// not where reads end tokens too (RFC 7592, section 2.1): then another run's read may have done it, or one whose answer was lost.
  func deadTokenProvesDelete() async -> Bool {
    if session.profile.readRotatesToken == .always { return false }
    return await !run.state.readsRotateTokens
  }

  private func gone(_ change: Change, notes: [String] = []) async throws(ChangeFailure) -> Outcome {
    do throws(StateError) { try await run.recordOutcome(nil, for: change.client) } catch {
      throw ChangeFailure(unnoted: error.description)
    }
    return Outcome(change, .done, notes: notes)
  }

  /// A delete answered by 401: the client is gone, or the token is stale; only the admin API can tell.
  private func meaning(
    of401 change: Change, _ held: Held, _ error: RegistrationError
  ) async throws(ChangeFailure) -> Outcome {
    if await isUnknownToAdmin(held.clientID) {
      return try await gone(change, notes: ["it was gone already, as the admin API says"])
    }
    try await withdraw(change, after: error)
    throw ChangeFailure(error)
  }

  /// Whether the admin API says that there is no such client; not where there is none, or it cannot tell.
  private func isUnknownToAdmin(_ clientID: String) async -> Bool {
    guard let admin = session.admin else { return false }
    do throws(RegistrationError) { return try await admin.get(clientID) == nil } catch { return false }
  }

  /// Whether a delete without an answer happened: a read with the token held before, and the admin API where there is one; else a
  /// second read, for a 401 can also be a provider that cannot reach its database.
  private func isGone(_ held: Held, _ client: String) async throws(ChangeFailure) -> Bool {
    if try await provedUndone(held, of: client) { return false }
    guard let admin = session.admin else { return try await !provedUndone(held, of: client) }
    return try await asking { () throws(RegistrationError) in try await admin.get(held.clientID) == nil }
  }
}
