import Manifests
import OpenIDJSON
import OpenIDRegistration
import Planning
import State

extension Applier {
  /// Registers a client; never twice: what an earlier run or this one left in doubt is settled first, or it stays in doubt.
  func create(_ change: Change, _ declaration: Declaration) async throws(ChangeFailure) -> Outcome {
    let metadata = change.metadata ?? JSONObject()
    let earlier = await run.state.clients[change.client]
    if let pending = earlier?.pending, pending.action == .create {
      try await settleCreate(of: change.client, pending)
    }
    // One more try where what the first left behind could be found and deleted, or proved not to be there.
    for attempt in 1...2 {
      let pending = await pendingCreate(of: change, metadata)
      try await recording { () throws(StateError) in try await run.recordIntent(pending, for: change.client) }
      switch await register(change, metadata, declaration, pending) {
      case .success(let answer): return try await confirmed(change, requestID: answer.requestID, metadata)
      case .failure(let error):
        if await cameThrough(change.client, in: error) { return try await confirmed(change, requestID: nil, metadata) }
        try await withdraw(change, after: error)
        guard error.effect == .unknown else { throw ChangeFailure(error) }
        let isManageable = await run.state.clients[change.client]?.isManageable ?? false
        guard attempt == 1, session.admin != nil && pending.marker != nil || isManageable, !session.stop.isRequested else {
          throw ChangeFailure(sentWithoutAnswer(error), isInDoubt: true)
        }
        try await settleCreate(of: change.client, pending)
      }
    }
    throw ChangeFailure("sent twice, and neither call was answered", isInDoubt: true)
  }

  private func pendingCreate(of change: Change, _ metadata: JSONObject) async -> PendingCall {
    var marker: String?
    if let member = session.profile.createMarker, metadata[member] == nil {
      marker = Marker(lineage: await run.state.lineage, name: change.client).text
    }
    return PendingCall(action: .create, at: now(), marker: marker, metadata: metadata)
  }

  private func register(
    _ change: Change, _ metadata: JSONObject, _ declaration: Declaration, _ pending: PendingCall
  ) async -> Result<ClientInformation, RegistrationError> {
    let body = session.profile.createBody(declared: metadata, marker: pending.marker)
    return await session.attempt { () throws(RegistrationError) in
      try await session.client.createOidcDynamicClient(
        body, at: session.endpoints.registrationEndpoint, initialAccessToken: session.initialAccessToken
      ) { arrived in
        try await record(registered(arrived, change, metadata, declaration), for: change.client)
      }
    }
  }

  /// The entry of a client that was just registered, with as much as its answer brought.
  private func registered(
    _ arrived: ClientInformation, _ change: Change, _ metadata: JSONObject, _ declaration: Declaration
  ) -> ClientState {
    var entry = ClientState(clientID: nil, applied: metadata)
    entry.status = .unconfirmed
    begin(generationIn: &entry, declaration)
    keep(arrived, in: &entry, for: change.client)
    entry.secretIssuedAt = arrived.clientSecret == nil ? nil : entry.appliedAt
    return entry
  }

  /// Finds out what a create without a whole answer left behind, and deletes it: by the token that came, where the secret did not, or
  /// by its marker.
  ///
  /// "Not found" counts only once the call's time limit has passed since the intent: until then the provider may still be at it.
  func settleCreate(of client: String, _ pending: PendingCall) async throws(ChangeFailure) {
    let entry = await run.state.clients[client]
    if let admin = session.admin {
      try await settle(client, entry, pending, admin)
    } else if entry?.isManageable ?? false {
      try await deleteHalfKnown(client, pending)
    } else {
      throw ChangeFailure("sent earlier, and no admin API to ask what became of it", isInDoubt: true)
    }
    try await recording { () throws(StateError) in try await run.recordOutcome(nil, for: client) }
  }

  /// The same by the admin API: by the id, where a part of the answer named it, or by the marker.
  private func settle(
    _ client: String, _ entry: ClientState?, _ pending: PendingCall, _ admin: HydraAdmin
  ) async throws(ChangeFailure) {
    if let marker = pending.marker, Marker(parsing: marker)?.lineage != (await run.state.lineage) {
      throw ChangeFailure("sent earlier, and the marker noted for it is not of this state", isInDoubt: true)
    }
    if let id = entry?.clientID {
      _ = try await asking { () throws(RegistrationError) in try await admin.delete(id) }
    } else {
      guard let marker = pending.marker else {
        throw ChangeFailure(
          "sent earlier without a marker (the manifest declares the member that carries it), so nothing tells what became of it",
          isInDoubt: true)
      }
      if try await deleteOrphans(marker, of: client, admin) == 0 {
        guard await session.stop.sleep(for: timeLeft(since: pending.at)) else {
          throw ChangeFailure("the run was asked to stop while it was being settled", isInDoubt: true)
        }
        _ = try await deleteOrphans(marker, of: client, admin)
      }
    }
    if let marker = pending.marker { settled.append(client, marker) }
  }

  /// Deletes the registration whose secret nobody has, by the token that came before the answer broke off.
  private func deleteHalfKnown(_ client: String, _ pending: PendingCall) async throws(ChangeFailure) {
    let held = try await credentials(of: client)
    // By an earlier run too, which may have been killed behind it.
    var wasSent = pending.deletionAt != nil
    for _ in 1...2 {
      let time = now()
      try await recording { () throws(StateError) in try await run.recordDeletion(ofHalfKnown: client, at: time) }
      guard case .failure(let error) = await sendDelete(held) else { return }
      // After a delete without an answer, this says that it happened.
      if wasSent, error.code == .notFound { return }
      if wasSent, error.code == .unauthorized, await deadTokenProvesDelete() { return }
      guard error.effect == .unknown else {
        if !wasSent {
          try await recording { () throws(StateError) in try await run.recordDeletion(ofHalfKnown: client, at: nil) }
        }
        throw ChangeFailure(
          "the answer to its create broke off before its secret, and it cannot be deleted: \(error.explanation)",
          isInDoubt: true)
      }
      wasSent = true
    }
    throw ChangeFailure("the answer to its create broke off before its secret, and no delete is answered", isInDoubt: true)
  }

  /// - Returns: how many there were.
  func deleteOrphans(_ marker: String, of client: String, _ admin: HydraAdmin) async throws(ChangeFailure) -> Int {
    let orphans = try await asking { () throws(RegistrationError) in try await admin.list(owner: marker) }
    // An orphan is what nobody knows. What the state knows as another client is never deleted for a marker's sake.
    let known = await run.state.clients.filter { $0.key != client || $0.value.pending == nil }
    if let other = known.first(where: { entry in orphans.contains { $0.clientID == entry.value.clientID } }) {
      throw ChangeFailure(
        "sent earlier, and \(other.key), which the state knows, carries its marker: look at both", isInDoubt: true)
    }
    for orphan in orphans {
      _ = try await asking { () throws(RegistrationError) in try await admin.delete(orphan.clientID) }
    }
    return orphans.count
  }

  /// What the admin API says; where it says nothing, what was asked about stays in doubt.
  func asking<Value: Sendable>(
    _ question: () async throws(RegistrationError) -> Value
  ) async throws(ChangeFailure) -> Value {
    do { return try await question() } catch {
      throw ChangeFailure("sent, no answer, and the admin API cannot tell: \(error.explanation)", isInDoubt: true)
    }
  }

  private func timeLeft(since intent: String) -> Duration {
    // The time of the intent was cut to whole seconds, so up to one of those that seem to have passed has not.
    let limit = session.registry.http.timeout + .seconds(1)
    guard let passed = Timestamp.seconds(from: intent, to: now()) else { return limit }
    let left = limit - .seconds(passed)
    return left > .zero ? left : .zero
  }

  func sentWithoutAnswer(_ error: RegistrationError) -> String { "sent, and \(error.explanation)" }

  /// Takes the intent back where the call had no effect; leaves it where nobody knows.
  func withdraw(_ change: Change, after error: RegistrationError) async throws(ChangeFailure) {
    guard error.effect == .none else { return }
    try await recording { () throws(StateError) in try await run.withdrawIntent(for: change.client) }
  }
}
