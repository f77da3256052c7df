import OpenIDCryptography
import OpenIDJSON
import Sealing
import Testing

@testable import State

@Suite struct RekeyTests {
  let fixture = Fixture()
  let other = AgeIdentity.generate()
  let state = "state/hydra.json"

  private func written(_ encryption: StateEncryption? = nil) async throws -> MemoryFiles {
    let files = MemoryFiles()
    let run = try await begin(files, encryption ?? .age([fixture.identity.recipient]))
    try await run.recordOutcome(fixture.entry(run, "a", token: "rat-a"), for: "a")
    _ = try await run.finish()
    return files
  }

  private func begin(_ files: MemoryFiles, _ encryption: StateEncryption? = nil, allowsClear: Bool = true) async throws
    -> StateRun
  {
    try await StateRun.begin(
      MemoryKeeper(files), registry: "hydra", new: encryption.map { NewState(binding: Binding(), encryption: $0) },
      identities: try fixture.identities, owner: LockOwner.current(command: "test"), lockTimeout: .zero,
      allowsClear: allowsClear)
  }

  private func token(_ files: MemoryFiles, _ identity: AgeIdentity, allowsClear: Bool = false) async throws -> Secret? {
    let identities = try AgeIdentities(parsing: identity.text.exposed, source: "test")
    return try await OpenedState.read(
      from: MemoryKeeper(files), registry: "hydra", identities: identities, allowsClear: allowsClear
    ).token(of: "a")
  }

  private func sealed(_ files: MemoryFiles) throws -> String? {
    try JSONValue(parsing: try #require(files.files[state]))["clients"]?["a"]?["sealed"]?["registration_access_token"]?.string
  }

  @Test("a new recipient opens the state, and the values keep their bytes")
  func added() async throws {
    let files = try await written()
    let before = try sealed(files)
    let run = try await begin(files)
    try await run.rekey(for: .age([other.recipient, fixture.identity.recipient]), rotatesDataKey: false)
    #expect(try await run.finish().serial == 2)
    #expect(try await token(files, other) == Secret("rat-a"))
    #expect(try await token(files, fixture.identity) == Secret("rat-a"))
    #expect(try sealed(files) == before)
  }

  @Test("after one left, another data key seals everything anew, and the old one opens nothing of it")
  func rotated() async throws {
    let files = try await written()
    let old = try SOPSDocument(parsing: try #require(files.files[state])).dataKey(with: try fixture.identities)
    let run = try await begin(files)
    try await run.rekey(for: .age([other.recipient]), rotatesDataKey: true)
    _ = try await run.finish()
    #expect(try await token(files, other) == Secret("rat-a"))
    await #expect(throws: StateError.self) { try await token(files, fixture.identity) }
    let text = try #require(try sealed(files))
    #expect(throws: SOPSError.self) { try old.open(text, at: ["clients", "a", "sealed", "registration_access_token"]) }
  }

  @Test("a state in clear is marked, wants to be asked for, and is sealed when that is wanted; so is its journal")
  func clear() async throws {
    let files = try await written(StateEncryption.none)
    let tree = try JSONValue(parsing: try #require(files.files[state]))
    #expect(tree["encryption"] == "none" && tree["sops"] == nil)
    #expect(try sealed(files) == "rat-a")
    #expect(try await token(files, other, allowsClear: true) == Secret("rat-a"))
    let error = await #expect(throws: StateError.self) { try await token(files, other) }
    #expect(error?.code == .clear)

    let run = try await begin(files)
    try await run.recordOutcome(fixture.entry(run, "b", token: "rat-b"), for: "b")
    let killed = MemoryFiles(files.files)
    #expect(try await begin(killed).token(of: "b") == Secret("rat-b"))
    try await run.rekey(for: .age([fixture.identity.recipient]), rotatesDataKey: false)
    _ = try await run.finish()
    #expect(try await token(files, fixture.identity) == Secret("rat-a"))
    #expect(!String(decoding: try #require(files.files[state]), as: UTF8.self).contains("rat-"))
    let back = try await begin(files)
    try await back.rekey(for: StateEncryption.none, rotatesDataKey: false)
    _ = try await back.finish()
    #expect(try sealed(files) == "rat-a")
  }

  @Test("a first run in clear that was killed is folded only where clear is asked for")
  func clearJournal() async throws {
    let files = MemoryFiles()
    let run = try await begin(files, StateEncryption.none)
    try await run.recordOutcome(fixture.entry(run, "a", token: "rat-a"), for: "a")
    #expect(files.files.keys.sorted() == ["state/hydra.journal"])
    let error = await #expect(throws: StateError.self) { try await token(files, other) }
    #expect(error?.code == .clear)
    #expect(try await token(files, other, allowsClear: true) == Secret("rat-a"))
  }

  // MARK: Pushing

  private func push(_ bytes: [UInt8], to files: MemoryFiles) async throws -> StatePush {
    try await StatePush(
      bytes, to: MemoryKeeper(files), registry: "hydra", identities: try fixture.identities, allowsClear: false)
  }

  @Test("a pushed state goes on from what is there, and says what would be forgotten; an older or a foreign one does not fit")
  func pushed() async throws {
    let files = try await written()
    let first = try #require(files.files[state])
    let run = try await begin(files)
    try await run.recordOutcome(fixture.entry(run, "a", token: "rat-a2"), for: "a")
    try await run.recordOutcome(fixture.entry(run, "b", token: "rat-b"), for: "b")
    _ = try await run.finish()

    let same = try await push(try #require(files.files[state]), to: files)
    #expect(same.isSame && same.mismatch == nil)
    let older = try await push(first, to: files)
    #expect(
      older.forgotten == ["b"] && older.changedCredentials == ["a"] && older.mismatch?.contains("older: serial 1") == true)
    try await older.commit(to: MemoryKeeper(files))
    let opened = try await fixture.opened(MemoryKeeper(files))
    #expect(opened.serial == 3)
    #expect(try opened.token(of: "a") == Secret("rat-a"))

    let foreign = try await push(try #require(try await written().files[state]), to: files)
    #expect(foreign.mismatch?.contains("another lineage") == true)
  }

  @Test("what a killed run left is not pushed over, and kept where somebody insists")
  func pushedOverJournal() async throws {
    let files = try await written()
    let bytes = try #require(files.files[state])
    let run = try await begin(files)
    try await run.recordOutcome(fixture.entry(run, "b", token: "rat-b"), for: "b")
    let pushing = try await push(bytes, to: files)
    #expect(pushing.mismatch?.contains("journal") == true && pushing.forgotten == ["b"])
    try await pushing.commit(to: MemoryKeeper(files))
    #expect(files.files.keys.sorted() == ["state/hydra.journal.aside", state, "state/hydra.json.backup"])
  }
}
