package import Manifests
import OpenIDJSON
package import OpenIDRegistration
package import State

/// Compares what is declared with what was applied and with what is live (pure: no I/O, nothing printed).
package struct Planner: Sendable {
  package struct Options: Sendable {
    /// Whether a registry without any declared client may lose all that the state knows.
    package var allowsEmptySet = false
    /// Lifts `safety.maxCreates` for this run.
    package var maxCreates: Int?
    /// Lifts `safety.maxDeletes` and `maxDeletePercent` for this run.
    package var maxDeletes: Int?
    /// Which clients the run is about, by name and labels.
    package var isSelected: @Sendable (_ client: String, _ labels: [String: String]) -> Bool = { _, _ in true }

    package init() {}
  }

  let registry: DeclaredRegistry
  let declared: [String: DeclaredClient]
  let state: RegistryState?
  let profile: Profile
  let live: LiveView
  let options: Options

  /// - Parameters:
  ///   - clients: the declared clients of this registry.
  ///   - state: what the state holds, a leftover journal folded in; `nil` where there is none.
  package init(
    registry: DeclaredRegistry, clients: [DeclaredClient], state: RegistryState?, profile: Profile, live: LiveView,
    options: Options = Options()
  ) {
    self.registry = registry
    self.declared = Dictionary(clients.map { ($0.name, $0) }) { first, _ in first }
    self.state = state
    self.profile = profile
    self.live = live
    self.options = options
  }

  package func plan(url: String) -> RegistryPlan {
    var plan = RegistryPlan(
      registry: registry.name, url: url, profile: profile.name, hasState: state != nil, refresh: live.mode,
      declared: declared.count, known: state?.clients.count ?? 0, read: live.found, seconds: live.seconds)
    let moves = moves()
    for client in declared.values where options.isSelected(client.name, client.labels) {
      plan.add(verdict(on: client, movedFrom: moves[client.name]))
    }
    let taken = Set(moves.values)
    let removed = (state?.clients ?? [:]).filter { declared[$0.key] == nil && !taken.contains($0.key) }
    if declared.isEmpty, !options.allowsEmptySet {
      plan.sparedByEmptySet = removed.count
    } else {
      for (name, entry) in removed where options.isSelected(name, entry.labels) {
        plan.add(verdict(onRemoved: name, entry))
      }
    }
    plan.sort()
    applySafety(to: &plan)
    return plan
  }

  /// The names whose client must be read where only changed ones are (`RefreshMode.changed`).
  package func namesToRefresh() -> Set<String> {
    let moves = moves()
    var names = Set<String>()
    for client in declared.values {
      let name = moves[client.name] ?? client.name
      guard let entry = state?.clients[name] else { continue }
      if entry.pending != nil || !declaredChanges(client, entry).isEmpty { names.insert(name) }
    }
    for (name, entry) in state?.clients ?? [:]
    where declared[name] == nil && entry.deletion == DeclaredClient.Deletion.delete.rawValue {
      names.insert(name)
    }
    return names
  }

  /// New names of clients that the state knows by one of their previous names. A create in doubt has nothing to be moved: it is
  /// settled under the name that its marker carries.
  private func moves() -> [String: String] {
    guard let state else { return [:] }
    var moves: [String: String] = [:]
    var taken = Set<String>()
    for client in declared.values.sorted(by: { $0.name < $1.name }) where state.clients[client.name] == nil {
      let previous = client.previousNames.first { name in
        guard let entry = state.clients[name], entry.clientID != nil, entry.pending?.action != .create else { return false }
        return declared[name] == nil && !taken.contains(name)
      }
      guard let previous else { continue }
      moves[client.name] = previous
      taken.insert(previous)
    }
    return moves
  }
}

/// What the planner makes of one client.
enum Verdict {
  case unchanged
  case change(Change)
  case problem(Problem)
}

extension RegistryPlan {
  fileprivate mutating func add(_ verdict: Verdict) {
    switch verdict {
    case .unchanged: unchanged += 1
    case .change(let change): changes.append(change)
    case .problem(let problem): problems.append(problem)
    }
  }

  fileprivate mutating func sort() {
    changes.sort { a, b in
      a.action.isDestructive == b.action.isDestructive ? a.client < b.client : a.action.isDestructive
    }
    problems.sort { $0.client < $1.client }
  }
}
