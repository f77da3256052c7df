import Diagnostics
import Foundation
import Manifests
import OpenIDJSON
import Testing

/// The schema and the decoder come from one table: they must say the same of every document.
struct SchemaTests {
  @Test(arguments: [
    (ManifestSchema.Kind.manifests, "schema/clientsync.schema.json"), (.configuration, "schema/clientsync.yaml.schema.json"),
  ])
  func `the repository holds the current schema`(_ kind: ManifestSchema.Kind, _ file: String) throws {
    let text = ManifestSchema.schema(kind).text(.pretty) + "\n"
    try expectCurrent(file, text)
  }

  @Test func `each table has a name of its own in the schema`() {
    // A name that two tables share would drop one of them.
    let names = ManifestSchema.schema(.manifests)["$defs"]?.object?.names ?? []
    #expect(names.contains("clientMetadata") && names.contains("metadataOfClient") && names.contains("metadataOfRegistry"))
    #expect(names.count > 15)
  }

  @Test(.enabled(if: Tool.checkJSONSchema.isInstalled, "check-jsonschema is missing; make setup installs it"))
  func `schema and decoder agree on every example and on hundreds of manifests`() throws {
    try agree(ManifestSchema.schema(.manifests), SchemaCorpus.manifests) { text in
      // What a document's own members are, not how members and documents relate: that, no schema can say.
      let relations: Set = [
        "redirect-uris-required", "post-logout-origin", "response-types-grant-types", "client-credentials-public",
        "jwks-and-jwks-uri", "jwks-shape", "private-key", "private-key-jwt-keys", "refused-on-registration", "insecure-url",
        "unknown-registry", "registry-required", "duplicate-name", "previous-name", "weak-key", "duplicate-key-id",
        "unknown-destination", "duplicate-delivery", "duplicate-adoption",
      ]
      let beside = text.contains("kind: Registry") ? SchemaCorpus.clientBeside : registryText
      let set = ManifestDecoder.decode(
        [ManifestSource(file: "a.yaml", text: text), ManifestSource(file: "b.yaml", text: beside)], environment: [:])
      return set.diagnostics.filter { $0.severity == .error && !relations.contains($0.rule) }
    }
  }

  @Test(.enabled(if: Tool.checkJSONSchema.isInstalled, "check-jsonschema is missing; make setup installs it"))
  func `schema and decoder agree on clientsync.yaml`() throws {
    try agree(ManifestSchema.schema(.configuration), SchemaCorpus.configurations, atLeast: 8) { text in
      Configuration(decoding: Array(text.utf8), file: "clientsync.yaml", environment: [:]).diagnostics
        .filter { $0.severity == .error }
    }
  }

  private func agree(
    _ schema: JSONObject, _ corpus: [String], atLeast: Int = 150, diagnostics: (String) -> [Diagnostic]
  ) throws {
    let folder = try TemporaryFolder()
    try folder.write("schema.json", schema.text())
    var files: [String: String] = [:]
    for (index, text) in corpus.enumerated() {
      files["\(index).yaml"] = text
      try folder.write("\(index).yaml", text)
    }
    let (_, output) = try Tool.checkJSONSchema.run(
      ["--schemafile", "schema.json", "-o", "JSON"] + files.keys.sorted(), in: folder.path)
    let report = try JSONValue(parsing: String(decoding: output, as: UTF8.self))
    #expect(report["parse_errors"]?.array?.isEmpty ?? true, "\(report["parse_errors"]?.text() ?? "")")
    var refused: [String: String] = [:]
    for error in report["errors"]?.array ?? [] {
      guard let file = error["filename"]?.string else { continue }
      refused[file] = "\(error["path"]?.string ?? ""): \(error["message"]?.string ?? "")"
    }
    var counts = (valid: 0, invalid: 0)
    for (file, text) in files {
      let found = diagnostics(text)
      if found.isEmpty { counts.valid += 1 } else { counts.invalid += 1 }
      #expect(
        found.isEmpty == (refused[file] == nil),
        "schema: \(refused[file] ?? "valid"); decoder: \(found.first.map { $0.text() } ?? "valid")\n\(text)")
    }
    #expect(counts.valid >= atLeast && counts.invalid >= atLeast, "\(counts)")
  }
}

/// Compares a file that is made from the sources with what they make now. `CLIENTSYNC_RECORD=1` writes it, and fails all the same.
func expectCurrent(_ file: String, _ text: String) throws {
  let url = packageRoot.appending(path: file)
  let stored = try? String(contentsOf: url, encoding: .utf8)
  if stored != text, ProcessInfo.processInfo.environment["CLIENTSYNC_RECORD"] == "1" { try Data(text.utf8).write(to: url) }
  #expect(stored == text, "\(file) is not current; CLIENTSYNC_RECORD=1 writes it")
}
