import FoundationEssentials
package import OpenIDCryptography
import OpenIDJSON
package import Sealing

/// What a registry's first run begins its state with.
package struct NewState: Sendable {
  package var binding: Binding
  package var recipients: [AgeRecipient]

  package init(binding: Binding, recipients: [AgeRecipient]) {
    self.binding = binding
    self.recipients = recipients
  }
}

/// What a run left.
package struct FinishedRun: Sendable {
  package var serial: Int
  /// Whether the state was written.
  package var wrote: Bool
}

/// One writing run: holds the lock, journals each step, and writes the state at the end.
///
/// Whoever records waits until the record is durable. Records of calls in flight share a sync: while one batch is written, the
/// next gathers.
package actor StateRun {
  package private(set) var state: RegistryState
  /// The serial in the file when the run began.
  package nonisolated let foundSerial: Int
  /// How many records of an earlier run's journal were folded in when it began.
  package nonisolated let foundRecords: Int

  private nonisolated let dataKey: DataKey
  private nonisolated let place: String
  private let keeper: any StateKeeper
  private let owner: LockOwner
  private let document: SOPSDocument
  private var base: RegistryState?
  private var waiting: [(bytes: [UInt8], continuation: CheckedContinuation<StateError?, Never>)] = []
  private var isWriting = false
  private var hasJournal = false
  private var failure: StateError?

  /// Takes the lock and reads the state again under it. What an earlier run left in its journal is made part of the state first.
  ///
  /// - Parameter new: for a registry without a state; without it such a registry is an error.
  package static func begin(
    _ keeper: some StateKeeper, registry: String, new: NewState?, identities: AgeIdentities, owner: LockOwner,
    lockTimeout: Duration
  ) async throws(StateError) -> StateRun {
    try await keeper.lock(owner, timeout: lockTimeout)
    do throws(StateError) {
      let file = try StateFile(try await keeper.read(), registry: registry, at: keeper.description, identities: identities)
      if let state = file.state { try await checkSerial(state, keeper) }
      let run = try StateRun(keeper, file, registry: registry, new: new, identities: identities, owner: owner)
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
    _ keeper: some StateKeeper, _ file: StateFile, registry: String, new: NewState?, identities: AgeIdentities, owner: LockOwner
  ) throws(StateError) {
    self.keeper = keeper
    self.owner = owner
    place = keeper.description
    foundSerial = file.serial
    foundRecords = file.foldedRecords
    if let state = file.state {
      let key = try file.requireDataKey(at: keeper.description, identities)
      dataKey = key
      self.state = state
      base = file.foldedRecords > 0 ? nil : state
      if let found = file.document {
        document = found
      } else {
        document = try StateRun.document(for: file.recipients, key, at: keeper.description)
      }
    } else if let new {
      let key = DataKey.generate()
      dataKey = key
      state = RegistryState(lineage: Random.uuid(), serial: 0, registry: registry, binding: new.binding)
      document = SOPSDocument.new(tree: [:], dataKey: key, recipients: new.recipients)
    } else {
      throw StateError(.missing, "\(keeper.description) is gone. Nothing was changed.")
    }
  }

  /// The document of a first run that was killed, by what its journal says. A file's own recipients are never read: they may be of
  /// kinds that only sops knows.
  private static func document(
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

  // MARK: Credentials

  /// Seals a credential for its place in the state.
  package nonisolated func seal(_ secret: Secret, as member: SealedMember, of client: String) -> String {
    dataKey.seal(secret, at: member.path(of: client))
  }

  package func token(of client: String) throws(StateError) -> Secret? { try open(.registrationAccessToken, of: client) }
  package func secret(of client: String) throws(StateError) -> Secret? { try open(.clientSecret, of: client) }

  private func open(_ member: SealedMember, of client: String) throws(StateError) -> Secret? {
    guard let sealed = state.clients[client]?.sealed[member] else { return nil }
    return try dataKey.open(sealed, as: member, of: client, at: place)
  }

  // MARK: Records

  /// Notes that a call is about to be sent. Durable when it returns.
  package func recordIntent(_ call: PendingCall, for client: String) async throws(StateError) {
    try await record(.intent(call, client: client))
  }

  /// Notes what became of a client, `nil` where it is gone; its intent is settled with that. Durable when it returns.
  package func recordOutcome(_ entry: ClientState?, for client: String) async throws(StateError) {
    try await record(.outcome(entry, client: client))
  }

  /// Notes that a call had no effect. Durable when it returns.
  package func withdrawIntent(for client: String) async throws(StateError) {
    try await record(.withdrawal(client: client))
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
      if record.isEnd { state.take(record) }
      throw failure
    }
    var bytes: [UInt8] = []
    if !hasJournal {
      hasJournal = true
      bytes = Journal.line(header.json)
    }
    bytes += Journal.line(record.json)
    let before = record.intended.map { (client: $0, entry: state.clients[$0]) }
    state.take(record)
    let failed = await withCheckedContinuation { continuation in
      waiting.append((bytes, continuation))
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

  private var header: Journal.Header {
    Journal.Header(
      lineage: state.lineage, serial: state.serial, registry: state.registry, binding: state.binding,
      envelopes: document.metadata.envelopes)
  }

  private func write() async {
    while !waiting.isEmpty {
      let batch = waiting
      waiting = []
      if failure == nil {
        do throws(StateError) { try await keeper.append(batch.flatMap(\.bytes)) } catch { failure = error }
      }
      for record in batch { record.continuation.resume(returning: failure) }
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
      let isUnchanged = base == state || base == nil && foundRecords == 0 && state.serial == 0 && state.clients.isEmpty
      if isUnchanged {
        if hasJournal { try await keeper.removeJournal() }
      } else if base != nil || hasJournal {
        try await commit()
        wrote = true
      }
    } catch {
      try? await keeper.unlock(owner)
      throw error
    }
    try await keeper.unlock(owner)
    return FinishedRun(serial: state.serial, wrote: wrote)
  }

  private func commit() async throws(StateError) {
    var next = state
    next.serial += 1
    var written = document
    written.tree = next.json
    let bytes: [UInt8]
    do throws(SOPSError) { bytes = try written.written(with: dataKey, at: Date()) } catch { throw StateError(error, at: place) }
    try await keeper.commit(bytes, lineage: next.lineage, serial: next.serial)
    state = next
    base = next
    try await keeper.removeJournal()
    hasJournal = false
  }
}
