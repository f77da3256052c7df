import Foundation
import Glibc
import OpenIDCryptography
import OpenIDJSON
import Sealing
import Testing

@testable import State

@Suite struct BrokenDiskTests {
  let fixture = Fixture()
  let folder = TemporaryFolder()

  /// Mounts are root's, and of a name space of its own where there is one.
  private static let canMount: Bool = {
    let path = FileManager.default.temporaryDirectory.appending(path: "mount-\(UUID().uuidString)").path
    try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    defer { rmdir(path) }
    guard mount("tmpfs", path, "tmpfs", 0, "size=64k") == 0 else { return false }
    umount(path)
    return true
  }()

  private func entry(_ run: StateRun, _ client: String) -> ClientState {
    var entry = fixture.entry(run, client, token: "rat-\(client)")
    entry.applied["note"] = .string(String(repeating: "x", count: 2000))
    return entry
  }

  @Test(
    "a full disk ends the run with a sentence, what was acknowledged is there, and what no disk took is rescued elsewhere",
    .enabled(if: canMount, "no file system can be mounted here"))
  func full() async throws {
    try folder.make()
    try #require(mount("tmpfs", folder.path, "tmpfs", 0, "size=64k") == 0)
    defer { umount(folder.path) }
    let elsewhere = TemporaryFolder()
    let keeper = FolderKeeper(folder: folder.path, registry: "hydra", memory: SerialMemory(folder: elsewhere.path))
    let run = try await fixture.begin(keeper)
    var acknowledged: [String] = []
    var failure: StateError?
    for number in 0..<60 where failure == nil {
      do throws(StateError) {
        try await run.recordOutcome(entry(run, "c\(number)"), for: "c\(number)")
        acknowledged.append("c\(number)")
      } catch { failure = error }
    }
    #expect(failure?.description.contains("No space left on device") == true)
    let end = await #expect(throws: StateError.self) { try await run.finish() }
    #expect(end?.description.contains("state push") == true, "\(end?.description ?? "")")
    let opened = try await fixture.opened(FolderKeeper(folder: folder.path, registry: "hydra"))
    for client in acknowledged { #expect(try opened.token(of: client) == Secret("rat-\(client)")) }

    // What the disk did not take either is elsewhere, sealed.
    let name = try #require(try elsewhere.names().first { $0.hasSuffix(".rescued.json") })
    let bytes = Array(try Data(contentsOf: elsewhere.file(name)))
    let rescued = try await fixture.opened(MemoryKeeper(MemoryFiles(["state/hydra.json": bytes])))
    #expect(rescued.state?.clients.count == acknowledged.count + 1)
    #expect(!String(decoding: bytes, as: UTF8.self).contains("rat-c"))

    // Nobody goes on without it; once there is room it is put in place, unforced, and everything is there.
    try #require(mount("tmpfs", folder.path, "tmpfs", UInt(MS_REMOUNT), "size=4m") == 0)
    let early = await #expect(throws: StateError.self) { try await fixture.begin(keeper) }
    #expect(early?.description.contains("state push \(elsewhere.path)/\(name)") == true, "\(early?.description ?? "")")
    let push = try await StatePush(
      bytes, to: keeper, registry: "hydra", identities: try fixture.identities, allowsClear: false)
    #expect(push.mismatch == nil && push.forgotten.isEmpty && push.changedCredentials.isEmpty)
    try await push.commit(to: keeper)
    let next = try await fixture.begin(keeper)
    for client in acknowledged + ["c\(acknowledged.count)"] {
      #expect(try await next.token(of: client) == Secret("rat-\(client)"))
    }
    #expect(await next.state.unknown.isEmpty)
    _ = try await next.finish()
    #expect(try !folder.names().contains { $0.contains("journal") })
  }

  @Test("what is rescued or put aside twice is written over by nobody")
  func twice() async throws {
    let elsewhere = TemporaryFolder()
    let keeper = FolderKeeper(folder: folder.path, registry: "hydra", memory: SerialMemory(folder: elsewhere.path))
    try folder.make()
    var places: Set<String> = []
    for number in 1...3 {
      let bytes = Array("state \(number)".utf8)
      let place = try #require(await keeper.rescue(bytes, lineage: "0123456789", serial: 7, tokensOnly: false, over: nil))
      #expect(places.insert(place).inserted && FileManager.default.contents(atPath: place) == Data(bytes))
      try Data(bytes).write(to: folder.file("hydra.journal"))
      try await keeper.setJournalAside()
    }
    #expect(try folder.names() == ["hydra.journal.aside", "hydra.journal.aside.2", "hydra.journal.aside.3"])
    // Each is named until it is in its place, whatever its serial.
    for number in 1...3 {
      #expect(await keeper.rescued(butTokens: false) != nil)
      #expect(
        await FolderKeeper(folder: folder.path, registry: "other", memory: keeper.memory).rescued(butTokens: false) == nil)
      await keeper.settle(rescued: Array("state \(number)".utf8))
    }
    #expect(await keeper.rescued(butTokens: false) == nil)
  }

  @Test("a file that only half of what was to be rescued went into is taken away, and nobody is sent to it")
  func halfRescued() async throws {
    let elsewhere = TemporaryFolder()
    let files = PosixFiles(
      gate: .init(before: { $0.call == .write && $0.path.hasSuffix(".rescued.json") ? .tears(ENOSPC) : .happens }))
    let keeper = FolderKeeper(
      folder: folder.path, registry: "hydra", files: files, memory: SerialMemory(folder: elsewhere.path))
    let place = await keeper.rescue(
      Array("whole".utf8), lineage: "0123456789", serial: 7, tokensOnly: false, over: nil)
    #expect(place == nil)
    #expect(await keeper.rescued(butTokens: false) == nil)
    #expect(try elsewhere.names() == [])
  }

  @Test("a run whose lock was taken away writes nothing any more, and leaves the other one's journal alone")
  func lockTakenAway() async throws {
    let elsewhere = TemporaryFolder()
    let keeper = FolderKeeper(folder: folder.path, registry: "hydra", memory: SerialMemory(folder: elsewhere.path))
    let first = try await fixture.begin(keeper)
    try await first.recordOutcome(entry(first, "a"), for: "a")
    guard case .owner(let owner)? = try keeper.lockHolder() else { return #expect(Bool(false), "nobody holds the lock") }
    #expect(try keeper.breakLock(of: owner))
    let second = try await fixture.begin(keeper, new: false)
    try await second.recordOutcome(entry(second, "b"), for: "b")
    let journal = try Data(contentsOf: folder.file("hydra.journal"))
    let late = await #expect(throws: StateError.self) { try await first.recordOutcome(entry(first, "c"), for: "c") }
    #expect(late?.code == .changedMeanwhile, "\(String(describing: late))")
    let end = await #expect(throws: StateError.self) { try await first.finish() }
    #expect(end?.code == .changedMeanwhile && end?.description.contains(".rescued.json") == true, "\(String(describing: end))")
    #expect(try Data(contentsOf: folder.file("hydra.journal")) == journal)
    _ = try await second.finish()

    // What the first learned, c included, is named until it is in its place.
    let place = try #require(await keeper.rescued(butTokens: false))
    await #expect(throws: StateError.self) { try await fixture.opened(keeper) }
    let bytes = Array(try Data(contentsOf: URL(filePath: place)))
    let push = try await StatePush(
      bytes, to: keeper, registry: "hydra", identities: try fixture.identities, allowsClear: false)
    #expect(push.forgotten == ["b"])
    try await push.commit(to: keeper)
    let opened = try await fixture.opened(keeper)
    #expect(try opened.token(of: "a") == Secret("rat-a") && opened.token(of: "c") == Secret("rat-c"))
  }

  @Test("a state that is itself a link is not replaced by a file")
  func linkedFile() async throws {
    let target = TemporaryFolder()
    let there = FolderKeeper(folder: target.path, registry: "hydra")
    let run = try await fixture.begin(there)
    try await run.recordOutcome(entry(run, "a"), for: "a")
    _ = try await run.finish()
    try folder.make()
    try FileManager.default.createSymbolicLink(
      atPath: folder.file("hydra.json").path, withDestinationPath: target.file("hydra.json").path)
    let keeper = FolderKeeper(folder: folder.path, registry: "hydra")
    #expect(try await fixture.opened(keeper).token(of: "a") == Secret("rat-a"))
    let error = await #expect(throws: StateError.self) { try await fixture.begin(keeper, new: false) }
    #expect(error?.description.contains("is a link") == true)
    #expect(try folder.names() == ["hydra.json"])
  }

  @Test("a file system without hard links has locks all the same")
  func withoutLinks() async throws {
    let files = PosixFiles(gate: .init(before: { $0.call == .link ? .fails(EPERM) : .happens }))
    let keeper = FolderKeeper(folder: folder.path, registry: "hydra", files: files)
    let run = try await fixture.begin(keeper)
    let error = await #expect(throws: StateError.self) { try await fixture.begin(keeper) }
    #expect(error?.code == .locked && error?.description.contains("process \(getpid())") == true)
    try await run.recordOutcome(entry(run, "a"), for: "a")
    _ = try await run.finish()
    #expect(try folder.names() == ["hydra.json"])
  }

  @Test(
    "a read-only file system is told before anything is begun, and a state on it is still read",
    .enabled(if: canMount, "no file system can be mounted here"))
  func readOnly() async throws {
    try folder.make()
    try #require(mount("tmpfs", folder.path, "tmpfs", 0, "size=256k") == 0)
    defer { umount(folder.path) }
    let keeper = FolderKeeper(folder: folder.path, registry: "hydra")
    let run = try await fixture.begin(keeper)
    try await run.recordOutcome(entry(run, "a"), for: "a")
    _ = try await run.finish()
    try #require(mount("tmpfs", folder.path, "tmpfs", UInt(MS_REMOUNT | MS_RDONLY), "size=256k") == 0)
    let error = await #expect(throws: StateError.self) { try await fixture.begin(keeper) }
    #expect(error?.code == .io && error?.description.contains("Read-only file system") == true)
    #expect(try await fixture.opened(keeper).token(of: "a") == Secret("rat-a"))
  }

  @Test("a folder that is a link works as the folder does; a link to nowhere is told")
  func link() async throws {
    let target = TemporaryFolder()
    try target.make()
    try FileManager.default.createSymbolicLink(atPath: folder.path, withDestinationPath: target.path)
    let keeper = FolderKeeper(folder: folder.path, registry: "hydra")
    let run = try await fixture.begin(keeper)
    try await run.recordOutcome(entry(run, "a"), for: "a")
    _ = try await run.finish()
    #expect(try target.names() == ["hydra.json"])
    try FileManager.default.removeItem(atPath: target.path)
    let error = await #expect(throws: StateError.self) { try await fixture.begin(keeper) }
    #expect(error?.description.contains("a link to a folder that is not there") == true)
  }

  @Test("a folder that is gone in the middle of a run is made again for what the run holds")
  func gone() async throws {
    let keeper = FolderKeeper(folder: folder.path, registry: "hydra")
    let run = try await fixture.begin(keeper)
    try await run.recordOutcome(entry(run, "a"), for: "a")
    try FileManager.default.removeItem(atPath: folder.path)
    let error = await #expect(throws: StateError.self) { try await run.recordOutcome(entry(run, "b"), for: "b") }
    #expect(error?.code == .io)
    #expect(try await run.finish().wrote)
    let opened = try await fixture.opened(keeper)
    #expect(try opened.token(of: "a") == Secret("rat-a") && opened.token(of: "b") == Secret("rat-b"))
  }

  @Test("a serial that was read and checked is remembered, so that an older file is refused where it was only read")
  func remembered() async throws {
    let memory = SerialMemory(folder: folder.path + "/seen")
    let keeper = FolderKeeper(folder: folder.path, registry: "hydra")
    let reader = FolderKeeper(folder: folder.path, registry: "hydra", memory: memory)
    var old = Data()
    for number in 1...2 {
      let run = try await fixture.begin(keeper)
      try await run.recordOutcome(fixture.entry(run, "a", token: "rat-\(number)"), for: "a")
      _ = try await run.finish()
      if number == 1 { old = try Data(contentsOf: folder.file("hydra.json")) }
    }
    #expect(try await fixture.opened(reader).serial == 2)
    try old.write(to: folder.file("hydra.json"))
    let error = await #expect(throws: StateError.self) { try await fixture.opened(reader) }
    #expect(error?.code == .serialWentBack)
    #expect(error?.description.contains("state push \(folder.file("hydra.json").path) --force") == true)
  }
}
