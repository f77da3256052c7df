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

  /// Decodes what was loaded; the set's diagnostics hold those of loading and of the configuration too.
  package static func decode(
    _ loaded: LoadedManifests, environment: [String: String], selection: Set<String>? = nil,
    configuration: Configuration = Configuration()
  ) -> ManifestSet {
    // The configuration may lie among the manifests; it is read, and is none.
    let sources = loaded.sources.filter { $0.baseName != Configuration.fileName || $0.file != configuration.file }
    var reading = SourceReading.all(sources, environment: environment)
    if loaded.diagnostics.hasErrors { reading.isIncomplete = true }
    var joining = Joining(reading, selection: selection, rules: configuration.rules)
    var set = joining.manifestSet()
    let others = configuration.diagnostics + loaded.diagnostics
    if !others.isEmpty { set.diagnostics = (others + set.diagnostics).inOrderOfPlace() }
    set.configuration = configuration
    for diagnostic in configuration.notYet {
      set.unsupported.append(Unsupported(registry: nil, client: nil, labels: [:], diagnostic: diagnostic))
    }
    return set
  }
}
