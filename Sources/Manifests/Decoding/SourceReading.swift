import Diagnostics
import OpenIDJSON
import YAML

/// What a run of sources holds, each document by itself: the first of two passes, because a client may stand before its registry,
/// and its registry's defaults belong under it.
struct SourceReading: Sendable {
  let environment: [String: String]
  /// One for each source.
  private(set) var findings: [Findings] = []
  private(set) var registries: [ReadRegistry] = []
  private(set) var clients: [ReadClient] = []
  private(set) var passedOver = 0
  /// Whether something that may have been a registry or a client could not be read: then nothing is said to be missing.
  var isIncomplete = false

  init(environment: [String: String]) { self.environment = environment }

  /// Adds what was read from the sources that follow.
  mutating func append(_ other: SourceReading) {
    findings += other.findings
    registries += other.registries
    clients += other.clients
    passedOver += other.passedOver
    isIncomplete = isIncomplete || other.isIncomplete
  }

  /// Reads the documents of one source.
  ///
  /// - Parameter index: Where the source stands among all of the run.
  mutating func read(_ source: ManifestSource, _ index: Int) {
    let yaml = YAMLSource(file: source.file, bytes: source.bytes)
    var reader = ValueReader(yaml, environment: environment)
    if source.baseName == Configuration.fileName {
      reader.findings.add(
        Diagnostic(
          .error, rule: ManifestRule.otherDocument.rawValue, "this clientsync.yaml is not the one that is in use",
          at: SourcePlace(file: source.file, line: 1, column: 1),
          hint:
            "One is read: that which --config names, else that of the working directory, else that in the folder of manifests."
        ))
    } else {
      var documents = 0
      let report = yaml.forEachDocument { root in
        if !root.isNull { documents += 1 }
        read(root, in: source, index, &reader)
      }
      if documents == 0, report.diagnostics.isEmpty { noteEmpty(source, &reader) }
      for diagnostic in withoutMissingSeparators(report.diagnostics) { reader.findings.add(diagnostic) }
      if report.brokenDocuments > 0 { isIncomplete = true }
    }
    findings.append(reader.findings)
  }

  /// A file without a document declares nothing: its clients would be deleted. A stream without one was most likely never written.
  private mutating func noteEmpty(_ source: ManifestSource, _ reader: inout ValueReader) {
    if source.isStream { isIncomplete = true }
    reader.findings.add(
      Diagnostic(
        source.isStream ? .error : .warning, rule: ManifestRule.emptyFile.rawValue,
        source.isStream ? "nothing came in" : "this file holds no document",
        at: SourcePlace(file: source.file, line: 1, column: 1),
        hint: source.isStream
          ? "Look at the command that writes to the pipe." : "Take the file away, or write a document into it."))
  }

  /// Reads one document, or one item of a `List`.
  private mutating func read(
    _ root: YAMLNode, in source: ManifestSource, _ index: Int, _ reader: inout ValueReader, isItem: Bool = false
  ) {
    if root.isNull, !isItem { return }
    reader.findings.origin = origin(of: root, in: source)
    reader.failed = []
    reader.missingVariables = []
    reader.notYet = []
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
    case .list(let items): for item in items { read(item, in: source, index, &reader, isItem: true) }
    case .passedOver: passedOver += 1
    case .mistaken(let rule, let message, let node, let hint):
      isIncomplete = true
      reader.findings.add(rule, message, at: node, hint: hint)
    }
    reader.findings.origin = nil
  }

  /// Two documents without `---` between them are one with every key twice: one mistake, and what is in the second is unread.
  private mutating func withoutMissingSeparators(_ diagnostics: [Diagnostic]) -> [Diagnostic] {
    func isRepeated(_ key: String, _ diagnostic: Diagnostic) -> Bool {
      diagnostic.rule == YAMLRule.duplicateKey.rawValue && diagnostic.place?.column == 1
        && diagnostic.message.hasSuffix(quoted(key))
    }
    guard diagnostics.contains(where: { isRepeated("apiVersion", $0) }) else { return diagnostics }
    isIncomplete = true
    return diagnostics.compactMap { diagnostic in
      if ["kind", "metadata", "spec"].contains(where: { isRepeated($0, diagnostic) }) { return nil }
      guard isRepeated("apiVersion", diagnostic) else { return diagnostic }
      var told = diagnostic
      told.hint = "If a second document begins here, put a line with --- before it."
      return told
    }
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
    return source.originFolder.isEmpty || path.hasPrefix("/") ? path : Self.joined(source.originFolder, path)
  }

  /// `overlays/staging` and `../base/a.yaml` are `overlays/base/a.yaml`.
  private static func joined(_ folder: String, _ path: String) -> String {
    var parts: [Substring] = []
    for part in (folder + "/" + path).split(separator: "/") where part != "." {
      if part == "..", let last = parts.last, last != ".." { parts.removeLast() } else { parts.append(part) }
    }
    return (folder.hasPrefix("/") ? "/" : "") + parts.joined(separator: "/")
  }
}

extension ManifestSource {
  var baseName: Substring { file[Self.nameStart(of: file)...] }

  /// The folder, with a slash at its end; empty where the file lies in the working directory.
  static func folder(of file: String) -> Substring { file[..<nameStart(of: file)] }

  private static func nameStart(of file: String) -> String.Index {
    file.utf8.lastIndex(of: UInt8(ascii: "/")).map { file.utf8.index(after: $0) } ?? file.startIndex
  }
}
