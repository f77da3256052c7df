import OpenIDCryptography
import OpenIDJSON
import OpenIDRegistration
import Planning
import State

extension Applier {
  /// Notes in the entry what of the manifest only the state remembers.
  func remember(_ declaration: Declaration, in entry: inout ClientState) {
    entry.deletion = declaration.deletion
    entry.labels = declaration.labels
    entry.source = declaration.source
    entry.secretVersion = declaration.secretVersion
  }

  /// Notes that a create or a set happened: another generation, and which plan asked for it.
  func begin(generationIn entry: inout ClientState, _ declaration: Declaration) {
    remember(declaration, in: &entry)
    entry.generation += 1
    entry.appliedAt = now()
    entry.planDigest = digest
  }

  /// Takes over what an answer brought, its credentials sealed: a token or a secret that reached us is kept, whatever else is odd.
  func keep(_ arrived: ClientInformation, in entry: inout ClientState, for client: String) {
    if !arrived.clientID.isEmpty { entry.clientID = arrived.clientID }
    if let uri = arrived.registrationClientURI { entry.registrationClientURI = uri }
    if let expires = arrived.clientSecretExpiresAt { entry.clientSecretExpiresAt = expires }
    if let secret = arrived.clientSecret {
      entry.sealed.clientSecret = run.seal(secret, as: .clientSecret, of: client)
    }
    if let token = arrived.registrationAccessToken {
      entry.sealed.registrationAccessToken = run.seal(token, as: .registrationAccessToken, of: client)
      entry.tokenIssuedAt = now()
    }
  }

  /// Keeps a token that a read brought.
  func keep(_ token: Secret, of client: String) async throws(ChangeFailure) {
    try await recording { () throws(StateError) in try await run.recordToken(token, of: client, at: now()) }
  }

  /// Notes what the answer to a create brought. Where that is not all that a create brings, the answer may have broken off before its
  /// token or its secret: then the call stays in doubt until the whole of it says otherwise.
  func record(_ entry: ClientState, for client: String) async throws(StateError) {
    if entry.isManageable, entry.sealed.clientSecret != nil || !entry.wantsSecret {
      try await run.recordOutcome(entry, for: client)
    } else {
      try await run.recordArrival(entry, for: client)
    }
  }

  /// The same after a set, whose entry has the token of before.
  func record(_ entry: ClientState, for client: String, token: Secret?) async throws(StateError) {
    if token != nil { try await run.recordOutcome(entry, for: client) } else { try await run.recordArrival(entry, for: client) }
  }

  /// Whether a call that failed had brought all that is shown only once: its answer broke off behind that.
  func cameThrough(_ client: String, in error: RegistrationError) async -> Bool {
    if case .mismatch = error.code { return false }
    guard error.effect != .none, error.code != .persist, error.received?.registrationAccessToken != nil,
      let entry = await run.state.clients[client], entry.pending == nil
    else { return false }
    // For a client with a secret it may have been still to come. A set shows none.
    return error.operation == .setOidcDynamicClient || entry.sealed.clientSecret != nil || !entry.wantsSecret
  }

  /// Reads the client once after a create or a set: what it returns is the new observed. Finds clients that were accepted and are
  /// out of reach, and declared members that were dropped.
  func confirmed(
    _ change: Change, requestID: String?, _ metadata: JSONObject
  ) async throws(ChangeFailure) -> Outcome {
    guard var entry = await run.state.clients[change.client], let uri = entry.registrationClientURI,
      let token = try await recording({ () throws(StateError) in try await run.token(of: change.client) })
    else {
      try await settle(change.client)
      return Outcome(
        change, .done, requestID: requestID, clientID: await run.state.clients[change.client]?.clientID,
        notes: ["the provider gave no registration access token, so clientsync cannot manage the client from here on"])
    }
    let result = await session.read(uri, token, of: entry.clientID)
    let brought = result.token(besides: token)
    let read: ClientInformation
    switch result {
    case .success(let answer): read = answer
    case .failure(let error):
      if let brought { try await keep(brought, of: change.client) }
      try await settle(change.client)
      throw ChangeFailure("accepted, and cannot be read back: \(error.explanation)")
    }
    // A token that is the one held keeps its seal, and so its bytes.
    var news = read
    news.registrationAccessToken = brought
    if brought != nil { entry.readRotatedToken = true }
    keep(news, in: &entry, for: change.client)
    let observed = session.profile.canonical(read.metadata.members)
    entry.observed = observed
    entry.status = .ok
    let isInDoubt = entry.pending != nil
    let confirmed = entry
    try await recording { () throws(StateError) in
      if news.bringsCredentials || isInDoubt {
        try await run.recordOutcome(confirmed, for: change.client)
      } else {
        try await run.recordReading(confirmed, for: change.client)
      }
    }
    return Outcome(
      change, .done, requestID: requestID, clientID: entry.clientID, notes: notHonoured(metadata, observed))
  }

  /// Ends the doubt about a call whose whole answer came, where that had no token in it.
  private func settle(_ client: String) async throws(ChangeFailure) {
    guard let entry = await run.state.clients[client], entry.pending != nil else { return }
    try await recording { () throws(StateError) in try await run.recordOutcome(entry, for: client) }
  }

  /// The declared members that the provider did not take as they are.
  private func notHonoured(_ declared: JSONObject, _ observed: JSONObject) -> [String] {
    let wanted = session.profile.canonical(declared)
    return wanted.compactMap { member in
      if observed[member.name]?.isEquivalent(to: member.value) ?? false { return nil }
      if let reason = session.profile.reasonNotHonoured(member.name) { return "warning: \(member.name): \(reason)" }
      return observed[member.name] == nil
        ? "warning: \(member.name) was not kept by the provider"
        : "warning: \(member.name) was changed by the provider"
    }
  }
}

extension ClientState {
  /// Whether a create of it brings a secret: not for a public client, nor for one that shows who it is by a key of its own
  /// (RFC 7591, sections 2 and 3.2.1; RFC 8705, section 2).
  fileprivate var wantsSecret: Bool {
    guard let method = applied["token_endpoint_auth_method"]?.string else { return true }
    return !["none", "private_key_jwt", "tls_client_auth", "self_signed_tls_client_auth"].contains(method)
  }
}

extension ClientInformation {
  /// Whether it holds something that is shown only once.
  fileprivate var bringsCredentials: Bool { clientSecret != nil || registrationAccessToken != nil }
}
