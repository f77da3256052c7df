package import Diagnostics

/// What was read, and what could not be.
package struct LoadedManifests: Sendable {
  /// In the order of the arguments; the files of a folder sorted by path.
  package var sources: [ManifestSource]
  package var diagnostics: [Diagnostic]

  package init(sources: [ManifestSource] = [], diagnostics: [Diagnostic] = []) {
    self.sources = sources
    self.diagnostics = diagnostics
  }
}
