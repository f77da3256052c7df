import Foundation
import OpenIDCryptography
import OpenIDJSON
import Sealing
import Synchronization
import Testing

@testable import State

struct Fixture {
  let identity = AgeIdentity.generate()
  var identities: AgeIdentities { get throws { try AgeIdentities(parsing: identity.text.exposed, source: "test") } }

  func begin(_ keeper: some StateKeeper, new: Bool = true) async throws -> StateRun {
    try await StateRun.begin(
      keeper, registry: "hydra",
      new: new ? NewState(binding: Binding(issuer: "https://auth.example.com"), recipients: [identity.recipient]) : nil,
      identities: try identities, owner: LockOwner.current(command: "test"), lockTimeout: .zero)
  }

  func opened(_ keeper: some StateKeeper) async throws -> OpenedState {
    try await OpenedState.read(from: keeper, registry: "hydra", identities: try identities)
  }

  func entry(_ run: StateRun, _ client: String, token: String) -> ClientState {
    var entry = ClientState(clientID: "id-\(client)", applied: ["client_name": .string(client)])
    entry.registrationClientURI = "https://auth.example.com/register/\(client)"
    entry.observed = ["client_name": .string(client)]
    entry.sealed.registrationAccessToken = run.seal(Secret(token), as: .registrationAccessToken, of: client)
    return entry
  }
}

let aCall = PendingCall(action: .create, at: "2026-01-01T00:00:00Z", marker: "clientsync/l/n/x", metadata: [:])

@Suite struct StateRunTests {
  let fixture = Fixture()

  @Test("what somebody writes while the backup is made is not written over")
  func meddled() async throws {
    let before = MemoryFiles()
    let first = try await fixture.begin(MemoryKeeper(before))
    try await first.recordOutcome(fixture.entry(first, "a", token: "rat-a"), for: "a")
    _ = try await first.finish()
    let theirs = Array("theirs".utf8)
    let files = MemoryFiles(before.files, meddled: theirs)
    let run = try await fixture.begin(MemoryKeeper(files), new: false)
    try await run.recordOutcome(fixture.entry(run, "b", token: "rat-b"), for: "b")
    let error = await #expect(throws: StateError.self) { try await run.finish() }
    #expect(error?.code == .changedMeanwhile && files.files["state/hydra.json"] == theirs)
    #expect(files.files["state/hydra.json.backup"] == before.files["state/hydra.json"])
    #expect(files.files["state/hydra.journal"] != nil, "with nowhere to put it, what the run learned stays here")
  }

  @Test("what a run recorded is there for the next, with its token, and a run that changes nothing writes nothing")
  func roundTrip() async throws {
    let files = MemoryFiles()
    let run = try await fixture.begin(MemoryKeeper(files))
    try await run.recordIntent(aCall, for: "web")
    try await run.recordOutcome(fixture.entry(run, "web", token: "rat-1"), for: "web")
    let finished = try await run.finish()
    #expect(finished.wrote && finished.serial == 1)
    #expect(files.files.keys.sorted() == ["state/hydra.json"])

    let opened = try await fixture.opened(MemoryKeeper(files))
    #expect(try opened.token(of: "web") == Secret("rat-1"))
    #expect(opened.state?.clients["web"]?.status == .ok)
    #expect(!String(decoding: files.files["state/hydra.json"]!, as: UTF8.self).contains("rat-1"))

    let before = files.files
    let second = try await fixture.begin(MemoryKeeper(files), new: false)
    #expect(try await second.finish().wrote == false)
    #expect(files.files == before)
  }

  @Test("an unchanged client keeps its bytes, ciphertexts included, when another changes")
  func unchangedBytes() async throws {
    let files = MemoryFiles()
    let run = try await fixture.begin(MemoryKeeper(files))
    for client in ["a", "b"] { try await run.recordOutcome(fixture.entry(run, client, token: "rat-\(client)"), for: client) }
    _ = try await run.finish()
    let before = try JSONValue(parsing: files.files["state/hydra.json"]!)
    let second = try await fixture.begin(MemoryKeeper(files), new: false)
    try await second.recordOutcome(fixture.entry(second, "b", token: "rat-b2"), for: "b")
    _ = try await second.finish()
    let after = try JSONValue(parsing: files.files["state/hydra.json"]!)
    #expect(after["clients"]?["a"] == before["clients"]?["a"])
    #expect(after["clients"]?["b"] != before["clients"]?["b"])
    #expect(after["serial"] == 2)
    #expect(files.files["state/hydra.json.backup"] != nil)
  }

  @Test("a client that was renamed keeps its token under the new name")
  func rename() async throws {
    let files = MemoryFiles()
    let run = try await fixture.begin(MemoryKeeper(files))
    try await run.recordOutcome(fixture.entry(run, "old", token: "rat"), for: "old")
    try await run.rename("old", to: "new")
    _ = try await run.finish()
    let opened = try await fixture.opened(MemoryKeeper(files))
    #expect(opened.state?.clients.keys.sorted() == ["new"])
    #expect(try opened.token(of: "new") == Secret("rat"))
  }

  @Test("a state that sops edit changed since it was read is not the one that a plan was made from, though its serial is")
  func found() async throws {
    let files = MemoryFiles()
    let run = try await fixture.begin(MemoryKeeper(files))
    #expect(try await run.found(fixture.opened(MemoryKeeper(MemoryFiles()))))
    try await run.recordOutcome(fixture.entry(run, "a", token: "rat"), for: "a")
    _ = try await run.finish()
    let opened = try await fixture.opened(MemoryKeeper(files))
    let same = try await fixture.begin(MemoryKeeper(files), new: false)
    #expect(await same.found(opened))
    #expect(try await !same.found(fixture.opened(MemoryKeeper(MemoryFiles()))))

    var document = try SOPSDocument(parsing: try #require(files.files["state/hydra.json"]))
    let key = try document.dataKey(with: try fixture.identities)
    var clients = try #require(document.tree["clients"]?.object)
    var client = try #require(clients["a"]?.object)
    client["deletion"] = "prevent"
    clients["a"] = .object(client)
    document.tree["clients"] = .object(clients)
    let edited = MemoryFiles(["state/hydra.json": try document.written(with: key, at: Date())])
    let other = try await fixture.begin(MemoryKeeper(edited), new: false)
    #expect(await !other.found(opened))

    // What a killed run left is folded in between: the same to both.
    try await same.recordOutcome(fixture.entry(same, "b", token: "rat-b"), for: "b")
    let left = MemoryFiles(files.files)
    let folded = try await fixture.opened(MemoryKeeper(left))
    #expect(try await fixture.begin(MemoryKeeper(left), new: false).found(folded))
  }

  @Test("without an identity the state is read and its token is not")
  func noIdentity() async throws {
    let files = MemoryFiles()
    let run = try await fixture.begin(MemoryKeeper(files))
    try await run.recordOutcome(fixture.entry(run, "web", token: "rat"), for: "web")
    _ = try await run.finish()
    let opened = try await OpenedState.read(from: MemoryKeeper(files), registry: "hydra", identities: AgeIdentities())
    #expect(opened.state?.clients.count == 1)
    let error = #expect(throws: StateError.self) { try opened.token(of: "web") }
    #expect(error?.code == .noIdentity)
    #expect(error?.description.contains(fixture.identity.recipient.text) == true)
  }

  @Test("a state of a newer format is refused, a hand's edit too, and an old one that was put back")
  func refusals() async throws {
    let files = MemoryFiles()
    let run = try await fixture.begin(MemoryKeeper(files))
    try await run.recordOutcome(fixture.entry(run, "web", token: "rat"), for: "web")
    _ = try await run.finish()
    let text = String(decoding: files.files["state/hydra.json"]!, as: UTF8.self)
    let edited = MemoryFiles(["state/hydra.json": Array(text.replacingOccurrences(of: "id-web", with: "id-xyz").utf8)])
    let error = await #expect(throws: StateError.self) { try await fixture.opened(MemoryKeeper(edited)) }
    #expect(error?.code == .untrusted)

    // A newer format is told before anything in it is trusted, so the MAC does not matter here.
    let future = MemoryFiles([
      "state/hydra.json": Array(text.replacingOccurrences(of: "\"version\": 1,\n", with: "\"version\": 9,\n").utf8)
    ])
    let newer = await #expect(throws: StateError.self) {
      try await OpenedState.read(from: MemoryKeeper(future), registry: "hydra", identities: AgeIdentities())
    }
    #expect(newer?.code == .fromTheFuture)
  }
}

@Suite struct CrashTests {
  let fixture = Fixture()

  /// A run of five creates that is cut at some step: what was acknowledged, and what is on the disk then.
  private func run(_ files: MemoryFiles) async -> (acknowledged: Set<String>, intended: Set<String>) {
    let acknowledged = Mutex<Set<String>>([])
    let intended = Mutex<Set<String>>([])
    guard let run = try? await fixture.begin(MemoryKeeper(files)) else { return ([], []) }
    for index in 0..<5 {
      let client = "c\(index)"
      do throws(StateError) {
        try await run.recordIntent(aCall, for: client)
        _ = intended.withLock { $0.insert(client) }
        try await run.recordOutcome(fixture.entry(run, client, token: "rat-\(client)"), for: client)
        _ = acknowledged.withLock { $0.insert(client) }
      } catch {}
    }
    _ = try? await run.finish()
    return (acknowledged.withLock { $0 }, intended.withLock { $0 })
  }

  @Test(
    "no acknowledged token is lost, and no intent forgotten, wherever a run fails or is killed",
    arguments: [MemoryFiles.Fault.fails, .dies, .tears])
  func faults(_ kind: MemoryFiles.Fault) async throws {
    let whole = MemoryFiles()
    _ = await run(whole)
    #expect(whole.steps > 12)
    for step in 1...whole.steps {
      let files = MemoryFiles(fault: (step, kind))
      let (acknowledged, intended) = await run(files)
      let left = MemoryFiles(files.files)
      let next = try await fixture.begin(MemoryKeeper(left))
      for client in acknowledged {
        #expect(try await next.token(of: client) == Secret("rat-\(client)"), "step \(step)")
      }
      for client in intended.subtracting(acknowledged) {
        // Its outcome may have reached the disk though nobody was told; else it is in doubt.
        let entry = await next.state.clients[client]
        let isKept = try await next.token(of: client) != nil
        #expect(isKept || entry?.pending == aCall, "step \(step)")
      }
      _ = try await next.finish()
      #expect(left.files["state/hydra.journal"] == nil)
    }
  }

  @Test("a torn last line is dropped at every length, a damaged earlier one is an error that names it")
  func tornJournal() async throws {
    let files = MemoryFiles()
    let run = try await fixture.begin(MemoryKeeper(files))
    try await run.recordOutcome(fixture.entry(run, "a", token: "rat-a"), for: "a")
    let whole = files.files["state/hydra.journal"]!
    try await run.recordOutcome(fixture.entry(run, "b", token: "rat-b"), for: "b")
    let longer = files.files["state/hydra.journal"]!
    for length in stride(from: whole.count, to: longer.count - 1, by: 7) {
      let opened = try await fixture.opened(MemoryKeeper(MemoryFiles(["state/hydra.journal": Array(longer[..<length])])))
      #expect(opened.state?.clients.keys.sorted() == ["a"])
      #expect(try opened.token(of: "a") == Secret("rat-a"))
    }
    var damaged = longer
    damaged[whole.count - 40] ^= 1
    let error = await #expect(throws: StateError.self) {
      try await fixture.opened(MemoryKeeper(MemoryFiles(["state/hydra.journal": damaged])))
    }
    #expect(error?.code == .damagedJournal)
    #expect(error?.description.contains("state/hydra.journal:2") == true)
  }

  @Test("parallel records share syncs")
  func groupCommit() async throws {
    let files = MemoryFiles()
    let run = try await fixture.begin(MemoryKeeper(files))
    await withTaskGroup(of: Void.self) { group in
      for index in 0..<200 { group.addTask { try? await run.recordIntent(aCall, for: "c\(index)") } }
    }
    #expect(files.steps < 200)
    #expect(await run.state.clients.count == 200)
  }
}

@Suite struct LockTests {
  let folder = FileManager.default.temporaryDirectory.appending(path: "lock-\(UUID().uuidString)").path

  private func owner(pid: Int = Int(getpid()), started: String? = nil) -> LockOwner {
    var owner = LockOwner.current(command: "apply")
    owner.pid = pid
    if let started { owner.started = started }
    return owner
  }

  @Test("a second run is told who holds the lock, and the lock is free again after")
  func held() async throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let keeper = FolderKeeper(folder: folder, registry: "hydra")
    let first = owner()
    try await keeper.lock(first, timeout: .zero)
    let error = await #expect(throws: StateError.self) { try await keeper.lock(owner(), timeout: .zero) }
    #expect(error?.code == .locked)
    #expect(error?.description.contains("process \(getpid())") == true)
    try await keeper.unlock(first)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
  }

  @Test("of many who find a dead owner's lock, exactly one gets it")
  func deadOwner() async throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let keeper = FolderKeeper(folder: folder, registry: "hydra")
    // This process under another start time: it was another process that had the id.
    try await keeper.lock(owner(started: "1"), timeout: .zero)
    let winners = await withTaskGroup(of: Bool.self, returning: Int.self) { group in
      for _ in 0..<16 { group.addTask { (try? await keeper.lock(owner(), timeout: .zero)) != nil } }
      return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
    }
    #expect(winners == 1)
  }

  @Test("an old state that was put back is refused")
  func serialMemory() async throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let fixture = Fixture()
    let keeper = FolderKeeper(folder: folder, registry: "hydra", memory: SerialMemory(folder: folder + "/seen"))
    let run = try await fixture.begin(keeper)
    try await run.recordOutcome(fixture.entry(run, "a", token: "t"), for: "a")
    _ = try await run.finish()
    let old = try Data(contentsOf: URL(filePath: folder + "/hydra.json"))
    let second = try await fixture.begin(keeper)
    try await second.recordOutcome(fixture.entry(second, "a", token: "t2"), for: "a")
    _ = try await second.finish()
    try old.write(to: URL(filePath: folder + "/hydra.json"))
    let error = await #expect(throws: StateError.self) { try await fixture.opened(keeper) }
    #expect(error?.code == .serialWentBack)
  }
}
