import Diagnostics

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
    decode(LoadedManifests(sources: sources), environment: environment, selection: selection)
  }

  /// Decodes what was loaded; the set's diagnostics hold those of loading too.
  package static func decode(
    _ loaded: LoadedManifests, environment: [String: String], selection: Set<String>? = nil
  ) -> ManifestSet {
    var decoding = Decoding(
      environment: environment, selection: selection, isIncomplete: loaded.diagnostics.hasErrors)
    decoding.findings.reserveCapacity(loaded.sources.count)
    for source in loaded.sources { decoding.read(source) }
    var set = decoding.joined(files: loaded.sources.count)
    set.diagnostics = (loaded.diagnostics + set.diagnostics).inOrderOfPlace()
    return set
  }
}
