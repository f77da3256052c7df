import Foundation
import OpenIDCryptography
import OpenIDJSON
import Testing

@testable import State

/// A folder of a test's own, removed with the suite's instance.
final class TemporaryFolder: Sendable {
  let path = FileManager.default.temporaryDirectory.appending(path: "state-\(UUID().uuidString)").path

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func file(_ name: String) -> URL { URL(filePath: "\(path)/\(name)") }
  func make() throws { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }
  func names() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: path).sorted() }
}

@Suite struct FolderTests {
  let fixture = Fixture()
  let folder = TemporaryFolder()
  var keeper: FolderKeeper { FolderKeeper(folder: folder.path, registry: "hydra") }

  private func mode(_ path: String) throws -> Int {
    try #require(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int)
  }

  @Test("files are their owner's alone, during a run and after; only state and backup stay")
  func modes() async throws {
    for number in 1...2 {
      let run = try await fixture.begin(keeper)
      try await run.recordOutcome(fixture.entry(run, "web", token: "rat-\(number)"), for: "web")
      #expect(try mode(folder.file("hydra.journal").path) == 0o600)
      #expect(try mode(folder.file("hydra.lock").path) == 0o600)
      _ = try await run.finish()
    }
    #expect(try folder.names() == ["hydra.json", "hydra.json.backup"])
    for name in try folder.names() { #expect(try mode(folder.file(name).path) == 0o600) }
    #expect(try mode(folder.path) == 0o700)
    let backup = MemoryFiles(["state/hydra.json": Array(try Data(contentsOf: folder.file("hydra.json.backup")))])
    #expect(try await fixture.opened(MemoryKeeper(backup)).token(of: "web") == Secret("rat-1"))
    #expect(try await fixture.opened(keeper).token(of: "web") == Secret("rat-2"))
  }

  @Test("what a killed run was writing beside the state is no hindrance")
  func leftovers() async throws {
    try folder.make()
    for name in ["hydra.json.new", "hydra.json.backup.new"] { try Data("half".utf8).write(to: folder.file(name)) }
    for number in 1...2 {
      let run = try await fixture.begin(keeper)
      try await run.recordOutcome(fixture.entry(run, "web", token: "rat-\(number)"), for: "web")
      #expect(try await run.finish().serial == number)
    }
    #expect(try folder.names() == ["hydra.json", "hydra.json.backup"])
  }

  enum Hindrance: CaseIterable { case folderInItsPlace, danglingLink, fileAsFolder }

  @Test("a state that cannot be read is an error, never an absent one", arguments: Hindrance.allCases)
  func unreadable(_ hindrance: Hindrance) async throws {
    switch hindrance {
    case .folderInItsPlace:
      try FileManager.default.createDirectory(at: folder.file("hydra.json"), withIntermediateDirectories: true)
    case .danglingLink:
      try folder.make()
      try FileManager.default.createSymbolicLink(atPath: folder.file("hydra.json").path, withDestinationPath: "/nowhere/at/all")
    case .fileAsFolder: try Data().write(to: URL(filePath: folder.path))
    }
    let error = await #expect(throws: StateError.self) { try await fixture.opened(keeper) }
    #expect(error?.code == .io)
    #expect(error?.description.contains("hydra.json") == true)
    let begun = await #expect(throws: StateError.self) { try await fixture.begin(keeper) }
    #expect(begun?.code == .io)
    #expect(!FileManager.default.fileExists(atPath: folder.file("hydra.lock").path))
  }

  @Test("where there is nothing, nothing is read, and reading makes nothing")
  func absent() async throws {
    #expect(try await fixture.opened(keeper).state == nil)
    #expect(!FileManager.default.fileExists(atPath: folder.path))
  }
}

@Suite struct LockFileTests {
  let folder = TemporaryFolder()
  var lock: LockFile { LockFile(path: folder.file("hydra.lock").path) }

  @Test(
    "a lock that names nobody who is known to be dead stays",
    arguments: [
      "", "not JSON", "{}", #"{"id": "1", "host": "HOST", "pid": 99999999999}"#, #"{"id": "1", "host": "HOST", "pid": 0}"#,
      #"{"id": "1", "host": "HOST", "pid": -1}"#, #"{"id": "1", "host": "elsewhere.invalid", "pid": 1, "started": "1"}"#,
    ])
  func stays(_ text: String) async throws {
    try folder.make()
    let owner = LockOwner.current(command: "apply")
    let text = text.replacingOccurrences(of: "HOST", with: owner.host)
    try Data(text.utf8).write(to: folder.file("hydra.lock"))
    let error = await #expect(throws: StateError.self) { try await lock.take(owner, timeout: .zero) }
    #expect(error?.code == .locked)
    #expect(error?.description.contains("hydra.lock") == true)
    #expect(try String(contentsOf: folder.file("hydra.lock"), encoding: .utf8) == text)
    #expect(try folder.names() == ["hydra.lock"])
  }

  struct Elsewhere: CustomTestStringConvertible, Sendable {
    var testDescription: String
    var kernel: KernelIdentity
    var isTakenOver: Bool
  }

  /// The same host name, and a process id that nobody has here.
  static let elsewhere: [Elsewhere] = {
    let here = KernelIdentity(machine: "m", boot: "b", processes: "p")
    func owner(_ words: String, _ isTakenOver: Bool, _ change: (inout KernelIdentity) -> Void) -> Elsewhere {
      var kernel = here
      change(&kernel)
      return Elsewhere(testDescription: words, kernel: kernel, isTakenOver: isTakenOver)
    }
    return [
      owner("of this very machine", true) { _ in },
      owner("from before the machine was started again", true) { $0.boot = "earlier" },
      owner("of another container on it", false) { $0.processes = "other" },
      owner("of a machine of the same name", false) { ($0.machine, $0.boot) = ("other", "other") },
      owner("of a container that knows no machine", false) { ($0.machine, $0.boot) = ("", "other") },
      owner("of a container that knows nothing", false) { $0 = KernelIdentity(machine: "", boot: "", processes: "") },
    ]
  }()

  @Test("a host's name alone does not prove that an owner is dead", arguments: elsewhere)
  func sameName(_ other: Elsewhere) async throws {
    try folder.make()
    var dead = LockOwner.current(command: "apply")
    (dead.pid, dead.started, dead.kernel) = (4_194_304, "1", other.kernel)
    var me = LockOwner.current(command: "apply")
    me.kernel = KernelIdentity(machine: "m", boot: "b", processes: "p")
    try await lock.take(dead, timeout: .zero)
    #expect(LockOwner(Array(dead.json.text().utf8)) == dead)
    if other.isTakenOver {
      try await lock.take(me, timeout: .zero)
    } else {
      let error = await #expect(throws: StateError.self) { try await lock.take(me, timeout: .zero) }
      #expect(error?.code == .locked && error?.description.contains("state unlock \(dead.id)") == true)
    }
  }

  @Test("a process that has ended leaves its lock to the next")
  func endedProcess() async throws {
    try folder.make()
    let process = Process()
    process.executableURL = URL(filePath: "/bin/true")
    try process.run()
    process.waitUntilExit()
    var dead = LockOwner.current(command: "apply")
    dead.pid = Int(process.processIdentifier)
    dead.started = "1"
    try await lock.take(dead, timeout: .zero)
    let next = LockOwner.current(command: "apply")
    try await lock.take(next, timeout: .zero)
    // Its late end takes nobody else's lock away.
    try lock.give(back: dead)
    #expect(try folder.names() == ["hydra.lock"])
    try lock.give(back: next)
    #expect(try folder.names().isEmpty)
  }

  @Test("who waits gets the lock once it is given back")
  func waits() async throws {
    try folder.make()
    let lock = lock
    let (first, second) = (LockOwner.current(command: "apply"), LockOwner.current(command: "plan"))
    try await lock.take(first, timeout: .zero)
    let waiting = Task { try await lock.take(second, timeout: .seconds(60)) }
    try lock.give(back: first)
    try await waiting.value
    let holder = try LockOwner(Array(Data(contentsOf: folder.file("hydra.lock"))))
    #expect(holder == second)
  }

  @Test("takers of a dead owner's lock never hold it at once, however often it changes hands")
  func takers() async throws {
    try folder.make()
    let lock = lock
    let folder = folder
    var dead = LockOwner.current(command: "apply")
    dead.started = "1"
    for _ in 0..<40 {
      try await lock.take(dead, timeout: .zero)
      let winners = await withTaskGroup(of: LockOwner?.self, returning: [LockOwner].self) { group in
        for _ in 0..<8 {
          group.addTask {
            let owner = LockOwner.current(command: "apply")
            do { try await lock.take(owner, timeout: .zero) } catch { return nil }
            return owner
          }
        }
        return await group.reduce(into: []) { if let owner = $1 { $0.append(owner) } }
      }
      let holder = try LockOwner(Array(Data(contentsOf: folder.file("hydra.lock"))))
      #expect(winners.count == 1 && winners.first == holder)
      for winner in winners { try lock.give(back: winner) }
    }
  }
}
