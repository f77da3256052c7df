import Foundation
import Manifests
import OpenIDCryptography
import OpenIDJSON
import Testing

@testable import Commands

/// What a pull request could try with the job that reads its manifests: each way is closed, and said to be.
@Suite struct MisuseTests {
  private static let hush = "s3cr3t-of-the-runner"

  private func registry(_ repository: Repository, _ spec: String) throws {
    try repository.write(
      "registry.yaml",
      "apiVersion: clientsync/v1\nkind: Registry\nmetadata: { name: r }\nspec:\n  profile: rfc7591\n  encryption: { age: [\(repository.recipient)] }\n\(spec)\n"
    )
  }

  @Test(arguments: ["validate", "plan"])
  func `a command of a manifest does not run`(_ command: String) async throws {
    let repository = try Repository()
    let trace = repository.folder + "/ran"
    try registry(
      repository,
      "  registrationEndpoint: http://127.0.0.1:9/register\n  initialAccessToken: { command: [touch, \(trace)] }\n  headers: { X-A: { command: [touch, \(trace)] } }"
    )
    try repository.write("web.yaml", Repository.client("web", "client_name: Web, redirect_uris: [https://a.example.com/cb]"))
    let run = await repository.run(command)
    #expect(run.status == 0, "\(run.errors)")
    #expect(!FileManager.default.fileExists(atPath: trace))
  }

  @Test func `a plan or apply that would have to run a command exits 7 at its line`() async throws {
    let repository = try Repository()
    let trace = repository.folder + "/ran"
    try registry(
      repository, "  registrationEndpoint: http://127.0.0.1:9/register\n  initialAccessToken: { command: [touch, \(trace)] }")
    try repository.write("web.yaml", Repository.client("web", "client_name: Web, redirect_uris: [https://a.example.com/cb]"))
    let run = await repository.run("apply", "--auto-approve", "--new-state")
    #expect(run.status == 7)
    #expect(
      (run.errors + run.output).contains("registry.yaml:8:23: a command would have to run (touch); allow it with --allow-exec.")
    )
    #expect(!FileManager.default.fileExists(atPath: trace))
  }

  @Test func `policies of a configuration do not run`() async throws {
    let repository = try Repository()
    try registry(repository, "  embedded: {}")
    let trace = repository.folder + "/ran"
    let config = repository.folder + "/clientsync.yaml"
    try Data("policies: [{ command: [touch, \(trace)] }]\n".utf8).write(to: URL(filePath: config))
    let run = await repository.run("validate", "--config", config)
    #expect(run.status == 0)
    #expect(run.output.contains("[not-supported-yet]"))
    // Policies that nobody asks would let through what they were written against.
    let plan = await repository.run("plan", "--config", config)
    #expect(plan.status == 1)
    #expect(plan.errors.contains("clientsync.yaml:1:1: error: "), "\(plan.errors)")
    #expect(!FileManager.default.fileExists(atPath: trace))
  }

  @Test(arguments: [
    "client_name: $(env:SECRET)", "client_name: $(env:SECRET:-x)", "client_name: '$(env:CLIENTSYNC_VAR_A)$(env:SECRET)'",
    "client_name: $(env:CLIENTSYNC_VAR_$(env:SECRET))",
  ])
  func `a variable of the runner is not read`(_ member: String) async throws {
    let repository = try Repository()
    try registry(repository, "  embedded: {}")
    try repository.write("web.yaml", Repository.client("web", "\(member), redirect_uris: [https://a.example.com/cb]"))
    let run = await repository.run(["validate"], environment: ["SECRET": Self.hush, "CLIENTSYNC_VAR_A": "a"])
    #expect(run.status == 65)
    #expect(!repository.printed.contains(Self.hush))
  }

  @Test func `what a variable's value says is no variable again`() async throws {
    let repository = try Repository()
    try registry(repository, "  embedded: {}")
    try repository.write(
      "web.yaml", Repository.client("web", "client_name: $(env:CLIENTSYNC_VAR_A), redirect_uris: [https://a.example.com/cb]"))
    let run = await repository.run(
      ["plan", "--no-refresh"], environment: ["SECRET": Self.hush, "CLIENTSYNC_VAR_A": "$(env:SECRET)"])
    #expect(run.status == 0)
    #expect(run.output.contains("$(env:SECRET)"))
    #expect(!repository.printed.contains(Self.hush))
  }

  @Test(arguments: ["adopt: { clientId: a, registrationAccessToken: { env: SECRET } }"])
  func `a Client's own credential is none of the runner's variables`(_ spec: String) async throws {
    let repository = try Repository()
    try registry(repository, "  embedded: {}")
    try repository.write("web.yaml", Repository.client("web", "grant_types: [client_credentials]", spec: "  \(spec)\n"))
    let run = await repository.run(["validate"], environment: ["SECRET": Self.hush])
    #expect(run.output.contains("[variable-name]"), "\(run.output)")
    #expect(!repository.printed.contains(Self.hush))
  }

  @Test(arguments: [
    ("deliver: [{ to: vault, path: ../../etc/passwd }]", "leads out of the folder"),
    ("deliver: [{ to: vault, path: /etc/passwd }]", "is absolute"), ("deliver: [{ to: vault, path: a/../../b }]", "leads out"),
    ("deliver: [{ to: vault, path: .git/hooks/pre-commit }]", "leads into .git"),
    ("deliver: [{ to: vault, path: a/.GIT/config }]", "leads into .git"), ("deliver: [{ to: vault, path: '' }]", "is empty"),
    ("deliver: [{ to: vault, path: a//b }]", "has an empty part"),
    ("adopt: { clientId: a, registrationAccessToken: { file: ../token } }", "leads out of the folder"),
    ("adopt: { clientId: a, registrationAccessToken: { file: /run/secrets/token } }", "is absolute"),
  ])
  func `a path of a Client stays below its folder, and out of .git`(_ spec: String, _ words: String) async throws {
    let repository = try Repository()
    try registry(repository, "  embedded: {}")
    try repository.write("web.yaml", Repository.client("web", "grant_types: [client_credentials]", spec: "  \(spec)\n"))
    let run = await repository.run("validate")
    #expect(run.status == 65)
    #expect(run.output.contains("[path-outside]") && run.output.contains(words), "\(run.output)")
  }

  @Test(arguments: [
    "destinations: { a: { command: { argv: [sh] } } }", "deliver: [{ command: [sh] }]",
    "deliver: [{ to: a, path: b, argv: [sh] }]",
  ])
  func `a Client names a destination and cannot say what it is`(_ spec: String) async throws {
    let repository = try Repository()
    try registry(repository, "  embedded: {}")
    try repository.write("web.yaml", Repository.client("web", "grant_types: [client_credentials]", spec: "  \(spec)\n"))
    let run = await repository.run("validate")
    #expect(run.output.contains("[unknown-key]"), "\(run.output)")
  }

  @Test func `a link out of the folder shows nothing of what it leads to`() async throws {
    let repository = try Repository()
    try registry(repository, "  embedded: {}")
    let secret = repository.folder + "/secret.yaml"
    try Data("token: \(Self.hush)\n".utf8).write(to: URL(filePath: secret))
    try FileManager.default.createSymbolicLink(atPath: repository.folder + "/clients/a.yaml", withDestinationPath: secret)
    for command in ["validate", "plan", "fmt"] {
      let run = await repository.run([command] + (command == "fmt" ? ["-f", repository.folder + "/clients"] : []))
      #expect(run.status != 0)
    }
    #expect(!repository.printed.contains(Self.hush))
  }

  private func delivering(_ repository: Repository, root: String, seal: String = "", path: String = "web") throws {
    try registry(
      repository, "  embedded: {}\n  destinations: { files: { file: { root: \(root)\(seal) } } }")
    try repository.write(
      "web.yaml",
      Repository.client("web", "grant_types: [client_credentials]", spec: "  deliver: [{ to: files, path: \(path) }]\n"))
  }

  @Test func `a file destination is none of git's own folders`() async throws {
    let repository = try Repository()
    try delivering(repository, root: "../.git/hooks")
    let run = await repository.run("validate")
    #expect(run.status == 65)
    #expect(run.output.contains("[path-outside]"), "\(run.output)")
  }

  @Test(arguments: ["/", "nowhere-at-all"])
  func `a link out of a destination's folder is no way out`(_ target: String) async throws {
    let repository = try Repository()
    try delivering(repository, root: "../secrets", path: "up/web")
    try FileManager.default.createDirectory(atPath: repository.folder + "/secrets", withIntermediateDirectories: true)
    #expect(await repository.run("validate").status == 0)
    try FileManager.default.createSymbolicLink(
      atPath: repository.folder + "/secrets/up", withDestinationPath: target)
    let run = await repository.run("validate")
    #expect(run.status == 65)
    #expect(run.output.contains("[path-outside]") && run.output.contains("by a link"), "\(run.output)")
    #expect(run.output.contains("^~~"))
  }

  @Test func `a token's file is no link to a file of the runner`() async throws {
    let repository = try Repository()
    try registry(repository, "  embedded: {}")
    try FileManager.default.createSymbolicLink(
      atPath: repository.folder + "/clients/token", withDestinationPath: "/etc/hostname")
    try repository.write(
      "web.yaml",
      Repository.client(
        "web", "grant_types: [client_credentials]",
        spec: "  adopt: { clientId: a, registrationAccessToken: { file: token } }\n"))
    let run = await repository.run("validate")
    #expect(run.status == 65)
    #expect(run.output.contains("\"token\" leads out of the folder"), "\(run.output)")
  }

  @Test func `credentials in clear do not go into a work tree that would commit them`() async throws {
    let repository = try Repository()
    try delivering(repository, root: "../secrets")
    #expect(await repository.run("validate").status == 0)
    let git = try Child(
      ["/usr/bin/env", "git", "init", "-q", repository.folder], environment: ["PATH": "/usr/bin:/bin"],
      output: repository.folder + "/git")
    #expect(git.wait() == 0)
    let environment = ["PATH": "/usr/bin:/bin"]
    let run = await repository.run(["validate"], environment: environment)
    #expect(run.status == 7)
    #expect(run.output.contains("registry.yaml:8:42: error: credentials would lie in clear"), "\(run.output)")
    let sarif = await repository.run(["validate", "--format", "sarif"], environment: environment)
    #expect(sarif.json?["runs"]?[0]?["results"]?.array?.contains { $0["ruleId"] == "plaintext-destination" } == true)
    try Data("/secrets/\n".utf8).write(to: URL(filePath: repository.folder + "/.gitignore"))
    #expect(await repository.run(["validate"], environment: environment).status == 0)
    try FileManager.default.removeItem(atPath: repository.folder + "/.gitignore")
    try delivering(repository, root: "../secrets", seal: ", seal: { age: [\(repository.recipient)] }")
    #expect(await repository.run(["validate"], environment: environment).status == 0)
  }

  @Test func `what is not acted upon yet is refused at its line, where the run is about it`() async throws {
    let repository = try Repository()
    try registry(repository, "  embedded: {}")
    try repository.write("web.yaml", Repository.client("web", "grant_types: [client_credentials]"))
    try repository.write(
      "old.yaml",
      Repository.client("old", "grant_types: [client_credentials]", spec: "  adopt: { clientId: a }\n"))
    #expect(await repository.run("validate").status == 0)
    for command in [["plan"], ["apply", "--auto-approve", "--new-state"], ["drift"]] {
      let run = await repository.run(command)
      #expect(run.status == 1)
      #expect(
        (run.output + run.errors).contains(
          "old.yaml:6:3: error: this version of clientsync does not act upon \"adopt\" yet [not-supported-yet]"),
        "\(run.output)\(run.errors)")
    }
    let json = await repository.run("plan", "--format", "json")
    #expect(json.status == 1)
    #expect(json.json?["diagnostics"]?[0]?["rule"] == "not-supported-yet")
    #expect(await repository.run("plan", "--target", "web").status == 0)
  }

  @Test func `a provider that a manifest newly names is not asked with a header of credentials, nor at all`() async throws {
    let witness = try FaultyProvider(status: 500, contentType: "text/plain", body: "")
    let hydra = try Hydra(hasAdmin: false)
    try hydra.declare(["a"])
    #expect(await hydra.apply().status == 0)
    try hydra.repository.write(
      "registry.yaml",
      "apiVersion: clientsync/v1\nkind: Registry\nmetadata: { name: h }\nspec:\n  issuer: \(witness.url)\n  headers: { X-A: { env: SECRET } }\n  encryption: { age: [\(hydra.repository.recipient)] }\n"
    )
    let run = await hydra.repository.run(["plan"], environment: ["SECRET": Self.hush])
    // The witness answers 500 to everything: a plan that had asked it would have failed.
    #expect(run.status == 0, "\(run.output)\(run.errors)")
    #expect(!hydra.repository.printed.contains(Self.hush))
  }
}

/// Credential files and certificates lie beside the manifest, wherever clientsync runs.
@Suite struct RelativePathTests {
  @Test func `a file that a manifest names lies beside it`() throws {
    let repository = try Repository()
    try repository.write("token.txt", "t0ken\n")
    // From the working directory, as a pipeline names its folder.
    let up = FileManager.default.currentDirectoryPath.split(separator: "/").map { _ in ".." }.joined(separator: "/")
    let folder = up + repository.folder + "/clients"
    try repository.write(
      "registry.yaml",
      "apiVersion: clientsync/v1\nkind: Registry\nmetadata: { name: r }\nspec: { issuer: 'https://a.example.com', initialAccessToken: { file: token.txt } }\n"
    )
    let set = ManifestDecoder.decode(ManifestLoader.load([folder + "/registry.yaml"]), environment: [:])
    let source = try #require(set.registries.first?.initialAccessToken)
    let token = try Credentials(
      context: Context(environment: [:], print: { _ in }, printError: { _ in }), allowsExec: false
    ).secret(source)
    #expect(token.exposed == "t0ken")
  }
}
