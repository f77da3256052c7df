import Manifests
import OpenIDJSON
import OpenIDRegistration
import State

extension Planner {
  /// What becomes of a declared client.
  func verdict(on client: DeclaredClient, movedFrom: String?) -> Verdict {
    let known = movedFrom ?? client.name
    guard let entry = state?.clients[known] else {
      if let name = previousNameInDoubt(of: client) { return problem(.previousNameInDoubt(name), client, isWanted: true) }
      return .change(create(client, .notRegistered))
    }
    if entry.clientID == nil || entry.pending?.action == .create {
      return canSettle(entry)
        ? .change(create(client, .inDoubt)) : problem(.createInDoubt, client, isWanted: true)
    }
    let reading = live.reading(of: known)
    let isWanted = !declaredChanges(client, entry).isEmpty
    switch reading {
    case .gone: return .change(create(client, .goneAtProvider))
    case .unauthorized where entry.pending?.action == .set: return problem(.tokenLost, client, isWanted: isWanted)
    case .unauthorized: return problem(.unauthorized, client, isWanted: isWanted)
    case .tokenRejected:
      return problem(entry.pending?.action == .set ? .tokenLost : .tokenRejected, client, isWanted: isWanted)
    case .failed(let words): return problem(.unreadable(words), client, isWanted: isWanted)
    case .found, .notRead: return compare(client, entry, reading, movedFrom: movedFrom)
    }
  }

  /// What becomes of a client whose document is gone.
  func verdict(onRemoved name: String, _ entry: ClientState) -> Verdict {
    let reason = Reason.removed(from: entry.source)
    func problem(_ kind: Problem.Kind) -> Verdict {
      .problem(Problem(kind, registry: registry.name, client: name, place: nil, isWanted: true))
    }
    if entry.clientID == nil || entry.pending?.action == .create {
      return canSettle(entry)
        ? .change(Change(.delete, .inDoubt, registry: registry.name, client: name)) : problem(.createInDoubt)
    }
    if entry.deletion == DeclaredClient.Deletion.retain.rawValue {
      return .change(Change(.forget, reason, registry: registry.name, client: name))
    }
    var delete = Change(.delete, reason, registry: registry.name, client: name)
    if entry.deletion == DeclaredClient.Deletion.prevent.rawValue { delete.refusal = .prevented }
    switch live.reading(of: name) {
    case .gone: return .change(Change(.forget, .goneAtProvider, registry: registry.name, client: name))
    case .unauthorized where entry.pending?.action == .delete:
      return .change(Change(.forget, .inDoubt, registry: registry.name, client: name))
    case .unauthorized: return problem(.unauthorized)
    case .tokenRejected: return problem(.tokenRejected)
    case .failed(let words): return problem(.unreadable(words))
    case .found, .notRead: return entry.isManageable ? .change(delete) : problem(.noToken)
    }
  }

  /// A previous name whose create is in doubt and cannot be settled: this client may be what it made.
  private func previousNameInDoubt(of client: DeclaredClient) -> String? {
    client.previousNames.first { name in
      guard declared[name] == nil, let entry = state?.clients[name], entry.pending?.action == .create else { return false }
      return !canSettle(entry)
    }
  }

  /// Whether what a create in doubt left behind can be found and deleted: by the admin API, or by the token that came before its
  /// answer broke off.
  private func canSettle(_ entry: ClientState) -> Bool {
    profile.hasAdminAPI && registry.canAskAdmin && (entry.pending?.marker != nil || entry.clientID != nil)
      || entry.clientID != nil && entry.isManageable
  }

  private func problem(_ kind: Problem.Kind, _ client: DeclaredClient, isWanted: Bool) -> Verdict {
    .problem(Problem(kind, registry: registry.name, client: client.name, place: client.place, isWanted: isWanted))
  }

  private func create(_ client: DeclaredClient, _ reason: Reason) -> Change {
    var change = Change(.create, reason, registry: registry.name, client: client.name, place: client.place)
    change.metadata = client.metadata
    change.fields = client.metadata.map { member in
      let cause: FieldChange.Cause = client.defaulted.contains(member.name) ? .registryDefault : .declared
      return FieldChange(member: member.name, cause: cause, before: nil, after: member.value)
    }
    return change
  }

  private func compare(
    _ client: DeclaredClient, _ entry: ClientState, _ reading: LiveReading, movedFrom: String?
  ) -> Verdict {
    let comparison = comparison(of: client, entry, reading)
    guard comparison.fields.isEmpty else {
      guard entry.isManageable else { return problem(.noToken, client, isWanted: true) }
      var change = Change(.set, comparison.reason, registry: registry.name, client: client.name, place: client.place)
      change.movedFrom = movedFrom
      change.fields = comparison.fields
      change.unchangedMembers = comparison.unchanged
      change.metadata = comparison.metadata
      change.keptFromLive = comparison.keptFromLive
      change.mayBeReset = profile.invisible.subtracting(client.metadata.names).sorted()
      return .change(change)
    }
    if let movedFrom {
      var change = Change(.move, .renamed, registry: registry.name, client: client.name, place: client.place)
      change.movedFrom = movedFrom
      change.unchangedMembers = comparison.unchanged
      return .change(change)
    }
    let settings = settingsChanges(client, entry)
    var isUnread = false
    // A call in doubt of which nothing is left to be seen, because it did nothing or because it is what is wanted, ends here too.
    if case .found = reading { isUnread = entry.observed == nil || entry.pending != nil }
    guard !settings.isEmpty || isUnread else { return .unchanged }
    let reason = isUnread ? Reason.notReadBack : .settingsChanged
    var change = Change(.remember, reason, registry: registry.name, client: client.name, place: client.place)
    change.fields = settings
    change.unchangedMembers = comparison.unchanged
    return .change(change)
  }

  /// What only the state remembers: how to end the client, and its labels.
  private func settingsChanges(_ client: DeclaredClient, _ entry: ClientState) -> [FieldChange] {
    var changes: [FieldChange] = []
    if client.deletion.rawValue != entry.deletion {
      changes.append(
        FieldChange(
          member: "deletion", cause: .declared, before: .string(entry.deletion), after: .string(client.deletion.rawValue)))
    }
    for label in Set(client.labels.keys).union(entry.labels.keys).sorted() where client.labels[label] != entry.labels[label] {
      changes.append(
        FieldChange(
          member: "labels.\(label)", cause: .declared, before: entry.labels[label].map(JSONValue.string),
          after: client.labels[label].map(JSONValue.string)))
    }
    return changes
  }
}

extension DeclaredRegistry {
  /// Whether an admin API is there to settle what is in doubt: one is declared, or the registry is the embedded one.
  package var canAskAdmin: Bool { embedded || (admin != nil && admin?.manage != .never) }
}
