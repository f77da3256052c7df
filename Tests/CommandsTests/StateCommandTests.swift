import EmbeddedProvider
import Foundation
import OpenIDCryptography
import OpenIDJSON
import OpenIDRegistration
import Programs
import Sealing
import State
import Testing

@testable import Commands

@Suite struct StateCommandTests {
  private func applied(_ names: [String] = ["a", "b"]) async throws -> Hydra {
    let hydra = try Hydra(hasAdmin: true)
    try hydra.declare(names)
    #expect(await hydra.apply().status == 0)
    return hydra
  }

  private func serial(_ hydra: Hydra) throws -> Int? { try hydra.state()["serial"]?.integer }

  @Test("list and show tell everything but secrets, with and without an identity", arguments: [true, false])
  func looking(hasIdentity: Bool) async throws {
    let hydra = try await applied()
    let environment = hasIdentity ? [:] : ["SOPS_AGE_KEY": ""]
    let list = await hydra.repository.run("state", "list", environment: environment)
    #expect(list.status == 0 && list.output.contains("serial 1, 2 clients"))
    #expect(list.output.contains("MAC could not be checked") == !hasIdentity)
    let json = await hydra.repository.run("state", "list", "--format", "json", environment: environment).json
    #expect(json?["states"]?[0]?["verified"]?.bool == hasIdentity)
    #expect(json?["states"]?[0]?["clients"]?[1]?["name"] == "b")
    let show = await hydra.repository.run("state", "show", "a", environment: environment)
    #expect(show.status == 0 && show.output.contains("applied.client_name  a"))
    #expect(show.output.contains("sealed.client_secret  (sealed "))
    #expect(show.errors.contains("MAC could not be checked") == !hasIdentity)
    let whole = await hydra.repository.run("state", "show", "--format", "json", environment: environment)
    #expect(whole.json?["states"]?[0]?["clients"]?["b"]?["status"] == "ok")
    let unknown = await hydra.repository.run("state", "show", "bb")
    #expect(unknown.status == 64 && unknown.errors.contains("knows no client"))
    let verify = await hydra.repository.run("state", "verify", environment: environment)
    #expect(verify.status == (hasIdentity ? 0 : 1), "\(verify.output)\(verify.errors)")
  }

  @Test("without an identity plan --no-refresh works and says what was not checked; plan and apply name the recipient")
  func reviewer() async throws {
    let hydra = try await applied()
    let none = ["SOPS_AGE_KEY": ""]
    let plan = await hydra.repository.run("plan", "--no-refresh", "--format", "json", environment: none)
    #expect(plan.status == 0 && plan.json?["registries"]?[0]?["state_verified"] == false)
    #expect(plan.errors.contains("its MAC could not be checked, and nothing live was read"))
    #expect(await hydra.repository.run("validate", environment: none).status == 0)
    for command in ["plan", "apply --auto-approve", "apply --auto-approve --no-refresh"] {
      try hydra.declare(["a", "b", "c"])
      let run = await hydra.repository.run(command.split(separator: " ").map(String.init), environment: none)
      #expect(run.status == 1 && (run.output + run.errors).contains(hydra.repository.recipient), "\(command): \(run)")
    }
    #expect(try await hydra.names() == ["a", "b"])
    #expect(try serial(hydra) == 1)
  }

  @Test("verify names what is wrong, and leaves the file as it is")
  func tampered() async throws {
    let hydra = try await applied()
    let path = hydra.repository.folder + "/state/h.json"
    let text = String(decoding: try #require(hydra.repository.read("state/h.json")), as: UTF8.self)
    for (edited, words) in [
      (text.replacingOccurrences(of: "\"client_name\": \"a\"", with: "\"client_name\": \"x\""), "MAC does not fit"),
      (String(text.dropLast(200)), "no JSON"), ("<<<<<<< HEAD\n\(text)=======\n>>>>>>> b\n", "conflict markers"),
    ] {
      try Data(edited.utf8).write(to: URL(filePath: path))
      let verify = await hydra.repository.run("state", "verify", "--format", "json")
      #expect(verify.status == 1 && verify.json?["states"]?[0]?["ok"] == false)
      #expect(verify.output.contains(words), "\(verify.output)")
      let apply = await hydra.apply()
      #expect(apply.status == 1 && apply.errors.contains(words))
      #expect(hydra.repository.read("state/h.json") == Data(edited.utf8))
      // What git calls must print something all the same.
      let shown = await hydra.repository.run("state", "show", "--file", path)
      #expect(shown.status == 0 && !shown.output.isEmpty)
    }
  }

  @Test("git shows a readable diff by textconv, without secrets")
  func textconv() async throws {
    let hydra = try await applied(["a"])
    let folder = hydra.repository.folder
    func git(_ arguments: String...) throws -> String {
      let process = Process()
      process.executableURL = URL(filePath: "/usr/bin/env")
      process.arguments = ["git", "-C", folder, "-c", "user.name=t", "-c", "user.email=t@example.com"] + arguments
      let output = Pipe()
      process.standardOutput = output
      process.standardError = output
      try process.run()
      let data = try output.fileHandleForReading.readToEnd() ?? Data()
      process.waitUntilExit()
      return String(decoding: data, as: UTF8.self)
    }
    _ = try git("init", "-q")
    _ = try git("config", "diff.clientsync.textconv", "\(Child.clientsync) state show --file")
    try Data("state/*.json diff=clientsync\n".utf8).write(to: URL(filePath: folder + "/.gitattributes"))
    _ = try git("add", "state/h.json", ".gitattributes")
    _ = try git("commit", "-qm", "one")
    try hydra.declare(["a"], suffix: " 2")
    #expect(await hydra.apply().status == 0)
    let diff = try git("diff")
    #expect(diff.contains("-    applied.client_name  a\n") && diff.contains("+    applied.client_name  a 2\n"), "\(diff)")
    #expect(diff.contains("+    sealed.registration_access_token  (sealed "))
    #expect(!diff.contains("ENC["))
  }

  @Test("mv renames, and with the manifest renamed too the plan is empty and the token works")
  func move() async throws {
    let hydra = try await applied()
    #expect(await hydra.repository.run("state", "mv", "a", "b").status == 3)
    #expect(await hydra.repository.run("state", "mv", "x", "y").status == 1)
    #expect(await hydra.repository.run("state", "mv", "a", "sealed").status == 64)
    #expect(await hydra.repository.run("state", "mv", "a", "c").status == 0)
    try hydra.repository.write(
      "clients.yaml",
      Repository.client("c", "client_name: a, redirect_uris: [https://a.example.com/cb]") + "---\n"
        + Repository.client("b", "client_name: b, redirect_uris: [https://a.example.com/cb]"))
    let plan = await hydra.repository.run("plan", "--detailed-exitcode", "--format", "json")
    #expect(plan.status == 0 && plan.json?["registries"]?[0]?["read"] == 2, "\(plan.output)")
  }

  @Test("rm says what it forgets, asks, and leaves the provider alone; the whole state goes only by name")
  func remove() async throws {
    let hydra = try await applied()
    let unasked = await hydra.repository.run("state", "rm", "a")
    #expect(unasked.status == 64 && unasked.errors.contains("registration access token"))
    #expect(await hydra.repository.run("state", "rm", "a", answer: "no").status == 1)
    #expect(try serial(hydra) == 1)
    #expect(await hydra.repository.run("state", "rm", "a", answer: "yes").status == 0)
    #expect(try hydra.state()["clients"]?.object?.names == ["b"])
    #expect(try await hydra.names() == ["a", "b"])
    #expect(await hydra.repository.run("state", "rm", "--all", "--auto-approve").status == 64)
    #expect(await hydra.repository.run("state", "rm", "--all", "--registry", "h", "--auto-approve").status == 0)
    #expect(hydra.repository.read("state/h.json") == nil && hydra.repository.read("state/h.json.backup") != nil)
  }

  @Test("an old state that was put back is exit 3 everywhere, and push --force takes it with the next serial")
  func pushOld() async throws {
    let hydra = try await applied()
    let old = try #require(hydra.repository.read("state/h.json"))
    try hydra.declare(["a", "b", "c"])
    #expect(await hydra.apply().status == 0)
    let new = try #require(hydra.repository.read("state/h.json"))
    try old.write(to: URL(filePath: hydra.repository.folder + "/state/h.json"))
    for command in ["plan", "apply --auto-approve", "state list", "state verify"] {
      #expect(await hydra.repository.run(command.split(separator: " ").map(String.init)).status == 3, "\(command)")
    }
    // It may be meant, where it lies.
    let there = await hydra.repository.run(
      "state", "push", hydra.repository.folder + "/state/h.json", "--force", "--auto-approve")
    #expect(there.status == 0 && there.output.contains("serial 3"), "\(there)")
    #expect(await hydra.repository.run("state", "verify").status == 0)
    try FileManager.default.removeItem(atPath: hydra.repository.folder + "/home")
    try new.write(to: URL(filePath: hydra.repository.folder + "/state/h.json"))
    let saved = hydra.repository.folder + "/old.json"
    try old.write(to: URL(filePath: saved))
    let refused = await hydra.repository.run("state", "push", saved, "--auto-approve")
    #expect(refused.status == 3 && refused.errors.contains("would be forgotten") && refused.errors.contains("older"))
    #expect(hydra.repository.read("state/h.json") == new)
    #expect(await hydra.repository.run("state", "push", saved, "--auto-approve", "--force").status == 0)
    #expect(try serial(hydra) == 3)
    let pulled = await hydra.repository.run("state", "pull")
    #expect(Data(pulled.output.utf8) == hydra.repository.read("state/h.json"))
    let same = await hydra.repository.run("state", "push", "-", input: pulled.output)
    #expect(same.status == 0 && same.output.contains("already"))
  }

  @Test("a rule of .sops.yaml wins over the manifest: apply refuses another one, and rekey follows it")
  func rekey() async throws {
    let hydra = try await applied()
    let other = AgeIdentity.generate()
    try Data(
      "creation_rules:\n  - path_regex: ^secrets/\n    age: \(hydra.repository.recipient)\n  - path_regex: state/[a-z]+\\.json$\n    age: >-\n      \(hydra.repository.recipient),\n      \(other.recipient.text)\n"
        .utf8
    ).write(to: URL(filePath: hydra.repository.folder + "/.sops.yaml"))
    try hydra.declare(["a", "b", "c"])
    let refused = await hydra.apply()
    #expect(
      refused.status == 7 && refused.errors.contains(".sops.yaml:4") && refused.errors.contains("state rekey"),
      "\(refused.errors)")
    let rekeyed = await hydra.repository.run("state", "rekey")
    #expect(rekeyed.status == 0, "\(rekeyed.errors)")
    #expect(await hydra.apply().status == 0)
    let theirs = ["SOPS_AGE_KEY": other.text.exposed]
    #expect(await hydra.repository.run("plan", "--detailed-exitcode", environment: theirs).status == 0)

    // And after one left.
    let left = await hydra.repository.run(
      "state", "rekey", "--age", other.recipient.text, "--rotate-data-key", "--format", "json", environment: theirs)
    #expect(left.status == 0 && left.json?["removed"]?[0]?.string == hydra.repository.recipient)
    #expect(left.errors.contains("older versions in git"))
    #expect(await hydra.repository.run("state", "verify").status == 1)
    #expect(await hydra.repository.run("state", "verify", environment: theirs).status == 0)
  }

  @Test("a first apply seals by the rule of .sops.yaml, and refuses one that names no age recipient")
  func newStateByRule() async throws {
    let hydra = try Hydra(hasAdmin: true)
    let other = AgeIdentity.generate()
    try hydra.declare(["a"])
    let rule = URL(filePath: hydra.repository.folder + "/.sops.yaml")
    try Data("creation_rules:\n  - kms: arn:aws:kms:x\n".utf8).write(to: rule)
    let refused = await hydra.apply()
    #expect(refused.status == 1 && refused.output.contains("kms") == true, "\(refused.output)\(refused.errors)")
    #expect(try await hydra.names().isEmpty)
    try Data("creation_rules:\n  - age: [\(other.recipient.text), \(hydra.repository.recipient)]\n".utf8).write(to: rule)
    #expect(await hydra.apply().status == 0)
    #expect(try hydra.state()["sops"]?["age"]?[0]?["recipient"]?.string == other.recipient.text)
  }

  @Test("encryption: none works where it is asked for by name, warns at each run, and marks the file")
  func clear() async throws {
    let hydra = try Hydra(hasAdmin: true)
    try hydra.declare(["a"])
    try hydra.writeRegistry(hasAdmin: true, isClear: true)
    let first = await hydra.apply()
    #expect(first.status == 0 && first.errors.contains("stand in clear"), "\(first.output)\(first.errors)")
    #expect(try hydra.state()["encryption"] == "none")
    let path = hydra.repository.folder + "/state/h.json"
    try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
    let plan = await hydra.repository.run("plan", "--detailed-exitcode")
    #expect(plan.status == 0 && plan.errors.contains("chmod 600"))

    // A registry that does not ask for it does not take it, until it is sealed.
    try hydra.writeRegistry(hasAdmin: true)
    let refused = await hydra.repository.run("plan")
    #expect(refused.status == 1 && refused.errors.contains("encryption: none"))
    #expect(await hydra.repository.run("state", "rekey").status == 0)
    #expect(try hydra.state()["sops"] != nil)
    #expect(await hydra.repository.run("plan", "--detailed-exitcode").status == 0)
  }

  @Test("a held lock names who, where and since when; unlock wants its id, and more where the owner still runs")
  func unlock() async throws {
    let hydra = try await applied()
    let owner = LockOwner.current(command: "apply")
    let keeper = FolderKeeper(folder: hydra.repository.folder + "/state", registry: "h")
    try await keeper.lock(owner, timeout: .zero)
    try hydra.declare(["a", "b", "c"])
    let apply = await hydra.apply()
    #expect(apply.status == 6 && apply.errors.contains(owner.host) && apply.errors.contains(owner.since), "\(apply)")
    #expect(apply.errors.contains("state unlock \(owner.id)"))
    let asked = await hydra.repository.run("state", "unlock")
    #expect(asked.status == 6 && asked.errors.contains(owner.id))
    #expect(await hydra.repository.run("state", "unlock", "0000").status == 6)
    let running = await hydra.repository.run("state", "unlock", owner.id)
    #expect(running.status == 6 && running.errors.contains("is running"))
    #expect(await hydra.repository.run("state", "unlock", owner.id, "--force").status == 0)
    #expect(await hydra.repository.run("state", "unlock").output.contains("not locked"))

    // Who waits long enough gets it.
    try await keeper.lock(owner, timeout: .zero)
    let repository = hydra.repository
    async let waiting = repository.run("apply", "--auto-approve", "--lock-timeout", "5m")
    try await Task.sleep(for: .milliseconds(300))
    try await keeper.unlock(owner)
    #expect(await waiting.status == 0)
  }

  @Test("a state that was lost is built again from the markers at the provider, ids and lineage as they were")
  func rebuild() async throws {
    let hydra = try await applied(["a", "b", "c"])
    let before = try hydra.state()
    try FileManager.default.removeItem(atPath: hydra.repository.folder + "/state/h.json")
    try FileManager.default.createDirectory(atPath: hydra.repository.folder + "/state", withIntermediateDirectories: true)
    let run = await hydra.repository.run("state", "rebuild", "--from-admin", "--registry", "h", "--auto-approve")
    #expect(run.status == 0, "\(run.output)\(run.errors)")
    let after = try hydra.state()
    #expect(after["lineage"] == before["lineage"])
    for name in ["a", "b", "c"] {
      #expect(after["clients"]?[name]?["client_id"] == before["clients"]?[name]?["client_id"])
      #expect(after["clients"]?[name]?["sealed"] == nil)
    }
    #expect(after["serial"]?.integer ?? 0 > before["serial"]?.integer ?? 0)
    // Nothing is created a second time.
    let plan = await hydra.repository.run("plan", "--no-refresh", "--format", "json")
    #expect(plan.json?["summary"]?["create"] == 0, "\(plan.output)")
    let again = await hydra.repository.run("state", "rebuild", "--from-admin", "--registry", "h", "--auto-approve")
    #expect(again.status == 0 && again.output.contains("Nothing to map back"))
  }

  @Test("where markers of several states are there, rebuild lists each with its names and takes only the one that is named")
  func rebuildOfSeveral() async throws {
    let hydra = try await applied(["a", "b"])
    let lineage = try #require(try hydra.state()["lineage"]?.string)
    try await hydra.register(named: "x", owner: "clientsync/other-lineage/x/1")
    try FileManager.default.removeItem(atPath: hydra.repository.folder + "/state/h.json")
    let words = ["state", "rebuild", "--from-admin", "--registry", "h", "--auto-approve"]
    let asked = await hydra.repository.run(words)
    #expect(asked.status == 64 && asked.errors.contains("\(lineage)  a, b\n  other-lineage  x\n"), "\(asked)")
    let run = await hydra.repository.run(words + ["--lineage", lineage])
    #expect(run.status == 0, "\(run)")
    #expect(try hydra.state()["clients"]?.object?.names == ["a", "b"])
  }

  @Test(
    "a state whose data key only a vault opens is opened through sops where --allow-exec allows that, and says so where not",
    .enabled(if: Program.path(of: "sops") != nil, "sops is not installed"), .timeLimit(.minutes(15)))
  func vaultOnly() async throws {
    let vault = try VaultStub()
    let hydra = try await applied(["a", "b"])
    let repository = hydra.repository
    let path = repository.folder + "/state/h.json"
    let plain = try Program.run("sops", ["-d", path], environment: ["SOPS_AGE_KEY": repository.identity.text.exposed])
    try #require(plain.status == 0, "\(plain.errors)")
    try Data(plain.output).write(to: URL(filePath: repository.folder + "/plain.json"))
    let vaulted = try Program.run(
      "sops",
      [
        "encrypt", "--encrypted-regex", "^sealed$", "--hc-vault-transit", "\(vault.url)/v1/transit/keys/k", "--output", path,
        repository.folder + "/plain.json",
      ], environment: ["VAULT_TOKEN": "t"], in: repository.folder)
    try #require(vaulted.status == 0, "\(vaulted.errors)")
    let tools = URL(filePath: try #require(Program.path(of: "sops"))).deletingLastPathComponent().path
    let scratch = repository.folder + "/scratch"
    try FileManager.default.createDirectory(atPath: scratch, withIntermediateDirectories: true)
    func clientsync(_ words: String...) async throws -> (status: Int32, output: String) {
      try? FileManager.default.removeItem(atPath: repository.folder + "/output")
      let child = try Child(
        [Child.clientsync] + words + ["--state", repository.folder + "/state"],
        environment: [
          "HOME": repository.folder + "/home", "PATH": "\(tools):/usr/bin:/bin", "VAULT_TOKEN": "t", "TMPDIR": scratch,
        ], output: repository.folder + "/output")
      let status = await child.ended()
      return (status >> 8, String(decoding: repository.read("output") ?? Data(), as: UTF8.self))
    }
    let refused = try await clientsync("state", "verify")
    #expect(refused.status == 1 && refused.output.contains("hc_vault \(vault.url)"), "\(refused)")
    let verified = try await clientsync("state", "verify", "--allow-exec")
    #expect(verified.status == 0 && verified.output.contains("the MAC fits"), "\(verified)")
    let plan = try await clientsync("plan", "--allow-exec", "-f", repository.folder + "/clients")
    #expect(plan.status == 0 && plan.output.contains("all 2 known ones read"), "\(plan)")
    #expect(try FileManager.default.contentsOfDirectory(atPath: scratch).isEmpty)
  }

  @Test("an earlier file without the seal over its places is read, verify says so, and upgrade writes it")
  func upgrade() async throws {
    let hydra = try await applied(["a"])
    let path = hydra.repository.folder + "/state/h.json"
    var document = try SOPSDocument(parsing: Array(try #require(hydra.repository.read("state/h.json"))))
    let key = try document.dataKey(with: try AgeIdentities(parsing: hydra.repository.identity.text.exposed, source: "test"))
    document.tree["sealed"] = nil
    try Data(try document.written(with: key, at: Date())).write(to: URL(filePath: path))
    let verify = await hydra.repository.run("state", "verify")
    #expect(verify.status == 0 && verify.output.contains("state upgrade"))
    #expect(await hydra.repository.run("state", "upgrade").status == 0)
    #expect(try hydra.state()["sealed"]?["places"] != nil && hydra.state()["serial"] == 2)
    #expect(hydra.repository.read("state/h.json.backup") != nil)
    let again = await hydra.repository.run("state", "upgrade")
    #expect(again.status == 0 && again.output.contains("already"))
  }

  @Test(
    "an apply without a state and without --new-state says how many clients it would have created; so does the plan's first line"
  )
  func newState() async throws {
    let hydra = try Hydra(hasAdmin: true)
    try hydra.declare(["a", "b", "c"])
    let plan = await hydra.repository.run("plan")
    #expect(plan.output.split(separator: "\n").first?.contains("no state yet: 3 to be created") == true)
    let apply = await hydra.repository.run("apply", "--auto-approve")
    #expect(apply.status == 7 && apply.errors.contains("3 clients would be created"))
    #expect(try await hydra.names().isEmpty)
  }
}
