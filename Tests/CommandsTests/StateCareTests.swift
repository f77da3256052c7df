import EmbeddedProvider
import Foundation
import Glibc
import OpenIDCryptography
import OpenIDJSON
import OpenIDRegistration
import Programs
import Sealing
import State
import Synchronization
import Testing

@testable import Commands

/// What the state's commands do not let happen, and the ways out that messages and pages name.
@Suite struct StateCareTests {
  private func applied(_ names: [String] = ["a", "b"], hasAdmin: Bool = true) async throws -> Hydra {
    let hydra = try Hydra(hasAdmin: hasAdmin)
    try hydra.declare(names)
    #expect(await hydra.apply().status == 0)
    return hydra
  }

  @Test("a create in doubt gets no other name, by state mv or by previousNames, and so is never sent twice")
  func renamedInDoubt() async throws {
    let hydra = try await applied(["a"], hasAdmin: false)
    try hydra.declare(["a", "b"])
    hydra.provider.setFaults([Fault(.create, .after, .drop)])
    #expect(await hydra.apply().status == 5)
    hydra.provider.setFaults([])
    let moved = await hydra.repository.run("state", "mv", "b", "c")
    #expect(moved.status == 7 && moved.errors.contains("in doubt"), "\(moved.errors)")
    try hydra.repository.write(
      "clients.yaml",
      [
        Repository.client("a", "client_name: a, redirect_uris: [https://a.example.com/cb]"),
        Repository.client(
          "c", "client_name: b, redirect_uris: [https://a.example.com/cb]", spec: "  previousNames: [b]\n"),
      ].joined(separator: "---\n"))
    let plan = await hydra.repository.run("plan", "--format", "json")
    #expect(plan.json?["summary"]?["create"] == 0, "\(plan.output)")
    #expect(
      plan.json?["problems"]?.array?.compactMap { $0["kind"]?.string }.sorted() == [
        "create_in_doubt", "previous_name_in_doubt",
      ])
    #expect(await hydra.apply().status == 5)
    #expect(try await hydra.names() == ["a", "b"])
  }

  @Test("a state that another machine's run wrote meanwhile does not pass for the whole, though it has the next serial")
  func twoMachines() async throws {
    let hydra = try await applied()
    let repository = hydra.repository
    let (mine, theirs) = (repository.folder + "/state", repository.folder + "/theirs")
    try FileManager.default.copyItem(atPath: mine, toPath: theirs)
    try FileManager.default.copyItem(atPath: repository.folder + "/clients", toPath: repository.folder + "/other")
    try Data(
      ["a", "b", "c"].map { Repository.client($0, "client_name: \($0), redirect_uris: [https://a.example.com/cb]") }
        .joined(separator: "---\n").utf8
    ).write(to: URL(filePath: repository.folder + "/other/clients.yaml"))
    try hydra.declare(["a", "b"], suffix: " 2")
    hydra.provider.setFaults([Fault(.set, times: nil, .after, .delay(milliseconds: 15_000))])
    async let run = hydra.apply()
    try await Task.sleep(for: .milliseconds(1000))
    let other = await repository.run(
      "apply", "--auto-approve", "-f", repository.folder + "/other", "--state", theirs,
      environment: ["XDG_STATE_HOME": repository.folder + "/elsewhere"])
    #expect(other.output.contains("1 created"), "\(other.output)\(other.errors)")
    let bytes = try #require(FileManager.default.contents(atPath: theirs + "/h.json"))
    try bytes.write(to: URL(filePath: mine + "/h.json"))
    let done = await run
    #expect(done.status == 3, "\(done.output)\(done.errors)")
    #expect(FileManager.default.contents(atPath: mine + "/h.json") == bytes)
    let rescued = try #require((done.output + done.errors).firstMatch(of: #/state push (\S+\.rescued\.json)/#)?.1)
    for words in [["plan"], ["apply", "--auto-approve"], ["state", "verify"]] {
      let refused = await repository.run(words)
      #expect(refused.status == 3 && (refused.output + refused.errors).contains(rescued), "\(refused.output)\(refused.errors)")
    }
    // Nor once the other machine has come as far as what was put aside, or where no state is left.
    _ = await repository.run(
      "state", "upgrade", "--state", theirs, environment: ["XDG_STATE_HOME": repository.folder + "/elsewhere"])
    try FileManager.default.removeItem(atPath: mine + "/h.json")
    #expect(await repository.run("plan").status == 3)
    try FileManager.default.copyItem(atPath: theirs + "/h.json", toPath: mine + "/h.json")
    #expect(await repository.run("plan").status == 3)
    let pushed = await repository.run("state", "push", String(rescued), "--force", "--auto-approve")
    #expect(
      pushed.status == 0 && pushed.errors.contains("would be forgotten, with their secrets and tokens: c"), "\(pushed.errors)")
    hydra.provider.setFaults([])
    let plan = await repository.run("plan", "--format", "json")
    #expect(plan.json?["registries"]?[0]?["read"] == 2 && plan.json?["summary"]?["set"] == 0, "\(plan.output)")
  }

  @Test(
    "a state that somebody writes while a run is at work is left so; what the run learned is put aside, and pushed in the end")
  func writtenMeanwhile() async throws {
    let hydra = try await applied()
    let repository = hydra.repository
    let path = repository.folder + "/state/h.json"
    try hydra.declare(["a", "b"], suffix: " 2")
    hydra.provider.setFaults([Fault(.set, times: nil, .after, .delay(milliseconds: 3000))])
    async let run = hydra.apply()
    try await Task.sleep(for: .milliseconds(1000))
    let whole = try JSONValue(parsing: Array(repository.read("state/h.json") ?? Data()))
    let theirs = Data(whole.text(.pretty).utf8)
    try theirs.write(to: URL(filePath: path))
    let done = await run
    #expect(done.status == 3, "\(done.output)\(done.errors)")
    #expect(repository.read("state/h.json") == theirs)
    let words = done.output + done.errors
    let rescued = try #require(words.firstMatch(of: #/state push (\S+\.rescued\.json)/#)?.1)
    let refused = await repository.run("plan")
    #expect(refused.status == 3 && refused.errors.contains(rescued))
    #expect(await repository.run("state", "push", String(rescued), "--auto-approve").status == 0)
    hydra.provider.setFaults([])
    let plan = await repository.run("plan", "--detailed-exitcode", "--format", "json")
    #expect(plan.status == 0 && plan.json?["registries"]?[0]?["read"] == 2, "\(plan.output)")
  }

  @Test(
    "on a full disk, what was done at the provider and is held counts as done: put aside, or in the state where that can be written",
    arguments: [true, false])
  func fullDisk(isJournalOnly: Bool) async throws {
    let hydra = try await applied(["a", "b"])
    let repository = hydra.repository
    // One is created, one deleted: each is done at the provider before the disk takes no more.
    try hydra.declare(["a", "c"])
    let folder = repository.folder + "/state/"
    let isFull = Atomic<Bool>(false)
    let run = await repository.run("apply", "--auto-approve", "--parallelism", "1") { context in
      context.files = PosixFiles(
        gate: .init(before: { step in
          guard isFull.load(ordering: .sequentiallyConsistent), step.path.hasPrefix(folder) else { return .happens }
          if isJournalOnly, !step.path.hasSuffix(".journal") { return .happens }
          return [.create, .write, .sync].contains(step.call) ? .fails(ENOSPC) : .happens
        }))
      context.transport = { Filling(base: $0) { isFull.store(true, ordering: .sequentiallyConsistent) } }
    }
    #expect(try await hydra.names() == ["a", "b", "c"])
    // The delete's intent could not be noted, so it was not sent: that one failed.
    #expect(run.status == 4 && run.output.contains("Partly applied: 1 created, 1 failed"), "\(run)")
    #expect(!run.output.contains("create  c     failed"), "\(run)")
    if !isJournalOnly {
      let rescued = try #require(run.output.firstMatch(of: #/state push (\S+\.rescued\.json)/#)?.1, "\(run)")
      let pushed = await repository.run("state", "push", String(rescued), "--auto-approve")
      #expect(pushed.status == 0, "\(pushed)")
    }
    #expect(await repository.run("apply", "--auto-approve").status == 0)
    #expect(try await hydra.names() == ["a", "c"])
    #expect(await repository.run("plan", "--detailed-exitcode").status == 0)
  }

  @Test(
    "what was done at the provider and is written nowhere is told as failed at the end, after its line said done",
    arguments: ["text", "json"])
  func fullEverywhere(format: String) async throws {
    let hydra = try await applied(["a", "b"])
    let repository = hydra.repository
    try hydra.declare(["a", "b", "c"])
    let isFull = Atomic<Bool>(false)
    let run = await repository.run("apply", "--auto-approve", "--parallelism", "1", "--format", format) { context in
      context.files = PosixFiles(
        gate: .init(before: { step in
          let takesRoom = [.create, .write, .sync].contains(step.call)
          return isFull.load(ordering: .sequentiallyConsistent) && takesRoom ? .fails(ENOSPC) : .happens
        }))
      context.transport = { Filling(base: $0) { isFull.store(true, ordering: .sequentiallyConsistent) } }
    }
    let words = "written nowhere: its secret and its token are lost"
    if format == "json" {
      let outcome = run.json?["outcomes"]?[0]
      #expect(outcome?["result"] == "failed" && outcome?["message"]?.string?.contains(words) == true, "\(run)")
      #expect(outcome?["notes"] == [], "\(run)")
    } else {
      let last = run.output.components(separatedBy: "is written when the run ends").last ?? ""
      #expect(last != run.output && last.contains("create    c   failed: done at the provider, and \(words)"), "\(run)")
      #expect(last.contains("applied: 1 failed"), "\(run)")
    }
    #expect(run.status == 4, "\(run)")
  }

  /// The disk is full once a create was answered.
  private struct Filling: HTTPTransport {
    let base: any HTTPTransport
    let fill: @Sendable () -> Void

    func send(_ request: HTTPRequest) async throws(HTTPTransportError) -> HTTPResponse {
      defer { if request.method == .post { fill() } }
      return try await base.send(request)
    }
  }

  @Test(
    "a backup in clear that a kill left beside a state which is sealed since is told, and the next run that writes takes it away",
    arguments: ["apply --auto-approve", "state rekey --registry h"])
  func clearBackup(command: String) async throws {
    let hydra = try await applied()
    let repository = hydra.repository
    try hydra.writeRegistry(hasAdmin: true, isClear: true)
    #expect(await repository.run("state", "rekey", "--registry", "h").status == 0)
    try hydra.writeRegistry(hasAdmin: true)
    let isDead = Atomic<Bool>(false)
    _ = await repository.run("state", "rekey", "--registry", "h") { context in
      context.files = PosixFiles(
        gate: .init(
          before: { _ in isDead.load(ordering: .sequentiallyConsistent) ? .fails(EIO) : .happens },
          after: { step in
            if step.call == .rename, step.path.hasSuffix("/h.json") { isDead.store(true, ordering: .sequentiallyConsistent) }
          }))
    }
    #expect(try hydra.state()["sops"] != nil)
    let left = try JSONValue(parsing: Array(repository.read("state/h.json.backup") ?? Data()))
    #expect(left["encryption"] == "none")
    let verify = await repository.run("state", "verify", "--format", "json")
    #expect(
      verify.status == 0 && verify.errors.contains("stand in clear in \(repository.folder)/state/h.json.backup"), "\(verify)")
    #expect(verify.json?["states"]?[0]?["left_in_clear"]?.array?.count == 1, "\(verify)")
    try buryOwner(in: repository.folder + "/state")
    if command.hasPrefix("state") {
      // As where the dead lock was taken away already.
      let lock = try JSONValue(parsing: Array(repository.read("state/h.lock") ?? Data()))["id"]?.string ?? ""
      #expect(await repository.run("state", "unlock", lock).status == 0)
    }
    let run = await repository.run(command.split(separator: " ").map(String.init))
    #expect(run.status == 0, "\(run)")
    #expect(repository.read("state/h.json.backup") == nil)
    #expect(await !repository.run("state", "verify").errors.contains("in clear"))
    // A sealed one stays.
    try hydra.declare(["a", "b"], suffix: " 2")
    #expect(await repository.run("apply", "--auto-approve").status == 0)
    #expect(await repository.run("state", "upgrade").status == 0)
    #expect(repository.read("state/h.json.backup") != nil)
  }

  @Test(
    "what was put aside of a state in clear is told so, and where the state is sealed later, the files are named until they are gone"
  )
  func putAsideInClear() async throws {
    let hydra = try Hydra(hasAdmin: true)
    let repository = hydra.repository
    try hydra.declare(["a", "b"])
    try hydra.writeRegistry(hasAdmin: true, isClear: true)
    #expect(await hydra.apply().status == 0)
    try hydra.declare(["a", "b", "c"])
    let path = repository.folder + "/state/h.json"
    let run = await repository.run("apply", "--auto-approve") { context in
      context.transport = {
        Filling(base: $0) {
          // Somebody writes the state under the run.
          try? ((FileManager.default.contents(atPath: path) ?? Data()) + Data("\n".utf8)).write(to: URL(filePath: path))
        }
      }
    }
    #expect(run.status == 3 && run.output.contains("in clear as the state is") && !run.output.contains("sealed"), "\(run)")
    let rescued = try #require((run.output + run.errors).firstMatch(of: #/state push (\S+\.rescued\.json)/#)?.1)
    let pushed = await repository.run("state", "push", String(rescued), "--auto-approve")
    // In clear as everything else, there is nothing to tell.
    #expect(pushed.status == 0 && !pushed.errors.contains("is sealed, and"), "\(pushed)")
    try hydra.writeRegistry(hasAdmin: true)
    let files = ["\(repository.folder)/state/h.journal.aside", rescued + ".settled"]
    for words in [["rekey"], ["verify"], ["rekey"]] {
      let told = await repository.run(["state"] + words)
      #expect(told.status == 0 && told.errors.contains("in clear in \(files.joined(separator: ", "))."), "\(told)")
    }
    for file in files { try FileManager.default.removeItem(atPath: file) }
    #expect(await !repository.run("state", "verify").errors.contains("in clear"))
  }

  @Test("a state that is pushed where there is none asks nothing, for nobody loses anything")
  func pushedWhereNoneIs() async throws {
    let hydra = try await applied()
    let path = hydra.repository.folder + "/state/h.json"
    try FileManager.default.moveItem(atPath: path, toPath: path + ".kept")
    let pushed = await hydra.repository.run("state", "push", path + ".kept")
    #expect(pushed.status == 0 && !pushed.errors.contains("than now"), "\(pushed)")
    #expect(await hydra.repository.run("plan", "--detailed-exitcode").status == 0)
  }

  @Test(
    "an edit by sops that changes where credentials go is refused until it is pushed by force",
    .enabled(if: Program.path(of: "sops") != nil, "sops is not installed"))
  func editedBinding() async throws {
    let hydra = try await applied()
    let path = hydra.repository.folder + "/state/h.json"
    let edited = try Program.run(
      "sops", ["set", path, #"["clients"]["a"]["registration_client_uri"]"#, #""\#(hydra.publicURL)/elsewhere""#],
      environment: ["SOPS_AGE_KEY": hydra.repository.identity.text.exposed])
    try #require(edited.status == 0, "\(edited.errors)")
    let refused = await hydra.repository.run("plan", "--no-refresh")
    #expect(refused.status == 1 && refused.errors.contains("state push \(path) --force"), "\(refused.errors)")
    #expect(await hydra.repository.run("state", "push", path, "--auto-approve").status == 3)
    let pushed = await hydra.repository.run("state", "push", path, "--force", "--auto-approve")
    #expect(pushed.status == 0, "\(pushed.output)\(pushed.errors)")
    #expect(await hydra.repository.run("plan", "--no-refresh").status == 0)
  }

  @Test(
    "with the attributes that init writes, two branches that both applied leave git's markers, and plan says so",
    .enabled(if: Program.path(of: "git") != nil, "git is not installed"))
  func conflict() async throws {
    let hydra = try await applied()
    let repository = hydra.repository
    func git(_ words: String...) throws {
      _ = try Program.run("git", ["-c", "user.name=t", "-c", "user.email=t@example.com"] + words, in: repository.folder)
    }
    #expect(await repository.run("init", repository.folder + "/fresh").status == 0)
    try FileManager.default.moveItem(
      atPath: repository.folder + "/fresh/.gitattributes", toPath: repository.folder + "/.gitattributes")
    try git("init", "-q", "-b", "one")
    try git("add", ".gitattributes", "state/h.json", "clients")
    try git("commit", "-qm", "base")
    try git("checkout", "-qb", "two")
    try hydra.declare(["a", "b"], suffix: " 2")
    #expect(await hydra.apply().status == 0)
    try git("commit", "-qam", "two")
    try git("checkout", "-q", "one")
    // As on another machine, which has not seen the other branch's state.
    try FileManager.default.removeItem(atPath: repository.folder + "/home/.local/state")
    hydra.provider.setFaults([])
    try hydra.declare(["a", "b", "c"])
    _ = await hydra.apply()
    try git("commit", "-qam", "one")
    try git("merge", "two")
    let text = String(decoding: try #require(repository.read("state/h.json")), as: UTF8.self)
    #expect(text.contains("<<<<<<< "), "\(text.prefix(300))")
    let plan = await repository.run("state", "verify")
    #expect(plan.status == 1 && plan.output.contains("conflict markers"), "\(plan.output)")
  }

  @Test("when a state that stood in clear is sealed, no backup of it stays behind")
  func leavesClear() async throws {
    let hydra = try Hydra(hasAdmin: true)
    try hydra.declare(["a"])
    try hydra.writeRegistry(hasAdmin: true, isClear: true)
    #expect(await hydra.apply().status == 0)
    let token = try #require(try hydra.state()["clients"]?["a"]?["sealed"]?["registration_access_token"]?.string)
    try hydra.writeRegistry(hasAdmin: true)
    #expect(await hydra.repository.run("state", "rekey").status == 0)
    for name in try FileManager.default.contentsOfDirectory(atPath: hydra.repository.folder + "/state") {
      let bytes = hydra.repository.read("state/" + name) ?? Data()
      #expect(bytes.range(of: Data(token.utf8)) == nil, "\(name)")
    }
  }

  @Test("what was mapped back from markers plans nothing, and what cannot be changed for want of a token is said before apply")
  func rebuilt() async throws {
    let hydra = try await applied(["a", "b"])
    try FileManager.default.removeItem(atPath: hydra.repository.folder + "/state/h.json")
    #expect(await hydra.repository.run("state", "rebuild", "--from-admin", "--registry", "h", "--auto-approve").status == 0)
    let plan = await hydra.repository.run("plan", "--no-refresh", "--detailed-exitcode", "--format", "json")
    #expect(plan.json?["changes"] == [], "\(plan.output)")
    try hydra.declare(["a"], suffix: " 2")
    let wanted = await hydra.repository.run("plan", "--no-refresh", "--format", "json")
    #expect(wanted.json?["changes"] == [])
    #expect(wanted.json?["problems"]?.array?.map { $0["kind"]?.string } == ["no_token", "no_token"], "\(wanted.output)")
  }

  @Test("an identity that is lost: rebuild says to move the file away, and then finds the clients")
  func identityLost() async throws {
    let hydra = try await applied()
    let other = ["SOPS_AGE_KEY": AgeIdentity.generate().text.exposed]
    let words = ["state", "rebuild", "--from-admin", "--registry", "h", "--auto-approve"]
    let stuck = await hydra.repository.run(words, environment: other)
    #expect(stuck.status == 1 && stuck.errors.contains("move the file away"), "\(stuck.output)\(stuck.errors)")
    let path = hydra.repository.folder + "/state/h.json"
    try FileManager.default.moveItem(atPath: path, toPath: path + ".lost")
    #expect(await hydra.repository.run(words, environment: other).status == 0)
  }

  @Test("a .sops.yaml of comments alone, as init writes it, has no rule")
  func commentsAlone() async throws {
    let hydra = try Hydra(hasAdmin: false)
    try hydra.declare(["a"])
    try Data("# creation_rules:\n".utf8).write(to: URL(filePath: hydra.repository.folder + "/.sops.yaml"))
    #expect(await hydra.apply().status == 0)
    #expect(await hydra.repository.run("plan", "--detailed-exitcode").status == 0)
  }

  @Test("one key group of .sops.yaml is a list of recipients")
  func keyGroup() async throws {
    let hydra = try await applied()
    try Data("creation_rules:\n  - key_groups:\n      - age:\n          - \(hydra.repository.recipient)\n".utf8)
      .write(to: URL(filePath: hydra.repository.folder + "/.sops.yaml"))
    try hydra.declare(["a", "b", "c"])
    let run = await hydra.apply()
    #expect(run.status == 0, "\(run.output)\(run.errors)")
  }

  @Test("rekey without a change writes nothing; rm takes a name once; errors are JSON where JSON is asked for")
  func small() async throws {
    let hydra = try await applied()
    let before = hydra.repository.read("state/h.json")
    let rekey = await hydra.repository.run("state", "rekey")
    #expect(rekey.status == 0 && rekey.output.contains("already"), "\(rekey.output)\(rekey.errors)")
    #expect(hydra.repository.read("state/h.json") == before)
    let twice = await hydra.repository.run("state", "rm", "a", "a", "--auto-approve")
    #expect(twice.status == 0 && twice.output.contains("1 forgotten"))
    try Data("{".utf8).write(to: URL(filePath: hydra.repository.folder + "/state/h.json"))
    for words in [["list"], ["show", "b"], ["rekey"], ["rm", "b", "--auto-approve"]] {
      let run = await hydra.repository.run(["state"] + words + ["--format", "json"])
      #expect(run.status == 1 && run.json?["error"]?.string?.contains("no JSON") == true, "\(words) \(run.output)")
    }
  }
}
