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
    let opened = try await fixture.opened(keeper)
    for client in acknowledged { #expect(try opened.token(of: client) == Secret("rat-\(client)")) }

    // What the disk did not take either is elsewhere, sealed.
    let name = try #require(try elsewhere.names().first { $0.hasSuffix(".rescued.json") })
    let bytes = Array(try Data(contentsOf: elsewhere.file(name)))
    let rescued = try await fixture.opened(MemoryKeeper(MemoryFiles(["state/hydra.json": bytes])))
    #expect(rescued.state?.clients.count == acknowledged.count + 1)
    #expect(!String(decoding: bytes, as: UTF8.self).contains("rat-c"))
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
    #expect(error?.code == .serialWentBack && error?.description.contains("state push --force") == true)
  }
}
