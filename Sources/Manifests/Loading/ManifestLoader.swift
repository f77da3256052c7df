/// Reads manifests from files, folders and standard input: the only input and output of this room.
package enum ManifestLoader {
  /// The rules of diagnostics that say that something could not be read, as opposed to being wrong.
  package static let unreadableRules: Set<String> = [
    ManifestRule.missing.rawValue, ManifestRule.unreadable.rawValue, OnlineRule.unreadable.rawValue,
  ]

  /// Past this many bytes a file is refused.
  package static let maximumBytes = 64 << 20

  /// Reads what the paths name: files, folders, `-` for standard input.
  ///
  /// Of a folder, all files below it that end in `.yaml`, `.yml` or `.json` are read, hidden ones left out. A link is followed
  /// where it stays in the folder: one that leads out of it could show a runner's files to whoever writes manifests. A file that
  /// is reached twice is read once. What cannot be read is a diagnostic, and never as if it were absent.
  ///
  /// - Parameter standardInput: The descriptor that `-` stands for.
  package static func load(_ paths: [String], standardInput: Int32 = 0) -> LoadedManifests {
    var walk = FolderWalk()
    var hasReadStandardInput = false
    for path in paths {
      if path != "-" {
        walk.read(argument: path)
      } else if !hasReadStandardInput {
        hasReadStandardInput = true
        walk.read(standardInput: standardInput)
      }
    }
    return walk.loaded
  }
}
