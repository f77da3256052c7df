import OpenIDCryptography
import OpenIDJSON
import OpenIDRegistration
import Planning
import State

extension Applier {
  /// Replaces a client's registration.
  ///
  /// A set without an answer is settled by a read with the old token: where that still works nothing happened (at a provider that
  /// rotates) and the set is sent once more; a 401 means that it happened and that the new token is lost.
  func set(_ change: Change, _ declaration: Declaration) async throws(ChangeFailure) -> Outcome {
    if let movedFrom = change.movedFrom {
      try await recording { () throws(StateError) in try await run.rename(movedFrom, to: change.client) }
    }
    let metadata = change.metadata ?? JSONObject()
    let isInDoubt = await run.state.clients[change.client]?.pending?.action == .set
    for attempt in 1...2 {
      let held = try await credentials(of: change.client)
      let pending = PendingCall(action: .set, at: now(), marker: nil, metadata: metadata)
      try await recording { () throws(StateError) in try await run.recordIntent(pending, for: change.client) }
      switch await send(change, declaration, metadata, held) {
      case .success(let answer): return try await confirmed(change, requestID: answer.requestID, metadata)
      case .failure(let error):
        if await cameThrough(change.client, in: error) { return try await confirmed(change, requestID: nil, metadata) }
        // An earlier set without an answer happened, and the new token is lost: that stays to be told.
        if isInDoubt, error.code == .unauthorized {
          throw ChangeFailure("an earlier set got no answer, and its token is not accepted since", isInDoubt: true)
        }
        try await withdraw(change, after: error)
        guard error.effect == .unknown else { throw ChangeFailure(error) }
        guard attempt == 1, !session.stop.isRequested, try await provedUndone(held, of: change.client) else {
          throw ChangeFailure(sentWithoutAnswer(error), isInDoubt: true)
        }
      }
    }
    throw ChangeFailure("sent twice, and neither call was answered", isInDoubt: true)
  }

  private func send(
    _ change: Change, _ declaration: Declaration, _ metadata: JSONObject, _ held: Held
  ) async -> Result<ClientInformation, RegistrationError> {
    let body = session.profile.setBody(
      declared: metadata, clientID: held.clientID, clientSecret: held.secret, marker: await marker(of: change.client, metadata))
    return await session.attempt { () throws(RegistrationError) in
      try await session.client.setOidcDynamicClient(
        body, at: session.callURL(of: held.uri), authentication: .registrationAccessToken(held.token), clientID: held.clientID
      ) { arrived in
        guard var entry = await run.state.clients[change.client] else { return }
        entry.applied = metadata
        entry.observed = nil
        entry.status = .unconfirmed
        begin(generationIn: &entry, declaration)
        keep(arrived, in: &entry, for: change.client)
        try await record(entry, for: change.client, token: arrived.registrationAccessToken)
      }
    }
  }

  /// What a set or a delete of a known client needs.
  struct Held: Sendable {
    let clientID: String
    let uri: String
    let token: Secret
    let secret: Secret?
  }

  func credentials(of client: String) async throws(ChangeFailure) -> Held {
    guard let entry = await run.state.clients[client], let clientID = entry.clientID, let uri = entry.registrationClientURI,
      let token = try await recording({ () throws(StateError) in try await run.token(of: client) })
    else {
      throw ChangeFailure("the state holds no registration access token for it, so it cannot be managed by registration")
    }
    let secret = try await recording { () throws(StateError) in try await run.secret(of: client) }
    return Held(clientID: clientID, uri: uri, token: token, secret: secret)
  }

  /// The marker that a set carries on, so that the client can still be told as ours.
  private func marker(of client: String, _ metadata: JSONObject) async -> String? {
    guard let member = session.profile.createMarker, metadata[member] == nil else { return nil }
    return Marker(lineage: await run.state.lineage, name: client).text
  }

  /// Whether the token held before a call without an answer still works, so that the call did nothing. Then its intent is settled,
  /// and the token that this read may have handed out is kept.
  func provedUndone(_ held: Held, of client: String) async throws(ChangeFailure) -> Bool {
    let result = await session.read(held.uri, held.token, of: held.clientID)
    let brought = result.token(besides: held.token)
    switch result {
    case .success(var answer):
      guard var entry = await run.state.clients[client] else { return false }
      answer.registrationAccessToken = brought
      if brought != nil { entry.readRotatedToken = true }
      keep(answer, in: &entry, for: client)
      let settled = entry
      try await recording { () throws(StateError) in try await run.recordOutcome(settled, for: client) }
      return true
    case .failure(let error):
      if let brought { try await keep(brought, of: client) }
      guard error.code == .unauthorized else {
        throw ChangeFailure("sent, no answer, then: \(error.explanation)", isInDoubt: true)
      }
      return false
    }
  }

  /// Takes a rename, and what only the state remembers, into the state. Nothing is changed at the provider.
  func remember(_ change: Change, _ declaration: Declaration) async throws(ChangeFailure) -> Outcome {
    if let movedFrom = change.movedFrom {
      try await recording { () throws(StateError) in try await run.rename(movedFrom, to: change.client) }
    }
    guard var entry = await run.state.clients[change.client] else {
      throw ChangeFailure("the state does not know it any more")
    }
    remember(declaration, in: &entry)
    let remembered = entry
    try await recording { () throws(StateError) in try await run.recordOutcome(remembered, for: change.client) }
    if change.reason == .notReadBack { return try await confirmed(change, requestID: nil, entry.applied) }
    return Outcome(change, .done, clientID: entry.clientID)
  }
}
