import Applying
import EmbeddedProvider
import Foundation
import OpenIDCryptography
import OpenIDJSON
import OpenIDRegistration
import Programs
import Sealing
import State
import Synchronization
import Testing

@testable import Commands

/// Two runs on one state, and a state that somebody changes under a run.
@Suite struct TwoRunsTests {
  @Test(
    "of two applies at once the second says who holds the lock and exits 6, or waits and then plans from what the first left",
    .timeLimit(.minutes(15)))
  func atOnce() async throws {
    let hydra = try Hydra(hasAdmin: true)
    let repository = hydra.repository
    try hydra.declare(["a", "b", "c"])
    hydra.provider.setFaults([Fault(.create, times: 1, .before, .delay(milliseconds: 2500))])
    let first = try repository.start("apply", "--auto-approve", "--new-state")
    while repository.read("state/h.lock") == nil { try await Task.sleep(for: .milliseconds(5)) }
    let refused = await repository.run("apply", "--auto-approve", "--new-state", "--format", "json")
    #expect(refused.status == 6 && refused.json?["error"]?.string?.contains("process \(first.pid)") == true, "\(refused)")
    let second = await repository.run("apply", "--auto-approve", "--new-state", "--lock-timeout", "5m")
    #expect(second.errors.contains("waiting for it"), "\(second)")
    #expect(await first.ended() == 0)
    #expect(second.status == 0 && second.output.contains("Nothing to do"), "\(second)")
    #expect(try await hydra.names() == ["a", "b", "c"])
    #expect(repository.read("state/h.lock") == nil)
  }

  @Test("a state that was changed by sops edit while the question stood makes the plan stale, and nothing is sent")
  func editedMeanwhile() async throws {
    let hydra = try Hydra(hasAdmin: true)
    let repository = hydra.repository
    try hydra.declare(["a"])
    #expect(await hydra.apply().status == 0)
    try hydra.declare(["a"], suffix: " 2")
    let before = try hydra.state()
    let run = await repository.run("apply") { context in
      context.inputIsTerminal = true
      context.ask = { _ in
        guard let bytes = repository.read("state/h.json"), var document = try? SOPSDocument(parsing: Array(bytes)),
          let identities = try? AgeIdentities(parsing: repository.identity.text.exposed, source: "test"),
          let key = try? document.dataKey(with: identities), var clients = document.tree["clients"]?.object,
          var client = clients["a"]?.object
        else { return nil }
        client["deletion"] = "prevent"
        clients["a"] = .object(client)
        document.tree["clients"] = .object(clients)
        guard let edited = try? document.written(with: key, at: Date()) else { return nil }
        try? Data(edited).write(to: URL(filePath: repository.folder + "/state/h.json"))
        return "yes"
      }
    }
    #expect(run.status == 3 && run.output.contains("changed since the plan was made"), "\(run)")
    #expect(try await hydra.names() == ["a"])
    #expect(try hydra.state()["serial"] == before["serial"])
  }

  @Test(
    "where another run came in between plan and lock, --auto-approve plans again and prints that; a reviewed plan is stale",
    .timeLimit(.minutes(15)), arguments: [false, true])
  func plannedAgain(isReviewed: Bool) async throws {
    let hydra = try Hydra(hasAdmin: true)
    let repository = hydra.repository
    try hydra.declare(["a", "b"])
    #expect(await hydra.apply().status == 0)
    try hydra.declare(["a", "c"])
    let digest = try #require(await repository.run("plan", "--format", "json").json?["digest"]?.string)
    let before = try hydra.state()
    let words = ["apply", "--auto-approve"] + (isReviewed ? ["--expect", digest] : [])
    let other = Other {
      let other = try await StateRun.begin(
        FolderKeeper(folder: repository.folder + "/state", registry: "h"), registry: "h", new: nil,
        identities: try AgeIdentities(parsing: repository.identity.text.exposed, source: "test"),
        owner: LockOwner.current(command: "apply"), lockTimeout: .zero)
      guard var entry = await other.state.clients["a"] else { return }
      entry.labels = ["team": "web"]
      try await other.recordOutcome(entry, for: "a")
      _ = try await other.finish()
    }
    let run = await repository.run(words) { $0.transport = { Waiting(base: $0, other: other) } }
    #expect(repository.read("state/h.lock") == nil)
    if isReviewed {
      #expect(run.status == 3 && run.output.contains("changed since the plan was made"), "\(run)")
      #expect(try await hydra.names() == ["a", "b"])
      #expect(try hydra.state()["serial"]?.integer == (before["serial"]?.integer).map { $0 + 1 })
    } else {
      #expect(run.status == 0 && run.errors.contains("planned again"), "\(run)")
      #expect(run.output.components(separatedBy: "Plan: ").count == 3 && run.output.contains("1 created, 1 deleted"), "\(run)")
      // What the other run noted meanwhile was seen: it is not what the manifest says.
      #expect(run.output.contains("remember  a"), "\(run)")
      #expect(try await hydra.names() == ["a", "c"])
      #expect(await repository.run("plan", "--detailed-exitcode").status == 0)
    }
  }

  @Test(
    "a 401 that comes of another run's new token is no ground for a plan: the clients are read again with what that run left",
    .timeLimit(.minutes(15)), arguments: ["plan --detailed-exitcode", "apply --auto-approve"], [false, true])
  func tokenReplacedMeanwhile(command: String, hasAdmin: Bool) async throws {
    let hydra = try Hydra(hasAdmin: hasAdmin)
    let repository = hydra.repository
    try hydra.declare(["a", "b"])
    #expect(await hydra.apply().status == 0)
    try hydra.declare(["a", "b"], suffix: " 2")
    let other = Other { #expect(await hydra.apply().status == 0) }
    let run = await repository.run(command.split(separator: " ").map(String.init)) {
      $0.transport = { Waiting(base: $0, other: other) }
    }
    #expect(run.status == 0 && run.output.contains("Nothing to do"), "\(run)")
    #expect(run.errors.contains("read again") && !run.output.contains("stuck"), "\(run)")
    #expect(repository.read("state/h.lock") == nil)
  }

  @Test("reads that another run comes in between each time end with exit 3, and advise nothing", .timeLimit(.minutes(15)))
  func replacedAgainAndAgain() async throws {
    let hydra = try Hydra(hasAdmin: true)
    let repository = hydra.repository
    try hydra.declare(["a"])
    #expect(await hydra.apply().status == 0)
    let run = await repository.run("plan", "--format", "json") {
      $0.transport = { Preceded(base: $0, hydra: hydra) }
    }
    let error = run.json?["error"]?.string ?? ""
    #expect(run.status == 3 && error.contains("while the clients were being read") && !error.contains("rm"), "\(run)")
  }

  /// Each read of a client comes after another run that set it.
  private final class Preceded: HTTPTransport {
    private let base: any HTTPTransport
    private let hydra: Hydra
    private let count = Atomic<Int>(2)

    init(base: any HTTPTransport, hydra: Hydra) {
      self.base = base
      self.hydra = hydra
    }

    func send(_ request: HTTPRequest) async throws(HTTPTransportError) -> HTTPResponse {
      if request.url.contains("/oauth2/register/") {
        let round = count.add(1, ordering: .relaxed).oldValue
        try? hydra.declare(["a"], suffix: " \(round)")
        _ = await hydra.apply()
      }
      return try await base.send(request)
    }
  }

  @Test(
    "a state that is gone is exit 3, and no client is made a second time: taken away while the clients were read, or before the lock",
    .timeLimit(.minutes(15)), arguments: [false, true])
  func goneMeanwhile(isTokenReplaced: Bool) async throws {
    let hydra = try Hydra(hasAdmin: true)
    let repository = hydra.repository
    try hydra.declare(["a", "b"])
    #expect(await hydra.apply().status == 0)
    try hydra.declare(["a", "b"], suffix: " 2")
    let other = Other {
      if isTokenReplaced { _ = await hydra.apply() }
      _ = await repository.run("state", "rm", "--all", "--registry", "h", "--auto-approve")
    }
    let run = await repository.run("apply", "--auto-approve", "--new-state") {
      $0.transport = { Waiting(base: $0, other: other) }
    }
    #expect(run.status == 3 && (run.output + run.errors).contains("is gone"), "\(run)")
    #expect(try await hydra.names().count == 2)
  }

  @Test(
    "a client whose call another run has under way is not told lost: the run that holds the lock is named",
    .timeLimit(.minutes(15)))
  func underWay() async throws {
    let hydra = try Hydra(hasAdmin: true)
    let repository = hydra.repository
    try hydra.declare(["a"])
    #expect(await hydra.apply().status == 0)
    try hydra.declare(["a"], suffix: " 2")
    // The set is done, and its answer takes its time.
    hydra.provider.setFaults([Fault(.set, times: 1, .after, .delay(milliseconds: 4000))])
    async let applying = hydra.apply()
    while try await hydra.names() != ["a 2"] { try await Task.sleep(for: .milliseconds(10)) }
    let plan = await repository.run("plan")
    #expect(plan.status == 6 && plan.errors.contains("is held by"), "\(plan)")
    #expect(await applying.status == 0)
    #expect(await repository.run("plan", "--detailed-exitcode").status == 0)
  }

  /// Another run, which begins once it is waited for, and only once.
  private actor Other {
    private let work: @Sendable () async throws -> Void
    private var task: Task<Void, any Error>?

    init(_ work: @escaping @Sendable () async throws -> Void) { self.work = work }

    func end() async {
      let task = task ?? Task { try await work() }
      self.task = task
      _ = await task.result
    }
  }

  /// Sends nothing before another run has ended.
  private struct Waiting: HTTPTransport {
    let base: any HTTPTransport
    let other: Other

    func send(_ request: HTTPRequest) async throws(HTTPTransportError) -> HTTPResponse {
      await other.end()
      return try await base.send(request)
    }
  }

  @Test(
    "a data key that sops rotated over a journal that was left says how to go on, and going on so loses nothing",
    .enabled(if: Program.path(of: "sops") != nil, "sops is not installed"))
  func rotatedOverJournal() async throws {
    let hydra = try Hydra(hasAdmin: true)
    let repository = hydra.repository
    try hydra.declare(["a"])
    #expect(await hydra.apply().status == 0)
    try hydra.declare(["a", "b"])
    let stop = StopSignal()
    // The lock takes four steps, the intent three; the outcome's bytes are the last that happens.
    let gate = FaultGate(FaultPoint(kind: .killed, step: 10), stop: stop)
    _ = await repository.run("apply", "--auto-approve") { context in
      context.files = gate.files
      context.stop = stop
    }
    try buryOwner(in: repository.folder + "/state")
    #expect(repository.read("state/h.journal") != nil)
    let path = repository.folder + "/state/h.json"
    let before = try #require(repository.read("state/h.json"))
    let rotated = try Program.run(
      "sops", ["rotate", "-i", path], environment: ["SOPS_AGE_KEY": repository.identity.text.exposed])
    try #require(rotated.status == 0, "\(rotated.errors)")
    let journal = repository.read("state/h.journal")
    let refused = await hydra.apply()
    #expect(refused.status == 1 && refused.errors.contains("sops rotate"), "\(refused)")
    #expect(repository.read("state/h.journal") == journal)
    try before.write(to: URL(filePath: path))
    #expect(await hydra.repository.run("apply", "--auto-approve").status == 0)
    #expect(try await hydra.names() == ["a", "b"])
    #expect(await repository.run("plan", "--detailed-exitcode").status == 0)
  }

  @Test(
    "state rm forgets nothing but what it listed: what another run changed since is kept, and it exits 3",
    .timeLimit(.minutes(15)), arguments: [["--all", "--registry", "h"], ["a"]])
  func removedMeanwhile(what: [String]) async throws {
    let hydra = try Hydra(hasAdmin: true)
    let repository = hydra.repository
    try hydra.declare(["a", "b"])
    #expect(await hydra.apply().status == 0)
    let other = try await StateRun.begin(
      FolderKeeper(folder: repository.folder + "/state", registry: "h"), registry: "h", new: nil,
      identities: try AgeIdentities(parsing: repository.identity.text.exposed, source: "test"),
      owner: LockOwner.current(command: "apply"), lockTimeout: .zero)
    let hasListed = Mutex(false)
    let words = ["state", "rm"] + what + ["--auto-approve", "--lock-timeout", "1m"]
    async let removing = repository.run(words) { context in
      context.printError = { text in hasListed.withLock { $0 = $0 || text.contains("a: forgets") } }
    }
    while !hasListed.withLock({ $0 }) { try await Task.sleep(for: .milliseconds(10)) }
    // A create whose token only this state has, and another secret.
    var entry = try #require(await other.state.clients["a"])
    entry.sealed.clientSecret = other.seal(Secret("new"), as: .clientSecret, of: "a")
    try await other.recordOutcome(entry, for: "a")
    _ = try await other.finish()
    let written = repository.read("state/h.json")
    #expect(await removing.status == 3)
    #expect(written != nil && repository.read("state/h.json") == written)
    #expect(repository.read("state/h.lock") == nil)
    let again = await repository.run(["state", "rm"] + what + ["--auto-approve"])
    #expect(again.status == 0, "\(again)")
  }

  @Test("a clock that stands before the state was written is told, and nothing waits for less than its time limit")
  func clock() async throws {
    let hydra = try Hydra(hasAdmin: true)
    try hydra.declare(["a"])
    #expect(await hydra.apply().status == 0)
    let files = hydra.repository.files().filter { $0.key.hasPrefix("state/") }
    for words in [["plan"], ["state", "verify"], ["state", "list"], ["apply", "--auto-approve"]] {
      let run = await hydra.repository.run(words) { $0.now = { Date().addingTimeInterval(-86_400) } }
      #expect(run.status == 0 && run.errors.contains("one of the two clocks is wrong"), "\(words): \(run)")
      #expect(await !hydra.repository.run(words).errors.contains("clock"))
    }
    #expect(hydra.repository.files().filter { $0.key.hasPrefix("state/") } == files)
  }
}
