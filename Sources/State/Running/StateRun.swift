import FoundationEssentials
package import OpenIDCryptography
import OpenIDJSON
package import Sealing
import Synchronization

/// One writing run: holds the lock, journals each step, and writes the state at the end.
///
/// Whoever records waits until the record is durable. Records of calls in flight share a sync: while one batch is written, the
/// next gathers.
package actor StateRun {
  package internal(set) var state: RegistryState
  /// The serial in the file when the run began.
  package nonisolated let foundSerial: Int
  /// How many records of an earlier run's journal were folded in when it began.
  package nonisolated let foundRecords: Int

  nonisolated let credentials: Mutex<CredentialSeal>
  nonisolated let place: String
  private let keeper: any StateKeeper
  private let owner: LockOwner
  /// `nil` where the state stands in clear.
  var document: SOPSDocument?
  private var base: RegistryState?
  /// What lies in the keeper as far as this run knows.
  private var known: KeptState.Mark
  private var chain: Journal.Chain
  /// Whether the state is written at the end though no client of it changed.
  var mustWrite = false
  /// Whether the state that is there stands in clear, and the next one will not.
  var leavesClear = false
  /// The highest serial seen of a lineage that a new state goes on with.
  private var seenSerial = 0
  /// Records that are not in the journal yet; who waits for one to be durable has a continuation.
  private var waiting: [(bytes: [UInt8], continuation: CheckedContinuation<StateError?, Never>?)] = []
  private var isWriting = false
  /// Clients with calls under way: an intent was noted, or an outcome that is to be read back.
  private var active: Set<String> = []
  /// What was known of clients whose create is under way, and holds again where it had no effect.
  private var replaced: [String: ClientState] = [:]
  private var hasJournal = false
  private var failure: StateError?

  /// Takes the lock and reads the state again under it. What an earlier run left in its journal is made part of the state first.
  ///
  /// - Parameters:
  ///   - new: for a registry without a state; without it such a registry is an error.
  ///   - settlesTokens: whether the run is there to take in tokens that were put aside, so that those do not keep it from beginning.
  package static func begin(
    _ keeper: some StateKeeper, registry: String, new: NewState?, identities: AgeIdentities, owner: LockOwner,
    lockTimeout: Duration, allowsClear: Bool = false, settlesTokens: Bool = false
  ) async throws(StateError) -> StateRun {
    try await keeper.lock(owner, timeout: lockTimeout)
    do throws(StateError) {
      let access = StateFile.Access(identities: identities, allowsClear: allowsClear)
      let kept = try await keeper.read()
      let file = try StateFile(kept, registry: registry, at: keeper.description, access)
      try await checkRescued(keeper, butTokens: settlesTokens)
      if let state = file.state { try await checkSerial(state, keeper) }
      // As a kill leaves it between the first sealed state and the end of its run.
      if file.document != nil, RegistryState.standsInClear((try? await keeper.backup()) ?? nil) {
        try? await keeper.removeBackup()
      }
      let run = try StateRun(
        keeper, file, KeptState.Mark(kept.state), registry: registry, new: new, identities: identities, owner: owner)
      if file.state == nil, let lineage = new?.lineage { await run.goOn(after: await keeper.highestSerial(of: lineage)) }
      if file.foldedRecords > 0 {
        try await run.commit()
      } else if file.hasStaleJournal {
        try await keeper.removeJournal()
      }
      return run
    } catch {
      try? await keeper.unlock(owner)
      throw error
    }
  }

  private init(
    _ keeper: some StateKeeper, _ file: StateFile, _ known: KeptState.Mark, registry: String, new: NewState?,
    identities: AgeIdentities, owner: LockOwner
  ) throws(StateError) {
    self.keeper = keeper
    self.known = known
    self.owner = owner
    place = keeper.description
    foundSerial = file.serial
    foundRecords = file.foldedRecords
    let seal: CredentialSeal
    if let state = file.state {
      seal = try file.requireSeal(at: keeper.description, identities)
      self.state = state
      base = file.foldedRecords > 0 ? nil : state
      if let found = file.document {
        document = found
      } else if case .sealed(let key) = seal {
        document = try StateRun.document(for: file.recipients, key, at: keeper.description)
      }
    } else if let new {
      state = RegistryState(lineage: new.lineage ?? Random.uuid(), serial: 0, registry: registry, binding: new.binding)
      switch new.encryption {
      case .age(let recipients):
        let key = DataKey.generate()
        seal = .sealed(key)
        document = SOPSDocument.new(tree: [:], dataKey: key, recipients: recipients)
      case .none: seal = .clear
      }
    } else {
      throw StateError.gone(keeper.description)
    }
    credentials = Mutex(seal)
    chain = Journal.Chain(key: seal.journalKey)
  }

  private func goOn(after serial: Int?) { seenSerial = serial ?? 0 }

  /// The document of a first run that was killed, by what its journal says. A file's own recipients are never read: they may be of
  /// kinds that only sops knows.
  static func document(
    for recipients: [String], _ key: DataKey, at place: String
  ) throws(StateError) -> SOPSDocument {
    var parsed: [AgeRecipient] = []
    for text in recipients {
      do throws(AgeError) { parsed.append(try AgeRecipient(parsing: text)) } catch {
        throw StateError(.damagedJournal, "the journal of \(place): \(error)")
      }
    }
    return SOPSDocument.new(tree: [:], dataKey: key, recipients: parsed)
  }

  /// Whether what the run found is what somebody looked at before, so that a plan made from that still holds.
  ///
  /// The serial alone does not tell: an edit by `sops edit` leaves it as it is.
  package func found(_ opened: OpenedState) -> Bool {
    guard foundSerial == opened.serial, foundRecords == opened.foldedRecords else { return false }
    guard let known = opened.state else { return foundSerial == 0 && foundRecords == 0 }
    var now = state
    now.serial = known.serial
    return now == known
  }

  // MARK: Credentials

  /// Seals a credential for its place in the state.
  package nonisolated func seal(_ secret: Secret, as member: SealedMember, of client: String) -> String {
    credentials.withLock { $0 }.seal(secret, as: member, of: client)
  }

  package func token(of client: String) throws(StateError) -> Secret? { try open(.registrationAccessToken, of: client) }
  package func secret(of client: String) throws(StateError) -> Secret? { try open(.clientSecret, of: client) }

  func open(_ member: SealedMember, of client: String) throws(StateError) -> Secret? {
    guard let sealed = state.clients[client]?.sealed[member] else { return nil }
    return try credentials.withLock { $0 }.open(sealed, as: member, of: client, at: place)
  }

  // MARK: Records

  /// Notes that a call is about to be sent. Durable when it returns.
  package func recordIntent(_ call: PendingCall, for client: String) async throws(StateError) {
    if call.action == .create, let known = state.clients[client], known.pending == nil { replaced[client] = known }
    try await record(.intent(call, client: client))
  }

  /// Notes what became of a client, `nil` where it is gone; its intent is settled with that. Durable when it returns.
  package func recordOutcome(_ entry: ClientState?, for client: String) async throws(StateError) {
    replaced[client] = nil
    try await record(.outcome(entry, client: client))
  }

  /// Notes what a part of an answer brought; the call stays in doubt. Durable when it returns.
  package func recordArrival(_ entry: ClientState, for client: String) async throws(StateError) {
    try await record(.arrival(entry, client: client))
  }

  /// Keeps a token that a read of a client handed out. Durable when it returns.
  package func recordToken(_ token: Secret, of client: String, at time: String?) async throws(StateError) {
    guard var entry = state.clients[client] else { return }
    entry.sealed.registrationAccessToken = seal(token, as: .registrationAccessToken, of: client)
    entry.tokenIssuedAt = time
    entry.readRotatedToken = true
    // A token ends no doubt: what else the answer to a create was to bring may still be missing.
    if entry.pending == nil {
      try await recordOutcome(entry, for: client)
    } else {
      try await recordArrival(entry, for: client)
    }
  }

  /// Notes that what a create in doubt made is about to be deleted, or that this had no effect (`nil`). Durable when it returns.
  package func recordDeletion(ofHalfKnown client: String, at time: String?) async throws(StateError) {
    guard let before = state.clients[client], before.pending != nil else { return }
    var entry = before
    entry.pending?.deletionAt = time
    do throws(StateError) { try await recordArrival(entry, for: client) } catch {
      // The delete is not going to be sent, and a note that says so would make a dead token pass for its success.
      if time != nil { state.clients[client] = before }
      throw error
    }
  }

  /// Notes what a read of a client showed where it brought nothing which is shown only once. It goes with the next records, and nobody
  /// waits for that: a run that is killed before reads the client again.
  package func recordReading(_ entry: ClientState, for client: String) throws(StateError) {
    if let failure {
      state.take(.outcome(entry, client: client))
      throw failure
    }
    queue(.outcome(entry, client: client), nil)
  }

  /// Notes that a call had no effect. Durable when it returns.
  package func withdrawIntent(for client: String) async throws(StateError) {
    guard let known = replaced.removeValue(forKey: client) else { return try await record(.withdrawal(client: client)) }
    try await record(.outcome(known, client: client))
  }

  /// Gives a client another name; its credentials are sealed again, for their place is part of the seal.
  package func rename(_ from: String, to client: String) async throws(StateError) {
    guard var entry = state.clients[from] else { return }
    for member in SealedMember.allCases {
      guard let secret = try open(member, of: from) else { continue }
      entry.sealed[member] = seal(secret, as: member, of: client)
    }
    try await record(.rename(entry, from: from, client: client))
  }

  /// Lets the credentials go elsewhere from here on.
  package func setBinding(_ binding: Binding) async throws(StateError) {
    if binding != state.binding { try await record(.binding(binding)) }
  }

  private func record(_ record: JournalRecord) async throws(StateError) {
    if let failure {
      // What a call brought is kept in memory all the same: the state at the end may still be written.
      if record.bringsSomething { state.take(record) }
      throw failure
    }
    let before = record.intended.map { (client: $0, entry: state.clients[$0]) }
    let failed = await withCheckedContinuation { continuation in
      queue(record, continuation)
      if !isWriting {
        isWriting = true
        Task { await write() }
      }
    }
    guard let failed else { return }
    // The call is not going to be sent.
    if let before { state.clients[before.client] = before.entry }
    throw failed
  }

  private func queue(_ record: JournalRecord, _ continuation: CheckedContinuation<StateError?, Never>?) {
    var bytes: [UInt8] = []
    if !hasJournal {
      hasJournal = true
      bytes = chain.line(header.json)
    }
    bytes += chain.line(record.json)
    note(record)
    state.take(record)
    waiting.append((bytes, continuation))
  }

  /// How many wait for their record to be durable.
  private var waiters: Int { waiting.count { $0.continuation != nil } }

  private var header: Journal.Header {
    Journal.Header(
      lineage: state.lineage, serial: state.serial, registry: state.registry, run: owner.id, binding: state.binding,
      envelopes: document?.metadata.envelopes ?? [], isClear: document == nil)
  }

  /// Keeps count of the clients that records are still to come for.
  private func note(_ record: JournalRecord) {
    switch record {
    case .intent(_, let client), .arrival(_, let client): active.insert(client)
    case .outcome(let entry?, let client) where entry.status == .unconfirmed: active.insert(client)
    case .outcome(_, let client), .withdrawal(let client): active.remove(client)
    case .rename, .binding: break
    }
  }

  /// Lets records of other calls under way come along, so that a sync serves many: while they keep coming, for ten milliseconds at most, and
  /// not at all where nobody else is.
  private func gather() async {
    var (known, quiet) = (waiters, 0)
    for _ in 0..<40 where waiters * 5 < active.count * 3 && quiet < 8 {
      try? await Task.sleep(for: .microseconds(250))
      (known, quiet) = (waiters, waiters == known ? quiet + 1 : 0)
    }
  }

  private func write() async {
    while waiters > 0 {
      await gather()
      let batch = waiting
      waiting = []
      if failure == nil, !(await keeper.isLocked(by: owner)) { failure = lostLock }
      if failure == nil {
        do throws(StateError) { try await keeper.append(batch.flatMap(\.bytes)) } catch { failure = error }
      }
      for record in batch { record.continuation?.resume(returning: failure) }
    }
    isWriting = false
  }

  // MARK: The end

  /// Writes the state where something changed, and takes journal and lock away. A run that changed nothing leaves the folder as it
  /// was.
  ///
  /// Where the journal could not be written any more, the state is: it holds what the calls under way brought.
  ///
  /// - Throws: where the state could not be written: then the journal stays, and the next run folds it.
  package func finish() async throws(StateError) -> FinishedRun {
    var wrote = foundRecords > 0
    do throws(StateError) {
      let isUnchanged =
        !mustWrite && (base == state || base == nil && foundRecords == 0 && state.serial == 0 && state.clients.isEmpty)
      let isLocked = await keeper.isLocked(by: owner)
      if isUnchanged {
        // A run that learned nothing has nothing to put aside, and touches nothing of another's.
        if hasJournal, isLocked { try await keeper.removeJournal() }
      } else if base != nil || hasJournal || mustWrite {
        guard isLocked else { throw lostLock }
        await appendReadings()
        try await commit()
        wrote = true
      }
    } catch {
      let rescued = await rescue(after: error)
      try? await keeper.unlock(owner)
      throw rescued
    }
    try await keeper.unlock(owner)
    return FinishedRun(serial: state.serial, wrote: wrote)
  }

  /// Puts what nobody waited for into the journal: a run that is killed between writing the state and removing its journal is known
  /// by a journal that holds nothing more and nothing less than the state.
  private func appendReadings() async {
    let batch = waiting
    waiting = []
    guard failure == nil, !batch.isEmpty else { return }
    do throws(StateError) { try await keeper.append(batch.flatMap(\.bytes)) } catch { failure = error }
  }

  private func commit() async throws(StateError) {
    let next = next()
    let bytes = try bytes(of: next)
    try await keeper.commit(bytes, over: known, lineage: next.lineage, serial: next.serial)
    known = KeptState.Mark(bytes)
    if leavesClear { try await keeper.removeBackup() }
    leavesClear = false
    state = next
    base = next
    mustWrite = false
    try await keeper.removeJournal()
    hasJournal = false
    chain = Journal.Chain(key: credentials.withLock { $0 }.journalKey)
  }

  private var lostLock: StateError {
    StateError(
      .changedMeanwhile, "the lock of \(place) was taken away while this run was at work, so it was left to whoever did that.")
  }

  private func next() -> RegistryState {
    var next = state
    next.serial = max(state.serial, seenSerial) + 1
    return next
  }

  private func bytes(of state: RegistryState) throws(StateError) -> [UInt8] {
    try state.bytes(sealedBy: credentials.withLock { $0 }, in: &document, at: place)
  }

  /// Where neither the journal nor the state can be written any more, what the calls under way brought would die with the process:
  /// then the state goes wherever there is room.
  private func rescue(after error: StateError) async -> StateError {
    guard failure != nil && error.code == .io || error.code == .changedMeanwhile else { return error }
    var next = next()
    next.unknown[RegistryState.rescuedRun] = .string(owner.id)
    if error.code == .changedMeanwhile, let there = try? await keeper.read().state,
      let serial = (try? JSONValue(parsing: there))?["serial"]?.integer, serial < .max - 1
    {
      // Whatever is there is not the whole, and is not to pass for it.
      next.serial = max(next.serial, serial + 1)
    }
    guard let bytes = try? bytes(of: next),
      let saved = await keeper.rescue(bytes, lineage: next.lineage, serial: next.serial, tokensOnly: false, over: nil)
    else { return error }
    if error.code == .changedMeanwhile {
      // All that it holds is in there now, and it goes on from a state that is gone. Another run's is not touched.
      if hasJournal, let journal = try? await keeper.read().journal,
        (try? Journal(parsing: journal, at: place))?.header.run == owner.id
      {
        try? await keeper.setJournalAside()
      }
      return StateError(
        .changedMeanwhile,
        "\(error.description) What this run learned is in \(saved), \(manner): its tokens are the ones that work for the clients that it touched. Look at both (state show --file), bring over what only the other one has, and put it in place with: state push \(saved)",
        rescuedTo: saved)
    }
    return StateError(
      .io,
      "\(error.description). What this run learned is in \(saved), \(manner); put it in place with: state push \(saved)",
      rescuedTo: saved)
  }

  private var manner: String { document == nil ? "in clear as the state is" : "sealed as ever" }
}
