extension Plan {
  /// Only what somebody else changed: drifted members, clients that are gone, clients that cannot be read.
  package func onlyDrift() -> Plan {
    var plan = self
    for index in plan.registries.indices {
      let all = plan.registries[index].changes
      let drifted = all.compactMap { change -> Change? in
        if change.reason == .goneAtProvider { return change }
        var change = change
        change.unchangedMembers += change.fields.count
        change.fields.removeAll { $0.cause != .drift }
        change.unchangedMembers -= change.fields.count
        change.mayBeReset = []
        return change.action == .set && !change.fields.isEmpty ? change : nil
      }
      plan.registries[index].changes = drifted
      plan.registries[index].unchanged += all.count - drifted.count
      plan.registries[index].sparedByEmptySet = 0
      plan.registries[index].problems.removeAll { $0.kind == .createInDoubt }
    }
    return plan
  }
}
