import Manifests

extension Planner {
  /// Marks what apply will refuse: a threshold that is passed refuses all changes of its kind.
  func applySafety(to plan: inout RegistryPlan) {
    let creates = plan.changes.count { $0.action == .create || $0.action == .replace }
    if let limit = options.maxCreates ?? registry.safety.maxCreates, creates > limit {
      plan.refuse(.tooManyCreates(count: creates, limit: limit)) { $0.action == .create || $0.action == .replace }
    }
    let deletes = plan.changes.count { $0.action.isDestructive }
    if let limit = options.maxDeletes ?? registry.safety.maxDeletes, deletes > limit {
      plan.refuse(.tooManyDeletes(count: deletes, limit: limit)) { $0.action.isDestructive }
    } else if options.maxDeletes == nil, plan.known >= 10, deletes * 100 > plan.known * registry.safety.maxDeletePercent {
      let share = Refusal.tooLargeAShare(count: deletes, of: plan.known, limit: registry.safety.maxDeletePercent)
      plan.refuse(share) { $0.action.isDestructive }
    }
  }
}

extension RegistryPlan {
  fileprivate mutating func refuse(_ refusal: Refusal, where isMeant: (Change) -> Bool) {
    for index in changes.indices where isMeant(changes[index]) && changes[index].refusal == nil {
      changes[index].refusal = refusal
    }
  }
}
