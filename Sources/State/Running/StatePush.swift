import FoundationEssentials
import OpenIDJSON
package import Sealing

/// A state from elsewhere that is to be put in the place of the one that is there: what that would forget, and whether it fits.
package struct StatePush: Sendable {
  /// Clients that are there now and would be gone.
  package let forgotten: [String]
  /// Clients whose credentials would be others.
  package let changedCredentials: [String]
  /// Clients that would be new.
  package let added: [String]
  /// For whom it is sealed, where that are others than what is there is sealed for.
  package let otherHolders: [String]
  /// Why it does not go on from what is there; `nil` where it does.
  package let mismatch: String?
  package let serial: Int
  /// Whether both say the same, so that there is nothing to do.
  package let isSame: Bool

  private let pushed: [UInt8]
  private let bytes: [UInt8]
  private let lineage: String
  /// What was there when it was compared.
  private let over: KeptState.Mark
  /// A journal that a killed run left beside the state that is there.
  private let leftover: Leftover

  private enum Leftover { case none, held, other }

  /// Compares; to be called under the lock.
  ///
  /// - Throws: ``StateError`` where the bytes are no state of this registry, or nobody here can open them.
  package init(
    _ pushed: [UInt8], to keeper: some StateKeeper, registry: String, identities: AgeIdentities, allowsClear: Bool
  ) async throws(StateError) {
    let access = StateFile.Access(identities: identities, allowsClear: allowsClear)
    let new = try StateFile(KeptState(state: pushed), registry: registry, at: "the pushed state", access, checksPlaces: false)
    guard let state = new.state else { throw StateError(.missing, "the pushed state is empty") }
    let seal = try new.requireSeal(at: "the pushed state", identities)
    let kept = try await keeper.read()
    over = KeptState.Mark(kept.state)
    self.pushed = pushed
    // What is there may be what has to be replaced because nobody can read it.
    let old = try? StateFile(kept, registry: registry, at: keeper.description, access)
    let known = old?.state?.clients ?? [:]
    forgotten = known.keys.filter { state.clients[$0] == nil }.sorted()
    added = state.clients.keys.filter { known[$0] == nil }.sorted()
    var changed: [String] = []
    for (name, entry) in known {
      guard let next = state.clients[name] else { continue }
      let isSame = SealedMember.allCases.allSatisfy { member in
        let before = entry.sealed[member].flatMap { text in
          old?.seal.flatMap { try? $0.open(text, as: member, of: name, at: "") }
        }
        let after = next.sealed[member].flatMap { try? seal.open($0, as: member, of: name, at: "") }
        return before == after
      }
      if !isSame { changed.append(name) }
    }
    changedCredentials = changed.sorted()
    leftover = StatePush.leftover(kept.journal, beside: state, at: keeper.description)
    let highest = await keeper.highestSerial(of: state.lineage) ?? 0
    // Where there is none, nobody could open it.
    otherHolders = old.map { $0.state == nil || Set($0.holders) == Set(new.holders) ? [] : new.holders } ?? []
    var mismatch = StatePush.mismatch(
      of: state, with: old, exists: kept.state != nil, highest, leftover, at: keeper.description)
    if mismatch == nil, case .sealed(let key) = seal, let tree = new.document?.tree {
      do throws(StateError) { try PlaceSeal.check(tree, state, with: key, at: "the pushed state") } catch {
        mismatch =
          "in the pushed state, where credentials go (the binding, a client's id or registration_client_uri) was changed past clientsync"
      }
    }
    self.mismatch = mismatch
    // What is in its place already and does not fit, an old state or one changed by hand, is written anew where it is meant.
    isSame = kept.state == pushed && leftover == .none && mismatch == nil
    lineage = state.lineage
    var next = state
    next.serial = max(state.serial, old?.serial ?? 0, highest) + 1
    next.unknown[RegistryState.rescuedRun] = nil
    next.unknown[RegistryState.rescuedTokens] = nil
    serial = next.serial
    var document = new.document
    bytes = try next.bytes(sealedBy: seal, in: &document, at: "the pushed state")
  }

  private static func mismatch(
    of state: RegistryState, with old: StateFile?, exists: Bool, _ highest: Int, _ leftover: Leftover, at place: String
  ) -> String? {
    if exists, old == nil { return "\(place) cannot be read, so nobody can tell whether the pushed state goes on from it" }
    if let known = old?.state {
      if known.lineage != state.lineage {
        return "the pushed state is of another lineage (\(state.lineage)) than \(place) (\(known.lineage))"
      }
      if state.serial < known.serial {
        return "the pushed state is older: serial \(state.serial), and \(place) has \(known.serial)"
      }
    }
    if state.serial < highest { return "the pushed state is older: serial \(state.serial), and \(highest) was seen before" }
    if leftover == .other, (old?.foldedRecords ?? 0) > 0 {
      return
        "a run that was killed left a journal beside \(place), and what it holds is not in the pushed state; apply folds it in"
    }
    return nil
  }

  /// Puts it in place, with the next serial. The state that was there stays as the backup.
  package func commit(to keeper: some StateKeeper) async throws(StateError) {
    try await keeper.commit(bytes, over: over, lineage: lineage, serial: serial)
    switch leftover {
    case .none: break
    case .held: try await keeper.removeJournal()
    case .other: try await keeper.setJournalAside()
    }
    await keeper.settle(rescued: pushed)
  }

  /// Whether what is pushed holds all that the journal does: where it was rescued by the very run that wrote the journal.
  private static func leftover(_ journal: [UInt8]?, beside pushed: RegistryState, at place: String) -> Leftover {
    guard let journal else { return .none }
    guard let header = (try? Journal(parsing: journal, at: place))?.header, let run = header.run,
      pushed.unknown[RegistryState.rescuedRun] == .string(run), pushed.lineage == header.lineage
    else { return .other }
    return .held
  }
}
