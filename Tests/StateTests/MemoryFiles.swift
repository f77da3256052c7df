import Synchronization

@testable import State

/// A file system in memory that fails, or dies, at the step that a test names.
final class MemoryFiles: FileOperations {
  enum Fault: Sendable {
    /// The step reports an error and has no effect.
    case fails
    /// The step happens, and every later one reports an error: the process was killed right after it.
    case dies
    /// As ``dies``, and what the step was writing is there by half.
    case tears
  }

  private struct Contents {
    var files: [String: [UInt8]] = [:]
    var steps = 0
    var isDead = false
  }

  private let contents: Mutex<Contents>
  private let fault: (step: Int, kind: Fault)?
  /// What somebody else writes in the place of the state while its backup is made.
  private let meddled: [UInt8]?

  init(_ files: [String: [UInt8]] = [:], fault: (step: Int, kind: Fault)? = nil, meddled: [UInt8]? = nil) {
    contents = Mutex(Contents(files: files))
    self.fault = fault
    self.meddled = meddled
  }

  var files: [String: [UInt8]] { contents.withLock(\.files) }
  var steps: Int { contents.withLock(\.steps) }

  /// A step that writes: the effect is given as much of the bytes as gets to the disk.
  private func step(writing bytes: [UInt8], _ effect: (inout [String: [UInt8]], [UInt8]) -> Void) throws(StateError) {
    let isTorn = contents.withLock { fault?.kind == .tears && fault?.step == $0.steps + 1 }
    try step { effect(&$0, isTorn ? Array(bytes.prefix(bytes.count / 2)) : bytes) }
    if isTorn { throw StateError(.io, "made to fail") }
  }

  private func step(_ effect: (inout [String: [UInt8]]) -> Void) throws(StateError) {
    let failure: StateError? = contents.withLock { contents in
      contents.steps += 1
      let isMeant = fault?.step == contents.steps
      if contents.isDead || isMeant && fault?.kind == .fails { return StateError(.io, "made to fail") }
      effect(&contents.files)
      if isMeant { contents.isDead = true }
      return nil
    }
    if let failure { throw failure }
  }

  func isLink(_ path: String) -> Bool { false }
  func stamp(of path: String) -> String? { files[path].map { "\($0.hashValue)" } }
  func contents(of path: String) throws(StateError) -> [UInt8]? { files[path] }
  func append(_ bytes: [UInt8], to path: String) throws(StateError) { try step(writing: bytes) { $0[path, default: []] += $1 } }
  func create(_ bytes: [UInt8], at path: String) throws(StateError) { try step(writing: bytes) { $0[path] = $1 } }
  func rename(_ from: String, to: String) throws(StateError) {
    try step {
      $0[to] = $0[from]
      $0[from] = nil
      if let meddled, to.hasSuffix(".json.backup") { $0[String(to.dropLast(".backup".count))] = meddled }
    }
  }
  func remove(_ path: String) throws(StateError) { try step { $0[path] = nil } }
  func syncFolder(_ path: String) throws(StateError) { try step { _ in } }
  func createFolder(_ path: String) throws(StateError) {}
  func link(_ path: String, to other: String) throws(StateError) -> Bool {
    if files[other] != nil { return false }
    try step { $0[other] = $0[path] }
    return true
  }
}

/// A keeper over such files, without the lock file of a real folder.
struct MemoryKeeper: StateKeeper {
  let files: MemoryFiles
  private let folder: FolderKeeper

  init(_ files: MemoryFiles) {
    self.files = files
    folder = FolderKeeper(folder: "state", registry: "hydra", files: files)
  }

  var description: String { folder.description }
  func read() async throws(StateError) -> KeptState { try await folder.read() }
  func lock(_ owner: LockOwner, timeout: Duration) async throws(StateError) {}
  func unlock(_ owner: LockOwner) async throws(StateError) {}
  func append(_ records: [UInt8]) async throws(StateError) { try await folder.append(records) }
  func commit(_ state: [UInt8], over old: KeptState.Mark?, lineage: String, serial: Int) async throws(StateError) {
    try await folder.commit(state, over: old, lineage: lineage, serial: serial)
  }
  func removeBackup() async throws(StateError) { try await folder.removeBackup() }
  func setJournalAside() async throws(StateError) { try await folder.setJournalAside() }
  func removeJournal() async throws(StateError) { try await folder.removeJournal() }
  func highestSerial(of lineage: String) async -> Int? { nil }
  func remember(_ serial: Int, of lineage: String) async {}
  func rescue(
    _ state: [UInt8], lineage: String, serial: Int, tokensOnly: Bool, over earlier: String?
  ) async -> String? { nil }
  func rescued(butTokens: Bool) async -> String? { nil }
  func backup() async throws(StateError) -> [UInt8]? { try await folder.backup() }
  func settle(rescued state: [UInt8]) async {}
  func isLocked(by owner: LockOwner) async -> Bool { true }
}
