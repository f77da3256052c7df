import Diagnostics
import Manifests

/// Why a command ends without its result; printed as one clear answer.
struct CommandFailure: Error {
  var code: ExitCode
  var message: String
  /// The manifests, where it is they that cannot be used; their diagnostics say why.
  var manifests: ManifestSet?

  init(_ code: ExitCode, _ message: String) {
    self.code = code
    self.message = message
  }

  init(_ manifests: ManifestSet, _ failure: ManifestSet.Failure) {
    code = failure == .unreadable ? .failed : .invalidManifests
    message = "the manifests cannot be used"
    self.manifests = manifests
  }

  /// Manifests that ask for what this version does not do: nothing is done, rather than all but that.
  init(_ manifests: ManifestSet, refusing unsupported: [Unsupported]) {
    code = .failed
    message = "the manifests ask for what this version of clientsync does not do yet"
    var refused = manifests
    let diagnostics = Set(unsupported.map(\.diagnostic))
    for index in refused.diagnostics.indices where diagnostics.contains(refused.diagnostics[index]) {
      refused.diagnostics[index].severity = .error
      refused.diagnostics[index].hint = "Nothing was done. Take it out for now."
    }
    self.manifests = refused
  }
}
