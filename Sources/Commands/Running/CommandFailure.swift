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
}
