import EmbeddedProvider
import Foundation
import FoundationNetworking
import Glibc
import OpenIDCryptography
import OpenIDJSON
import OpenIDRegistration
import Sealing
import State
import Synchronization
import Testing

@testable import Commands

/// A provider whose every read hands out a new token and ends the old one, as RFC 7592, section 3, allows.
@Suite struct RotatingReadTests {
  private final class Scene: Sendable {
    let provider: EmbeddedProvider
    let repository: Repository
    let names: [String]

    init(clients: Int) async throws {
      var profile = Profile.rfc7591
      profile.readRotatesToken = .always
      provider = try EmbeddedProvider.start(.init(profile: profile, allowsFaults: true))
      repository = try Repository()
      names = (1...clients).map { "c\($0)" }
      try repository.write(
        "registry.yaml",
        "apiVersion: clientsync/v1\nkind: Registry\nmetadata: { name: r }\nspec:\n  registrationEndpoint: \(provider.publicURL)/oauth2/register\n  profile: rfc7591\n  encryption: { age: [\(repository.recipient)] }\n"
      )
      try declare()
      let first = await repository.run("apply", "--auto-approve", "--new-state")
      #expect(first.status == 0, "\(first.output)\(first.errors)")
    }

    deinit { provider.stop() }

    func declare(_ suffix: String = "") throws {
      let documents = names.map {
        Repository.client($0, "client_name: \($0)\(suffix), redirect_uris: [https://a.example.com/cb]")
      }
      try repository.write("clients.yaml", documents.joined(separator: "---\n"))
    }

    /// Another run on the same state, which holds its lock.
    func otherRun() async throws -> StateRun {
      let keeper = FolderKeeper(
        folder: repository.folder + "/state", registry: "r",
        memory: SerialMemory(environment: ["HOME": repository.folder + "/home"]))
      return try await StateRun.begin(
        keeper, registry: "r", new: nil,
        identities: try AgeIdentities(parsing: repository.identity.text.exposed, source: "test"),
        owner: LockOwner.current(command: "apply"), lockTimeout: .zero)
    }

    /// What of the state's folder is on the disk, without the lock.
    func state() -> [String: Data] {
      repository.files().filter { $0.key.hasPrefix("state/") && !$0.key.hasSuffix(".lock") }
    }

    /// Every client is read with the token that the state holds, so that none is dead.
    func expectAllTokensWork(sourceLocation: SourceLocation = #_sourceLocation) async {
      let plan = await repository.run("plan", "--format", "json")
      #expect(
        plan.json?["registries"]?[0]?["read"] == .number(JSONNumber(names.count)) && plan.json?["problems"] == [],
        "\(plan.output)\(plan.errors)", sourceLocation: sourceLocation)
    }
  }

  /// The file that a run named as the one to push.
  private func rescued(_ run: Run, sourceLocation: SourceLocation = #_sourceLocation) throws -> String {
    let words = run.output + run.errors
    return String(
      try #require(
        words.firstMatch(of: #/state push (\S+\.rescued\.json)/#)?.1, "\(words)", sourceLocation: sourceLocation))
  }

  @Test("tokens that reads hand out are kept, many at once, and an apply goes on from them", .timeLimit(.minutes(15)))
  func rotatingReads() async throws {
    let scene = try await Scene(clients: 12)
    for _ in 1...3 {
      let plan = await scene.repository.run("plan", "--detailed-exitcode", "--format", "json")
      #expect(plan.status == 0, "\(plan.output)\(plan.errors)")
      #expect(plan.json?["registries"]?[0]?["read"] == 12)
    }
    try scene.declare(" 2")
    let second = await scene.repository.run("apply", "--auto-approve")
    #expect(second.status == 0, "\(second.output)\(second.errors)")
    #expect(await scene.repository.run("plan", "--detailed-exitcode").status == 0)
  }

  @Test(
    "beside a run that holds the lock, tokens that reads bring are put aside, its journal is left alone, and a push joins both",
    .timeLimit(.minutes(15)), arguments: ["plan", "drift"])
  func besideAnotherRun(command: String) async throws {
    let scene = try await Scene(clients: 6)
    let other = try await scene.otherRun()
    var entry = try #require(await other.state.clients["c1"])
    entry.labels = ["team": "web"]
    try await other.recordOutcome(entry, for: "c1")
    let before = scene.state()
    let run = await scene.repository.run(command) { knowingNothing(&$0) }
    #expect(run.status == 6 && run.errors.contains("is held by"), "\(run)")
    let file = try rescued(run)
    #expect(scene.state() == before)
    // The tokens are sealed, and not in what was printed.
    #expect(run.errors.contains("c1, c2") && !run.errors.contains("ENC["))
    let again = await scene.repository.run("plan")
    #expect(
      again.status == 3 && again.errors.contains(file) && again.errors.contains("tokens that could not be put"), "\(again)")
    #expect(await scene.repository.run("state", "push", file).status == 6)

    try await other.rename("c2", to: "z2")
    _ = try await other.finish()
    #expect(await scene.repository.run("plan").status == 3)
    let pushed = await scene.repository.run("state", "push", file)
    #expect(pushed.status == 0 && pushed.output.contains("c1"), "\(pushed)")
    await scene.expectAllTokensWork()
    let known = try JSONValue(parsing: Array(scene.repository.read("state/r.json") ?? Data()))
    #expect(known["clients"]?["c1"]?["labels"]?["team"] == "web" && known["clients"]?["z2"] != nil)
    #expect(known["rescued_tokens"] == nil)
  }

  @Test("an apply whose tokens a plan beside it ended says so for each client, and after the push the next one does all")
  func besideAnApply() async throws {
    let scene = try await Scene(clients: 3)
    try scene.declare(" 2")
    scene.provider.setFaults([Fault(.set, .before, .delay(milliseconds: 3000))])
    async let applying = scene.repository.run("apply", "--auto-approve", "--parallelism", "1")
    while !String(decoding: scene.repository.read("state/r.journal") ?? Data(), as: UTF8.self).contains("\"intent\"") {
      try await Task.sleep(for: .milliseconds(10))
    }
    let plan = await scene.repository.run("plan") { knowingNothing(&$0) }
    #expect(plan.status == 6, "\(plan)")
    let applied = await applying
    #expect(applied.status == 4 && applied.output.contains("3 failed") && applied.output.contains("401"), "\(applied)")
    #expect(await scene.repository.run("apply", "--auto-approve").status == 3)
    let pushed = await scene.repository.run("state", "push", try rescued(plan))
    #expect(pushed.status == 0 && pushed.output.contains("c1, c2, c3"), "\(pushed)")
    let again = await scene.repository.run("apply", "--auto-approve")
    #expect(again.status == 0 && again.output.contains("3 set"), "\(again)")
    await scene.expectAllTokensWork()
  }

  @Test(
    "what the other run brought since is written over by no token that was put aside, and is named", .timeLimit(.minutes(15)))
  func otherHasNewer() async throws {
    let scene = try await Scene(clients: 3)
    let other = try await scene.otherRun()
    let file = try rescued(await scene.repository.run("plan") { knowingNothing(&$0) })
    var entry = try #require(await other.state.clients["c2"])
    let newer = Secret("newer")
    entry.sealed.registrationAccessToken = other.seal(newer, as: .registrationAccessToken, of: "c2")
    try await other.recordOutcome(entry, for: "c2")
    try await other.recordOutcome(nil, for: "c3")
    _ = try await other.finish()
    let before = scene.state()
    let refused = await scene.repository.run("state", "push", file)
    #expect(refused.status == 3 && refused.errors.contains("c2, c3") && refused.errors.contains("--force"), "\(refused)")
    #expect(scene.state() == before)
    let forced = await scene.repository.run("state", "push", file, "--force", "--format", "json")
    #expect(forced.status == 0, "\(forced)")
    #expect(forced.json?["tokens"] == ["c1"] && forced.json?["left_out"] == ["c2", "c3"], "\(forced)")
    let now = try await scene.otherRun()
    #expect(try await now.token(of: "c2") == newer)
    #expect(await now.state.clients["c3"] == nil)
    _ = try await now.finish()
    let plan = await scene.repository.run("plan", "--format", "json")
    #expect(plan.json?["registries"]?[0]?["read"] == 1, "\(plan)")
  }

  @Test("where no run can be begun for want of a disk, tokens that reads bring are put aside as well", .timeLimit(.minutes(15)))
  func brokenDisk() async throws {
    let scene = try await Scene(clients: 3)
    let folder = scene.repository.folder + "/state"
    let run = await scene.repository.run("plan") { context in
      knowingNothing(&context)
      context.files = PosixFiles(
        gate: .init(before: { $0.path == folder || $0.path.hasPrefix(folder + "/") ? .fails(EROFS) : .happens }))
    }
    #expect(run.status == 1 && run.errors.contains("Read-only file system"), "\(run)")
    let file = try rescued(run)
    let pushed = await scene.repository.run("state", "push", file)
    #expect(pushed.status == 0, "\(pushed)")
    await scene.expectAllTokensWork()
  }

  @Test("tokens that neither the journal nor the state nor any other place takes are named as lost", .timeLimit(.minutes(15)))
  func lostOnFullDisk() async throws {
    let scene = try await Scene(clients: 3)
    let folder = scene.repository.folder
    let run = await scene.repository.run("plan", "--parallelism", "1") { context in
      let synced = Atomic<Int>(0)
      context.files = PosixFiles(
        gate: .init(before: { step in
          // The lock can be taken, and the first token noted.
          guard step.path.hasPrefix(folder), [.create, .write, .sync].contains(step.call) else { return .happens }
          if step.path.contains("r.lock") { return .happens }
          guard synced.load(ordering: .relaxed) == 0, step.path.hasSuffix(".journal") else { return .fails(ENOSPC) }
          if step.call == .sync { synced.add(1, ordering: .relaxed) }
          return .happens
        }))
    }
    #expect(run.status == 1 && run.errors.contains("tokens of c2, which could be written nowhere and are lost"), "\(run)")
    // What the journal took is there.
    let plan = await scene.repository.run("plan", "--format", "json")
    #expect(plan.json?["problems"]?.array?.map { $0["client"]?.string } == ["c2"], "\(plan)")
  }

  @Test(
    "a state that another run changed while the clients were read makes no plan, and the tokens are in it",
    .timeLimit(.minutes(15)), arguments: ["plan", "apply --auto-approve"])
  func changedMeanwhile(command: String) async throws {
    let scene = try await Scene(clients: 3)
    let run = await scene.repository.run(command.split(separator: " ").map(String.init)) { context in
      knowingNothing(&context)
      context.transport = { Meddling(base: $0, scene: scene) }
    }
    #expect(run.status == 3 && (run.output + run.errors).contains("lan again"), "\(run)")
    await scene.expectAllTokensWork()
    let known = try JSONValue(parsing: Array(scene.repository.read("state/r.json") ?? Data()))
    #expect(known["clients"]?["c1"]?["labels"]?["team"] == "web")
  }

  /// Before the first answer comes, another run writes the state and ends.
  private final class Meddling: HTTPTransport {
    private let base: any HTTPTransport
    private let scene: Scene
    private let meddled: Task<Void, any Error>

    init(base: any HTTPTransport, scene: Scene) {
      self.base = base
      self.scene = scene
      meddled = Task {
        let other = try await scene.otherRun()
        guard var entry = await other.state.clients["c1"] else { return }
        entry.labels = ["team": "web"]
        try await other.recordOutcome(entry, for: "c1")
        _ = try await other.finish()
      }
    }

    func send(_ request: HTTPRequest) async throws(HTTPTransportError) -> HTTPResponse {
      _ = await meddled.result
      return try await base.send(request)
    }
  }

  /// Counts what is sent.
  private struct Counting: HTTPTransport {
    let base: any HTTPTransport
    let count: Count

    final class Count: Sendable { let value = Atomic<Int>(0) }

    func send(_ request: HTTPRequest) async throws(HTTPTransportError) -> HTTPResponse {
      count.value.add(1, ordering: .relaxed)
      return try await base.send(request)
    }
  }

  /// A run that takes nothing for known of the provider's reads, as the first one does that meets it.
  private func knowingNothing(_ context: inout Context) {
    context.profile = { profile in
      var profile = profile
      profile.readRotatesToken = .unknown
      return profile
    }
  }

  @Test("where a read was once seen to rotate, a held lock is exit 6 before anything is sent", .timeLimit(.minutes(15)))
  func lockedBefore() async throws {
    let scene = try await Scene(clients: 3)
    let other = try await scene.otherRun()
    for command in ["plan", "drift"] {
      let count = Counting.Count()
      let run = await scene.repository.run(command) { $0.transport = { Counting(base: $0, count: count) } }
      #expect(run.status == 6 && run.errors.contains("is held by") && !run.errors.contains("rescued"), "\(run)")
      #expect(count.value.load(ordering: .relaxed) == 0)
    }
    _ = try await other.finish()
    let run = await scene.repository.run("plan", "--detailed-exitcode")
    #expect(run.status == 0, "\(run)")
    let applied = await scene.repository.run("apply", "--auto-approve")
    #expect(applied.status == 0, "\(applied)")
    #expect(scene.repository.read("state/r.lock") == nil && scene.repository.read("state/r.journal") == nil)
    await scene.expectAllTokensWork()
  }

  @Test(
    "a plan that waited for the lock reads with the tokens that the other run left", .timeLimit(.minutes(15)),
    arguments: [true, false])
  func openedAgain(isKnown: Bool) async throws {
    let scene = try await Scene(clients: 3)
    let other = try await scene.otherRun()
    async let waiting = scene.repository.run("plan", "--lock-timeout", "1m", "--format", "json") {
      if !isKnown { knowingNothing(&$0) }
    }
    try await Task.sleep(for: .milliseconds(1500))
    var entry = try #require(await other.state.clients["c1"])
    var request = URLRequest(url: URL(string: try #require(entry.registrationClientURI))!)
    request.setValue("Bearer \(try #require(try await other.token(of: "c1")).exposed)", forHTTPHeaderField: "authorization")
    let (data, _) = try await URLSession.shared.data(for: request)
    let token = try #require(try JSONValue(parsing: Array(data))["registration_access_token"]?.string)
    entry.sealed.registrationAccessToken = other.seal(Secret(token), as: .registrationAccessToken, of: "c1")
    try await other.recordOutcome(entry, for: "c1")
    _ = try await other.finish()
    let plan = await waiting
    #expect(plan.status == 0 && plan.json?["registries"]?[0]?["read"] == 3 && plan.json?["problems"] == [], "\(plan)")
    await scene.expectAllTokensWork()
  }

  /// Lets every exchange happen, and changes what comes of it.
  private struct Breaking: HTTPTransport {
    typealias Answer = Result<HTTPResponse, HTTPTransportError>

    let base: any HTTPTransport
    /// - Parameter again: sends another request.
    let change:
      @Sendable (_ request: HTTPRequest, _ again: (HTTPRequest) async throws(HTTPTransportError) -> HTTPResponse) async ->
        Answer?

    func send(_ request: HTTPRequest) async throws(HTTPTransportError) -> HTTPResponse {
      if let changed = await change(request, { (request) async throws(HTTPTransportError) in try await base.send(request) }) {
        return try changed.get()
      }
      return try await base.send(request)
    }

    static let lost = HTTPTransportError(.connectionLost, effect: .unknown, "the connection was closed before an answer came")

    /// The answer, broken off behind its token.
    static func cut(_ response: HTTPResponse) -> Answer {
      let text = String(decoding: response.body, as: UTF8.self)
      guard let token = text.firstMatch(of: #/"registration_access_token":"[^"]+"/#) else { return .success(response) }
      let identity = text.firstMatch(of: #/"client_id":"[^"]+"/#).map { $0.0 + "," } ?? ""
      let uri = text.firstMatch(of: #/"registration_client_uri":"[^"]+"/#).map { $0.0 + "," } ?? ""
      var partial = response
      partial.body = Array("{\(identity)\(uri)\(token.0),".utf8)
      return .failure(HTTPTransportError(.connectionLost, effect: .unknown, "the answer broke off", partialAnswer: partial))
    }

    /// The answer without its client_id.
    static func nameless(_ response: HTTPResponse) -> Answer {
      var odd = response
      odd.body = Array(String(decoding: response.body, as: UTF8.self).replacing("\"client_id\"", with: "\"client_name_\"").utf8)
      return .success(odd)
    }
  }

  @Test(
    "a token in an answer to a read that breaks off or is odd is kept", .timeLimit(.minutes(15)), arguments: [true, false])
  func brokenRead(breaksOff: Bool) async throws {
    let scene = try await Scene(clients: 2)
    let change = breaksOff ? Breaking.cut : Breaking.nameless
    let run = await scene.repository.run("plan") { context in
      context.transport = { base in
        Breaking(base: base) { (request, again) in
          guard request.method == .get, let answer = try? await again(request) else { return nil }
          return change(answer)
        }
      }
    }
    #expect(run.status == 1, "\(run)")
    await scene.expectAllTokensWork()
  }

  @Test("so is one in the answer to the read after a set", .timeLimit(.minutes(15)))
  func brokenConfirmation() async throws {
    let scene = try await Scene(clients: 2)
    try scene.declare(" 2")
    let sets = Atomic(0)
    let run = await scene.repository.run("apply", "--auto-approve", "--parallelism", "1") { context in
      context.transport = { base in
        Breaking(base: base) { (request, again) in
          if request.method == .put { sets.add(1, ordering: .relaxed) }
          guard request.method == .get, sets.load(ordering: .relaxed) > 0, let answer = try? await again(request) else {
            return nil
          }
          return Breaking.cut(answer)
        }
      }
    }
    #expect(run.status == 4 && run.output.contains("cannot be read back"), "\(run)")
    await scene.expectAllTokensWork()
    #expect(await scene.repository.run("apply", "--auto-approve").status == 0)
    #expect(await scene.repository.run("plan", "--detailed-exitcode").status == 0)
  }

  /// The first delete does not reach the provider; a read that nobody sees the answer of ends the token. Creates are counted.
  private func losing(_ context: inout Context, _ creates: Counting.Count) {
    let isFirst = Atomic(true)
    context.transport = { base in
      Breaking(base: base) { (request, again) in
        if request.method == .post { creates.value.add(1, ordering: .relaxed) }
        guard request.method == .delete, isFirst.exchange(false, ordering: .relaxed) else { return nil }
        var read = request
        read.method = .get
        _ = try? await again(read)
        return .failure(Breaking.lost)
      }
    }
  }

  @Test(
    "a dead token does not say that a delete without an answer happened where reads end tokens too", .timeLimit(.minutes(15)))
  func deleteInDoubt() async throws {
    let creates = Counting.Count()
    let scene = try await Scene(clients: 2)
    try scene.repository.write(
      "clients.yaml", Repository.client("c1", "client_name: c1, redirect_uris: [https://a.example.com/cb]"))
    let run = await scene.repository.run("apply", "--auto-approve") { losing(&$0, creates) }
    #expect(run.status == 5 && run.output.contains("state rm c2"), "\(run)")
    // Nor in the next run, and declared again it is not made a second time.
    #expect(await scene.repository.run("apply", "--auto-approve").status == 5)
    try scene.declare()
    let again = await scene.repository.run("apply", "--auto-approve") { losing(&$0, creates) }
    #expect(again.status != 0 && creates.value.load(ordering: .relaxed) == 0, "\(again)")
  }

  @Test("nor that what a create left behind is gone, so that it is not made twice", .timeLimit(.minutes(15)))
  func halfKnownInDoubt() async throws {
    let creates = Counting.Count()
    let scene = try await Scene(clients: 1)
    let names = scene.names + ["c2"]
    try scene.repository.write(
      "clients.yaml",
      names.map { Repository.client($0, "client_name: \($0), redirect_uris: [https://a.example.com/cb]") }
        .joined(separator: "---\n"))
    let run = await scene.repository.run("apply", "--auto-approve") { context in
      losing(&context, creates)
      let losing = context.transport
      context.transport = { base in
        Breaking(base: losing(base)) { (request, again) in
          guard request.method == .post, let answer = try? await again(request) else { return nil }
          return Breaking.cut(answer)
        }
      }
    }
    #expect(run.status == 5, "\(run)")
    for _ in 1...2 {
      #expect(await scene.repository.run("apply", "--auto-approve") { losing(&$0, creates) }.status == 5)
    }
    #expect(creates.value.load(ordering: .relaxed) == 1)
  }
}
