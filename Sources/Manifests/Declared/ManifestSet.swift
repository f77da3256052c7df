package import Diagnostics

/// Everything that a run's manifests declare, and everything that is wrong with them.
package struct ManifestSet: Sendable {
  /// Why manifests cannot be worked with.
  package enum Failure: Sendable, Hashable {
    /// A file or folder that is missing or cannot be read (exit code 1): nothing may be concluded from what is absent.
    case unreadable
    /// All could be read, and something in it is wrong (exit code 65).
    case invalid
  }

  /// Sorted by name.
  package var registries: [DeclaredRegistry]
  /// Sorted by registry, then by name.
  package var clients: [DeclaredClient]
  /// In order of place.
  package var diagnostics: [Diagnostic]
  /// How many files (or streams) were read.
  package var files: Int
  /// How many documents of a stream from standard input were of other kinds, and were passed over.
  package var passedOver: Int
  /// What lint rules found and somebody let pass.
  package var allowed: [AllowedFinding]
  /// What is checked and not acted upon: `plan` and `apply` refuse it. Its warnings stand among the diagnostics too.
  package var unsupported: [Unsupported] = []
  /// What `clientsync.yaml` says.
  package var configuration = Configuration()

  package init(
    registries: [DeclaredRegistry] = [], clients: [DeclaredClient] = [], diagnostics: [Diagnostic] = [], files: Int = 0,
    passedOver: Int = 0, allowed: [AllowedFinding] = []
  ) {
    self.registries = registries
    self.clients = clients
    self.diagnostics = diagnostics
    self.files = files
    self.passedOver = passedOver
    self.allowed = allowed
  }

  /// Why no plan can be made from this set; `nil` where one can.
  package var failure: Failure? {
    guard diagnostics.hasErrors else { return nil }
    return diagnostics.contains { ManifestLoader.unreadableRules.contains($0.rule) } ? .unreadable : .invalid
  }
}
