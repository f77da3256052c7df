package import Diagnostics
import OpenIDJSON
import YAML

/// What `clientsync.yaml` says: what belongs to no single registry.
package struct Configuration: Sendable {
  /// The file's name, where nobody names another.
  package static let fileName = "clientsync.yaml"

  /// The file that it was read from; `nil` where there is none.
  package var file: String?
  /// Manifests, beside the file; empty where it names none.
  package var filenames: [String] = []
  /// Where it names them.
  var filenamePlace: SourcePlace?
  /// The state, beside the file.
  package var state: String?
  package var rules = RuleSettings()
  /// What is checked and not acted upon yet.
  package var notYet: [Diagnostic] = []
  /// What is wrong with the file.
  package var diagnostics: [Diagnostic] = []

  package init() {}
}

extension Configuration {
  /// Reads the bytes of a `clientsync.yaml`.
  ///
  /// - Parameter environment: Where `$(env:CLIENTSYNC_VAR_…)` is looked up.
  package init(decoding bytes: [UInt8], file: String, environment: [String: String]) {
    self.file = file
    let yaml = YAMLSource(file: file, bytes: bytes)
    var reader = ValueReader(yaml, environment: environment)
    var value: JSONObject?
    var filenamePlace: SourcePlace?
    var count = 0
    let report = yaml.forEachDocument { root in
      guard !root.isNull else { return }
      count += 1
      guard count == 1 else {
        reader.findings.add(
          .tooMuch, "\(Configuration.fileName) is one document", at: root.entries?.first?.key.node ?? root,
          hint: "Put everything above the ---.")
        return
      }
      value = reader.object(root, .configuration)
      filenamePlace = (root.entry("filename")?.key.start).map { reader.findings.place($0) }
    }
    notYet = reader.notYet
    for diagnostic in report.diagnostics + reader.missingVariables + notYet { reader.findings.add(diagnostic) }
    diagnostics = reader.findings.diagnostics.inOrderOfPlace()
    self.filenamePlace = filenamePlace
    guard let value else { return }
    let folder = ManifestSource.folder(of: file)
    func beside(_ path: String) -> String { path.hasPrefix("/") || path == "-" ? path : folder + path }
    if let filename = value["filename"] { filenames = (filename.strings ?? filename.string.map { [$0] } ?? []).map(beside) }
    state = value["state"]?.string.map { $0.hasPrefix("git:") ? $0 : beside($0) }
    rules = RuleSettings(
      (value["rules"]?.object?.dictionary() ?? [:]).compactMapValues { $0.string.flatMap(RuleSettings.Setting.init) })
  }
}
