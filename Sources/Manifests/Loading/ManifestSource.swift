/// The bytes of one file of manifests, or of the stream on standard input.
package struct ManifestSource: Sendable {
  /// The path as the user would name it (`clients/billing.yaml`); `-` for standard input.
  package var file: String
  package var bytes: [UInt8]
  /// Whether documents of other kinds are passed over and counted, as in the output of `kustomize build`.
  package var isStream: Bool

  /// Of a stream: the folder that kustomize built, which the origins in it count from; empty where nobody says.
  package var originFolder = ""

  package init(file: String, bytes: [UInt8], isStream: Bool? = nil) {
    self.file = file
    self.bytes = bytes
    self.isStream = isStream ?? (file == "-")
  }

  package init(file: String, text: String) { self.init(file: file, bytes: Array(text.utf8)) }
}
