package import Diagnostics

/// Reads manifests from files, folders and standard input: the only input and output of this room.
package enum ManifestLoader {
  /// The rules of diagnostics that say that something could not be read, as opposed to being wrong.
  package static let unreadableRules: Set<String> = ["missing", "unreadable"]
}

/// What was read, and what could not be.
package struct LoadedManifests: Sendable {
  package var sources: [ManifestSource]
  package var diagnostics: [Diagnostic]

  package init(sources: [ManifestSource] = [], diagnostics: [Diagnostic] = []) {
    self.sources = sources
    self.diagnostics = diagnostics
  }
}
