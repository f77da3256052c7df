import OpenIDCryptography
import OpenIDJSON
import Sealing
import Testing

@testable import State

@Suite struct JournalTests {
  let fixture = Fixture()
  let state = "state/hydra.json"
  let journal = "state/hydra.journal"

  /// What a run may do before it is killed between writing the state and removing its journal.
  enum Work: CaseIterable {
    case outcome, intentOnly, intentOfKnown, withdrawal, withdrawalOfKnown, deletion, deletionAndIntent, rename, swap, binding
  }

  private func work(_ work: Work, _ run: StateRun) async throws {
    let other = fixture.entry(run, "b", token: "rat-b")
    switch work {
    case .outcome:
      try await run.recordIntent(aCall, for: "b")
      try await run.recordOutcome(other, for: "b")
    case .intentOnly: try await run.recordIntent(aCall, for: "b")
    case .intentOfKnown: try await run.recordIntent(aCall, for: "a")
    case .withdrawal:
      try await run.recordOutcome(fixture.entry(run, "c", token: "rat-c"), for: "c")
      try await run.recordIntent(aCall, for: "b")
      try await run.withdrawIntent(for: "b")
    case .withdrawalOfKnown:
      try await run.recordOutcome(other, for: "b")
      try await run.recordIntent(aCall, for: "a")
      try await run.withdrawIntent(for: "a")
    case .deletion: try await run.recordOutcome(nil, for: "a")
    case .deletionAndIntent:
      try await run.recordOutcome(nil, for: "a")
      try await run.recordIntent(aCall, for: "a")
    case .rename: try await run.rename("a", to: "b")
    case .swap:
      try await run.rename("a", to: "b")
      var another = fixture.entry(run, "a", token: "rat-a2")
      another.clientID = "id-a2"
      try await run.recordOutcome(another, for: "a")
    case .binding: try await run.setBinding(Binding(issuer: "https://other.example.com"))
    }
  }

  private func withOneClient() async throws -> MemoryFiles {
    let files = MemoryFiles()
    let run = try await fixture.begin(MemoryKeeper(files))
    try await run.recordOutcome(fixture.entry(run, "a", token: "rat-a"), for: "a")
    _ = try await run.finish()
    return files
  }

  @Test("a journal that stands in the state already is discarded", arguments: Work.allCases)
  func contained(_ kind: Work) async throws {
    let files = try await withOneClient()
    let run = try await fixture.begin(MemoryKeeper(files), new: false)
    try await work(kind, run)
    let left = try #require(files.files[journal])
    #expect(try await run.finish().wrote)
    let written = try #require(files.files[state])

    let killed = MemoryFiles([state: written, journal: left])
    #expect(try await fixture.opened(MemoryKeeper(killed)).foldedRecords == 0)
    let next = try await fixture.begin(MemoryKeeper(killed), new: false)
    #expect(try await next.finish().wrote == false)
    #expect(killed.files == [state: written])
  }

  @Test("a journal is kept where the next state was written by somebody else", arguments: Work.allCases)
  func foreign(_ kind: Work) async throws {
    let files = try await withOneClient()
    let elsewhere = MemoryFiles(files.files)
    let run = try await fixture.begin(MemoryKeeper(files), new: false)
    try await work(kind, run)
    let left = try #require(files.files[journal])
    let other = try await fixture.begin(MemoryKeeper(elsewhere), new: false)
    try await other.recordOutcome(fixture.entry(other, "z", token: "rat-z"), for: "z")
    if kind == .deletion || kind == .withdrawal {
      try await other.recordOutcome(fixture.entry(other, "a", token: "x"), for: "a")
    }
    _ = try await other.finish()

    let pulled = MemoryFiles([state: try #require(elsewhere.files[state]), journal: left])
    let before = pulled.files
    let error = await #expect(throws: StateError.self) { try await fixture.begin(MemoryKeeper(pulled), new: false) }
    #expect(error?.code == .damagedJournal)
    #expect(error?.description.contains("serial 1") == true)
    #expect(pulled.files == before)
  }

  @Test("without an identity a leftover journal is read, and left where it is")
  func noIdentity() async throws {
    let files = MemoryFiles()
    let run = try await fixture.begin(MemoryKeeper(files))
    try await run.recordIntent(aCall, for: "web")
    let before = files.files
    let opened = try await OpenedState.read(from: MemoryKeeper(files), registry: "hydra", identities: AgeIdentities())
    #expect(opened.state?.clients["web"]?.status == .inDoubt)
    #expect(opened.recipients == [fixture.identity.recipient.text])
    #expect(opened.foldedRecords == 1)
    let error = await #expect(throws: StateError.self) {
      try await StateRun.begin(
        MemoryKeeper(files), registry: "hydra", new: nil, identities: AgeIdentities(),
        owner: LockOwner.current(command: "test"), lockTimeout: .zero)
    }
    #expect(error?.code == .noIdentity)
    #expect(files.files == before)
  }

  @Test("a first line that is damaged is an error where lines follow it, and nothing where none does")
  func damagedHeader() async throws {
    let files = MemoryFiles()
    let run = try await fixture.begin(MemoryKeeper(files))
    try await run.recordIntent(aCall, for: "web")
    var bytes = try #require(files.files[journal])
    bytes[20] ^= 1
    let damaged = MemoryFiles([journal: bytes])
    let error = await #expect(throws: StateError.self) { try await fixture.opened(MemoryKeeper(damaged)) }
    #expect(error?.code == .damagedJournal)
    #expect(error?.description.hasPrefix("state/hydra.journal:1: ") == true)

    let first = try #require(bytes.firstIndex(of: 0x0a))
    let alone = MemoryFiles([journal: Array(bytes[...first])])
    #expect(try await fixture.opened(MemoryKeeper(alone)).state == nil)
  }

  @Test("a journal of a newer format is refused")
  func future() async throws {
    var chain = Journal.Chain(key: nil)
    let line = chain.line(["journal": 2, "lineage": "l"])
    let error = await #expect(throws: StateError.self) {
      try await fixture.opened(MemoryKeeper(MemoryFiles([journal: line])))
    }
    #expect(error?.code == .fromTheFuture)
  }
}

@Suite struct FailingDiskTests {
  let fixture = Fixture()

  @Test("a token that the journal did not take is in the state at the end")
  func rescue() async throws {
    // The intent is the first step, the outcome the second.
    let files = MemoryFiles(fault: (2, .fails))
    let run = try await fixture.begin(MemoryKeeper(files))
    try await run.recordIntent(aCall, for: "web")
    await #expect(throws: StateError.self) { try await run.recordOutcome(fixture.entry(run, "web", token: "rat"), for: "web") }
    // A call that was under way ends after the journal failed.
    await #expect(throws: StateError.self) {
      try await run.recordOutcome(fixture.entry(run, "late", token: "rat-l"), for: "late")
    }
    await #expect(throws: StateError.self) { try await run.recordIntent(aCall, for: "new") }
    #expect(try await run.finish().wrote)
    let opened = try await fixture.opened(MemoryKeeper(files))
    #expect(try opened.token(of: "web") == Secret("rat"))
    #expect(try opened.token(of: "late") == Secret("rat-l"))
    #expect(opened.state?.clients.keys.sorted() == ["late", "web"])
    #expect(files.files.keys.sorted() == ["state/hydra.json"])
  }

  @Test("a call whose intent the journal did not take leaves nothing in doubt")
  func failedIntent() async throws {
    let files = MemoryFiles(fault: (1, .fails))
    let run = try await fixture.begin(MemoryKeeper(files))
    await #expect(throws: StateError.self) { try await run.recordIntent(aCall, for: "web") }
    #expect(await run.state.clients.isEmpty)
    #expect(try await run.finish().wrote == false)
    #expect(files.files.isEmpty)
  }

  @Test("an outcome is recorded though its task was cancelled")
  func cancelled() async throws {
    let files = MemoryFiles()
    let run = try await fixture.begin(MemoryKeeper(files))
    let entry = fixture.entry(run, "web", token: "rat")
    let task = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      #expect(Task.isCancelled)
      try await run.recordIntent(aCall, for: "web")
      try await run.recordOutcome(entry, for: "web")
    }
    try await task.value
    let left = MemoryFiles(files.files)
    #expect(try await fixture.opened(MemoryKeeper(left)).token(of: "web") == Secret("rat"))
  }

  @Test("a withdrawn intent takes away an entry that came with it, and leaves a client that was there")
  func withdrawal() async throws {
    let run = try await fixture.begin(MemoryKeeper(MemoryFiles()))
    try await run.recordOutcome(fixture.entry(run, "a", token: "rat-a"), for: "a")
    let before = await run.state.clients
    for client in ["a", "b"] {
      try await run.recordIntent(aCall, for: client)
      #expect(await run.state.clients[client]?.status == .inDoubt)
      #expect(await run.state.clients[client]?.pending == aCall)
      // It makes another client: what is known of one that is gone is not what its answer brought.
      #expect(await run.state.clients[client]?.clientID == nil)
      #expect(await run.state.clients[client]?.sealed == SealedCredentials())
      try await run.withdrawIntent(for: client)
    }
    #expect(await run.state.clients == before)
  }
}
