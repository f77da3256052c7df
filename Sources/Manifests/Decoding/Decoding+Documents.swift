import Diagnostics
import OpenIDJSON
import YAML

extension Decoding {
  /// Reads the documents of one source.
  mutating func read(_ source: ManifestSource) {
    let yaml = YAMLSource(file: source.file, bytes: source.bytes)
    var reader = ValueReader(yaml, environment: environment)
    if source.baseName == "clientsync.yaml" {
      reader.findings.add(
        Diagnostic(
          .error, rule: ManifestRule.notSupportedYet.rawValue, "this version of clientsync does not read clientsync.yaml yet",
          at: SourcePlace(file: source.file, line: 1, column: 1), hint: "Take the file out for now."))
    } else {
      let report = yaml.forEachDocument { read($0, in: source, &reader) }
      for diagnostic in report.diagnostics { reader.findings.add(diagnostic) }
      if report.brokenDocuments > 0 { isIncomplete = true }
    }
    findings.append(reader.findings)
  }

  /// Reads one document, or one item of a `List`.
  private mutating func read(_ root: YAMLNode, in source: ManifestSource, _ reader: inout ValueReader, isItem: Bool = false) {
    if root.isNull, !isItem { return }
    reader.findings.origin = origin(of: root, in: source)
    reader.failed = []
    reader.missingVariables = []
    let index = findings.count
    switch DocumentKind(root, in: source, isItem: isItem) {
    case .registry:
      guard let registry = ReadRegistry(root, &reader, source: index) else {
        isIncomplete = true
        // Whom it concerns is unknown, so it concerns the run.
        for diagnostic in reader.missingVariables { reader.findings.add(diagnostic) }
        return
      }
      registries.append(registry)
    case .client:
      guard let client = ReadClient(root, &reader, source: index) else {
        isIncomplete = true
        for diagnostic in reader.missingVariables { reader.findings.add(diagnostic) }
        return
      }
      clients.append(client)
    case .list(let items): for item in items { read(item, in: source, &reader, isItem: true) }
    case .passedOver: passedOver += 1
    case .mistaken(let rule, let message, let node, let hint):
      isIncomplete = true
      reader.findings.add(rule, message, at: node, hint: hint)
    }
    reader.findings.origin = nil
  }

  /// The file that kustomize's `originAnnotations` name (`config.kubernetes.io/origin`, itself a small YAML document).
  private func origin(of root: YAMLNode, in source: ManifestSource) -> String? {
    guard source.isStream, let annotations = root["metadata"]?["annotations"],
      let text = annotations["config.kubernetes.io/origin"]?.scalar?.text, text.utf8.count < 4096
    else { return nil }
    let documents = YAMLSource(file: "", bytes: Array(text.utf8)).documents().documents
    guard let path = documents.first?["path"]?.scalar?.text, !path.isEmpty,
      path.unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control })
    else { return nil }
    return path
  }
}

extension ManifestSource {
  var baseName: Substring { file[(file.lastIndex(of: "/").map(file.index(after:)) ?? file.startIndex)...] }

  /// The folder, with a slash at its end; empty where the file lies in the working directory.
  static func folder(of file: String) -> Substring {
    file[..<(file.lastIndex(of: "/").map(file.index(after:)) ?? file.startIndex)]
  }
}
