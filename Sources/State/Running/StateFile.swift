import OpenIDJSON
import Sealing

/// What a keeper's bytes say: the state with a leftover journal folded in, and with what it can be opened.
struct StateFile: Sendable {
  /// `nil` where there is none, or it stands in clear.
  var document: SOPSDocument?
  var state: RegistryState?
  /// How its credentials are opened; `nil` where no identity at hand does.
  var seal: CredentialSeal?
  var recipients: [String] = []
  /// When it was written, as sops notes it (RFC 3339); `nil` where it stands in clear.
  var writtenAt: String? { document?.metadata.lastModified }
  /// For whom it is sealed, in words.
  var holders: [String] = []
  /// The serial in the file itself; 0 where there is none.
  var serial = 0
  var foldedRecords = 0
  /// A journal that says nothing any more: the state that was committed holds it already, or no call was sent yet.
  var hasStaleJournal = false
  /// Whether something in the file is as an earlier version of clientsync left it.
  var isOutdated = false

  /// Who may open it, and whether it may stand in clear.
  struct Access: Sendable {
    var identities: AgeIdentities
    var allowsClear: Bool
  }

  /// - Parameter checksPlaces: whether ``PlaceSeal`` has to fit; not where somebody puts a changed state in place on purpose.
  init(
    _ kept: KeptState, registry: String, at place: String, _ access: Access, checksPlaces: Bool = true
  ) throws(StateError) {
    if let bytes = kept.state { try read(bytes, registry: registry, at: place, access, checksPlaces) }
    if let bytes = kept.journal { try fold(bytes, registry: registry, at: place, access) }
  }

  private mutating func read(
    _ bytes: [UInt8], registry: String, at place: String, _ access: Access, _ checksPlaces: Bool
  ) throws(StateError) {
    let object: JSONObject
    do throws(SOPSError) { object = try SOPSDocument.object(in: bytes) } catch { throw StateError(error, at: place) }
    try RegistryState.checkVersion(object, at: place)
    if object["sops"] == nil, object[StateEncryption.member] == "none" {
      guard access.allowsClear else { throw StateFile.clear(place) }
      seal = .clear
    } else {
      do throws(SOPSError) {
        let document = try SOPSDocument(object)
        self.document = document
        recipients = document.recipients
        holders = document.holders
        let key = try document.dataKey(with: access.identities)
        try document.verify(with: key)
        seal = .sealed(key)
      } catch {
        guard error.code == .noIdentity else { throw StateError(error, at: place) }
      }
    }
    let tree = document?.tree ?? object
    let state = try RegistryState(tree, at: place)
    guard state.registry == registry else {
      throw StateError(
        .damaged,
        "\(place) is the state of the registry \(state.registry), not of \(registry). Put it back under its own name.")
    }
    if case .sealed(let key) = seal {
      if checksPlaces { try PlaceSeal.check(tree, state, with: key, at: place) }
      isOutdated = PlaceSeal.isMissing(in: tree)
    }
    self.state = state
    serial = state.serial
  }

  static func clear(_ place: String) -> StateError {
    StateError(
      .clear,
      "\(place) is marked encryption: none, and its registry does not ask for that, so it is not trusted. Take the file back from git, seal it with state rekey, or say encryption: none in the registry."
    )
  }

  private mutating func fold(_ bytes: [UInt8], registry: String, at place: String, _ access: Access) throws(StateError) {
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
      holders = recipients
      if header.isClear {
        guard access.allowsClear else { throw StateFile.clear(String(journalPlace)) }
        seal = .clear
      } else {
        seal = header.envelopes.lazy.compactMap { DataKey.unwrap($0.armoured, with: access.identities) }.first
          .map(CredentialSeal.sealed)
      }
    }
    if let key = seal?.journalKey { try journal.verify(with: key, at: String(journalPlace)) }
    for record in journal.records { state?.take(record) }
    foldedRecords = journal.records.count
    hasStaleJournal = journal.records.isEmpty
  }

  /// - Throws: `noIdentity`, which names the recipients.
  func requireSeal(at place: String, _ identities: AgeIdentities) throws(StateError) -> CredentialSeal {
    if let seal { return seal }
    // What the document itself says of it is more: what sops could open, and what it answered.
    if let document {
      do throws(SOPSError) { return .sealed(try document.dataKey(with: identities)) } catch {
        throw StateError(error, at: place)
      }
    }
    let looked = identities.sources.isEmpty ? "" : " (looked in \(identities.sources.joined(separator: ", ")))"
    throw StateError(
      .noIdentity,
      "\(place) is sealed for \(holders.joined(separator: ", ")), and no identity at hand opens it\(looked). Set SOPS_AGE_KEY_FILE to the key file."
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
