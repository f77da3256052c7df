import Manifests
import OpenIDJSON
import OpenIDRegistration
import State

/// The three-way comparison of one client: declared against applied, live against observed.
struct Comparison {
  var fields: [FieldChange] = []
  var reason: Reason = .declarationChanged
  var unchanged = 0
  /// The body of the set that mends it.
  var metadata = JSONObject()
  var keptFromLive: [String] = []
}

extension Planner {
  /// The members whose declaration differs from the one last applied, those of `ignoreDrift` left out.
  func declaredChanges(_ client: DeclaredClient, _ entry: ClientState) -> Set<String> {
    let ignored = Set(client.ignoreDrift)
    let declared = profile.canonical(client.metadata)
    let applied = profile.canonical(entry.applied)
    return differences(declared, applied).subtracting(ignored)
  }

  func comparison(of client: DeclaredClient, _ entry: ClientState, _ reading: LiveReading) -> Comparison {
    let declaredChanges = declaredChanges(client, entry)
    let ignored = Set(client.ignoreDrift)
    var live: JSONObject?
    if case .found(let metadata) = reading { live = metadata }
    let observed = entry.observed ?? live
    let drifted = live.map { live in differences(live, observed ?? live).subtracting(ignored) } ?? []

    var comparison = Comparison()
    let now = live ?? observed ?? profile.canonical(entry.applied)
    comparison.metadata = client.metadata
    for member in client.ignoreDrift {
      guard let value = now[member] ?? client.metadata[member] else {
        comparison.metadata[member] = nil
        continue
      }
      if live != nil { comparison.metadata[member] = value }
      comparison.keptFromLive.append(member)
    }
    let order = client.metadata.names + now.names.sorted() + declaredChanges.union(drifted).sorted()
    var seen = Set<String>()
    for member in order where seen.insert(member).inserted {
      if declaredChanges.contains(member) {
        let cause: FieldChange.Cause = client.defaulted.contains(member) ? .registryDefault : .declared
        comparison.fields.append(
          FieldChange(member: member, cause: cause, before: now[member], after: client.metadata[member]))
      } else if drifted.contains(member) {
        comparison.fields.append(
          FieldChange(
            member: member, cause: .drift, before: now[member], after: client.metadata[member] ?? observed?[member]))
      } else {
        comparison.unchanged += 1
      }
    }
    switch (declaredChanges.isEmpty, drifted.isEmpty) {
    case (false, false): comparison.reason = .declarationChangedAndDrifted
    case (true, false): comparison.reason = .drifted
    default: comparison.reason = .declarationChanged
    }
    if comparison.fields.isEmpty { comparison.keptFromLive = [] }
    return comparison
  }

  /// The members that one has and the other has not, or has otherwise. Both in canonical form.
  private func differences(_ a: JSONObject, _ b: JSONObject) -> Set<String> {
    if a == b { return [] }
    let other = b.dictionary()
    var names = Set<String>()
    for member in a where !(other[member.name]?.isEquivalent(to: member.value) ?? false) { names.insert(member.name) }
    let mine = Set(a.names)
    for member in b where !mine.contains(member.name) { names.insert(member.name) }
    return names
  }
}
