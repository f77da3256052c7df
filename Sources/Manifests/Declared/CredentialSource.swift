package import Diagnostics

/// Where a credential is to be had: a manifest names the place, never the credential itself.
///
/// Nothing is read here. Whoever needs the credential asks for it then, so that a registry that is not selected needs none.
package enum CredentialSource: Sendable, Hashable {
  /// An environment variable of the process.
  case environment(String, place: SourcePlace)
  /// A file; relative paths are beside the manifest, and already joined with its folder.
  case file(String, place: SourcePlace)
  /// A command that prints the credential; run only where the caller allows commands (`--allow-exec`).
  case command([String], place: SourcePlace)

  /// Where the manifest says so.
  package var place: SourcePlace {
    switch self {
    case .environment(_, let place), .file(_, let place), .command(_, let place): place
    }
  }
}
