import OpenIDJSON
import Sealing

/// What a keeper's bytes say: the state with a leftover journal folded in, and with what it can be opened.
struct StateFile: Sendable {
  var document: SOPSDocument?
  var state: RegistryState?
  var dataKey: DataKey?
  var recipients: [String] = []
  /// The serial in the file itself; 0 where there is none.
  var serial = 0
  var foldedRecords = 0
  /// A journal that says nothing any more: the state that was committed holds it already, or no call was sent yet.
  var hasStaleJournal = false

  init(_ kept: KeptState, registry: String, at place: String, identities: AgeIdentities) throws(StateError) {
    if let bytes = kept.state {
      let document: SOPSDocument
      do throws(SOPSError) { document = try SOPSDocument(parsing: bytes) } catch { throw StateError(error, at: place) }
      try RegistryState.checkVersion(document.tree, at: place)
      self.document = document
      recipients = document.recipients
      do throws(SOPSError) {
        let key = try document.dataKey(with: identities)
        try document.verify(with: key)
        dataKey = key
      } catch {
        guard error.code == .noIdentity else { throw StateError(error, at: place) }
      }
      let state = try RegistryState(document.tree, at: place)
      guard state.registry == registry else {
        throw StateError(
          .damaged,
          "\(place) is the state of the registry \(state.registry), not of \(registry). Put it back under its own name.")
      }
      self.state = state
      serial = state.serial
    }
    if let bytes = kept.journal { try fold(bytes, registry: registry, at: place, identities: identities) }
  }

  private mutating func fold(
    _ bytes: [UInt8], registry: String, at place: String, identities: AgeIdentities
  ) throws(StateError) {
    let journalPlace = place.hasSuffix(".json") ? place.dropLast(4) + "journal" : "the journal of \(place)"
    guard let journal = try Journal(parsing: bytes, at: String(journalPlace)) else {
      hasStaleJournal = true
      return
    }
    let header = journal.header
    if let state, state.lineage == header.lineage, state.serial == header.serial + 1, state.holds(journal.records) {
      hasStaleJournal = true
      return
    }
    guard header.registry == registry,
      state.map({ $0.lineage == header.lineage && $0.serial == header.serial }) ?? (header.serial == 0)
    else {
      throw StateError(
        .damagedJournal,
        "\(journalPlace) goes on from another state (serial \(header.serial)) than \(place) (serial \(serial)). Put that state back, or keep the journal elsewhere: it may hold the only copy of a token."
      )
    }
    if state == nil {
      state = RegistryState(lineage: header.lineage, serial: 0, registry: registry, binding: header.binding)
      recipients = header.envelopes.map(\.recipient)
      dataKey = header.envelopes.lazy.compactMap { DataKey.unwrap($0.armoured, with: identities) }.first
    }
    for record in journal.records { state?.take(record) }
    foldedRecords = journal.records.count
    hasStaleJournal = journal.records.isEmpty
  }

  /// - Throws: `noIdentity`, which names the recipients.
  func requireDataKey(at place: String, _ identities: AgeIdentities) throws(StateError) -> DataKey {
    if let dataKey { return dataKey }
    let looked = identities.sources.isEmpty ? "" : " (looked in \(identities.sources.joined(separator: ", ")))"
    throw StateError(
      .noIdentity,
      "\(place) is sealed for \(recipients.joined(separator: ", ")), and no identity at hand opens it\(looked). Set SOPS_AGE_KEY_FILE to the key file."
    )
  }
}

extension RegistryState {
  /// Whether the records stand in this state already, as where a run was killed between writing the state and removing its journal.
  ///
  /// The serial alone does not tell: another machine may have written the next state meanwhile, and this journal's tokens are not
  /// in it. Taking records in twice changes nothing, and no two seals are alike.
  fileprivate func holds(_ records: [JournalRecord]) -> Bool {
    var again = self
    for record in records { again.take(record) }
    return again == self
  }
}
