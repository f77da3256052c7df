package import Diagnostics

/// What a run would do: a value that renderers show and the applier carries out.
package struct Plan: Sendable {
  /// Sorted by name.
  package var registries: [RegistryPlan]
  package var diagnostics: [Diagnostic]

  package init(registries: [RegistryPlan], diagnostics: [Diagnostic] = []) {
    self.registries = registries.sorted { $0.registry < $1.registry }
    self.diagnostics = diagnostics
  }

  package var changes: [Change] { registries.flatMap(\.changes) }
  package var problems: [Problem] { registries.flatMap(\.problems) }
  package var isEmpty: Bool { registries.allSatisfy { $0.changes.isEmpty && $0.problems.isEmpty } }

  /// How many changes of each action there are, and how many clients stay as they are.
  package struct Summary: Sendable, Hashable {
    package var byAction: [Action: Int] = [:]
    package var unchanged = 0
    package var problems = 0
    package var total = 0
  }

  package var summary: Summary {
    var summary = Summary()
    for registry in registries {
      for change in registry.changes { summary.byAction[change.action, default: 0] += 1 }
      summary.unchanged += registry.unchanged
      summary.problems += registry.problems.count
      summary.total += registry.unchanged + registry.changes.count + registry.problems.count + registry.sparedByEmptySet
    }
    return summary
  }
}
