package import Sealing

/// What a registry's first run begins its state with.
package struct NewState: Sendable {
  package var binding: Binding
  package var encryption: StateEncryption
  /// `nil` makes a new one. A state that is built again from markers goes on with the lineage that they name.
  package var lineage: String?

  package init(binding: Binding, encryption: StateEncryption, lineage: String? = nil) {
    self.binding = binding
    self.encryption = encryption
    self.lineage = lineage
  }

  package init(binding: Binding, recipients: [AgeRecipient]) { self.init(binding: binding, encryption: .age(recipients)) }
}

/// What a run left.
package struct FinishedRun: Sendable {
  package var serial: Int
  /// Whether the state was written.
  package var wrote: Bool
}
