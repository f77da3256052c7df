import Diagnostics

/// Finds and reads `clientsync.yaml`.
package enum ConfigurationLoader {
  /// Reads the file that is named; else the one in the working directory; else the one that lies among the manifests.
  ///
  /// What lies in a folder and leads out of it is not read: whoever may write manifests could show a runner's files with it.
  ///
  /// - Parameters:
  ///   - file: The file that somebody named: one that is not there is an error.
  ///   - folders: Where manifests are; those that are no folders are passed over.
  package static func load(named file: String?, besides folders: [String], environment: [String: String]) -> Configuration {
    if let file { return read(FolderWalk.normalized(file), environment) }
    for (index, folder) in (["."] + folders.filter { $0 != "-" }).enumerated() {
      let folder = FolderWalk.normalized(folder)
      guard case .success(let status) = FileStatus.of(folder), status.kind == .folder else { continue }
      let path =
        folder == "." ? Configuration.fileName : (folder == "/" ? "" : folder) + "/" + Configuration.fileName
      if case .failure(.missing) = FileStatus.of(path), FileStatus.linkTarget(path) == nil { continue }
      if let target = FileStatus.resolved(path), let root = FileStatus.resolved(folder),
        !target.hasPrefix(root == "/" ? root : root + "/")
      {
        var configuration = Configuration()
        configuration.file = path
        configuration.diagnostics = [
          Diagnostic(
            .error, rule: ManifestRule.outsideFolder.rawValue, "this link leads out of the folder",
            at: SourcePlace(file: path, line: 1, column: 1), hint: "Name what it leads to with --config, if it is to be read.")
        ]
        return configuration
      }
      var configuration = read(path, environment)
      if index > 0, let place = configuration.filenamePlace {
        configuration.diagnostics.append(
          Diagnostic(
            .error, rule: ManifestRule.conflictingKeys.rawValue,
            "\"filename\" cannot stand among the manifests that it would name",
            at: place, hint: "It is for a clientsync.yaml in the working directory, or one that --config names."))
      }
      return configuration
    }
    return Configuration()
  }

  private static func read(_ path: String, _ environment: [String: String]) -> Configuration {
    let loaded = ManifestLoader.load([path])
    guard loaded.diagnostics.isEmpty, let source = loaded.sources.first, loaded.sources.count == 1, source.file == path else {
      var configuration = Configuration()
      configuration.file = path
      configuration.diagnostics = loaded.diagnostics
      if configuration.diagnostics.isEmpty {
        configuration.diagnostics = [
          Diagnostic(
            .error, rule: ManifestRule.unreadable.rawValue, "\(quotedPath(path)) is no file", hint: "--config takes a file.")
        ]
      }
      return configuration
    }
    return Configuration(decoding: source.bytes, file: path, environment: environment)
  }

  private static func quotedPath(_ path: String) -> String { "\"\(path)\"" }
}
