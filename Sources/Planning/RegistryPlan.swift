package import State

/// What a run would do at one registry.
package struct RegistryPlan: Sendable {
  package var registry: String
  /// What people know the registry by: its issuer, or its registration endpoint.
  package var url: String
  /// The profile that the comparison went by.
  package var profile: String
  /// Whether the profile was named, or found out, or is the fallback of `auto`.
  package var profileIsGuessed = false
  package var hasState: Bool
  /// Whether the state's MAC was checked; not where no identity was at hand.
  package var isStateVerified = true
  package var refresh: RefreshMode
  /// How many clients the manifests declare for it.
  package var declared: Int
  /// How many the state knew before.
  package var known: Int
  /// How many of those answered a read in this run.
  package var read: Int
  package var seconds: Double
  /// Deletes first, then by name.
  package var changes: [Change] = []
  package var problems: [Problem] = []
  package var unchanged = 0
  /// Clients of the state that were not planned for: the manifests declare none at all, and nobody said that this is meant.
  package var sparedByEmptySet = 0
  /// Members of the binding that the manifest says otherwise.
  package var bindingDifferences: [Binding.Difference] = []
  /// Whether the run was told that they are meant. Without that no authenticated call is made where there are any.
  package var acceptsBinding = false

  /// Why apply writes nothing as long as the state is sealed for others than it should be; `nil` where it is not.
  package var otherRecipients: String?

  package var hasChanges: Bool { !changes.isEmpty }
  package var isBindingRefused: Bool { !bindingDifferences.isEmpty && !acceptsBinding }

  /// Whether apply would leave something out by a safety rule.
  package var isRefusedInPart: Bool {
    sparedByEmptySet > 0 || isBindingRefused || otherRecipients != nil && hasChanges || changes.contains { $0.refusal != nil }
  }
}
