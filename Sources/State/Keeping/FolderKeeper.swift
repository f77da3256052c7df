import FoundationEssentials

/// Keeps states in a folder: `REGISTRY.json`, its backup, `REGISTRY.journal` and `REGISTRY.lock`.
package struct FolderKeeper: StateKeeper {
  let folder: String
  let registry: String
  let files: any FileOperations
  let memory: SerialMemory?

  /// - Parameter memory: where the highest serial of each lineage is remembered, outside the folder.
  package init(folder: String, registry: String, files: any FileOperations = PosixFiles(), memory: SerialMemory? = nil) {
    self.folder = folder
    self.registry = registry
    self.files = files
    self.memory = memory
  }

  package var description: String { path("json") }

  private func path(_ ending: String) -> String { "\(folder)/\(registry).\(ending)" }

  /// Reads both as they belong together: a run that ends meanwhile puts a new state in place and takes the journal away.
  @concurrent
  package func read() async throws(StateError) -> KeptState {
    while true {
      let stamp = files.stamp(of: path("json"))
      let state = try files.contents(of: path("json"))
      let journal = try files.contents(of: path("journal"))
      if files.stamp(of: path("json")) == stamp { return KeptState(state: state, journal: journal) }
    }
  }

  package func lock(_ owner: LockOwner, timeout: Duration) async throws(StateError) {
    try files.createFolder(folder)
    // A file is replaced, not written into: the link would become a file, and what it points to grow old unseen.
    guard !files.isLink(path("json")) else {
      throw StateError(
        .io,
        "\(path("json")) is a link, which writing would replace by a file. Make the folder the link, or name its target with --state."
      )
    }
    try await lockFile.take(owner, timeout: timeout)
    lockFile.removeDeadDrafts(owner)
  }

  package func unlock(_ owner: LockOwner) async throws(StateError) { try lockFile.give(back: owner) }

  private var lockFile: LockFile { LockFile(path: path("lock"), files: files) }

  /// Waits until nobody who may still run holds the lock; it is not taken.
  package func awaitFreeLock(timeout: Duration) async throws(StateError) { try await lockFile.awaitFree(timeout: timeout) }

  /// Who holds the lock; `nil` where it is free.
  package func lockHolder() throws(StateError) -> LockHolder? { try lockFile.holder() }

  /// Takes away a lock that its owner will not give back any more.
  ///
  /// - Returns: whether that lock was still there.
  package func breakLock(of owner: LockOwner) throws(StateError) -> Bool { try lockFile.take(away: owner) }

  @concurrent
  package func append(_ records: [UInt8]) async throws(StateError) { try files.append(records, to: path("journal")) }

  @concurrent
  package func commit(
    _ state: [UInt8], over expected: KeptState.Mark?, lineage: String, serial: Int
  ) async throws(StateError) {
    // A folder that is gone meanwhile is made again: what the run holds in memory belongs there.
    try files.createFolder(folder)
    let temporary = path("json.new")
    try files.remove(temporary)
    try files.create(state, at: temporary)
    let stamp = files.stamp(of: path("json"))
    let old = try files.contents(of: path("json"))
    if let expected, KeptState.Mark(old) != expected { throw try changed(old == nil, temporary) }
    if let old {
      let backup = path("json.backup.new")
      try files.remove(backup)
      try files.create(old, at: backup)
      try files.rename(backup, to: path("json.backup"))
    }
    // Writing the backup took its time.
    if expected != nil, files.stamp(of: path("json")) != stamp {
      throw try changed(files.stamp(of: path("json")) == nil, temporary)
    }
    try files.rename(temporary, to: path("json"))
    try files.syncFolder(folder)
    memory?.remember(serial, of: lineage)
  }

  private func changed(_ isGone: Bool, _ temporary: String) throws(StateError) -> StateError {
    try files.remove(temporary)
    return StateError(
      .changedMeanwhile,
      "\(path("json")) was \(isGone ? "taken away" : "changed") meanwhile (by git, by sops, or by another run), and was left so."
    )
  }

  @concurrent
  package func removeJournal() async throws(StateError) {
    try files.remove(path("journal"))
    try files.syncFolder(folder)
  }

  @concurrent
  package func backup() async throws(StateError) -> [UInt8]? { try files.contents(of: path("json.backup")) }

  /// Takes away the backup of a state whose secrets stood in clear.
  @concurrent
  package func removeBackup() async throws(StateError) {
    try files.remove(path("json.backup"))
    try files.syncFolder(folder)
  }

  @concurrent
  package func setJournalAside() async throws(StateError) {
    try files.rename(path("journal"), to: try freeName(path("journal.aside")))
    try files.syncFolder(folder)
  }

  /// What was put aside is never written over: the name itself, or with a number behind it.
  private func freeName(_ path: String) throws(StateError) -> String {
    var name = path
    var number = 1
    while try files.contents(of: name) != nil {
      number += 1
      name = "\(path).\(number)"
    }
    return name
  }

  package func highestSerial(of lineage: String) async -> Int? { memory?.highest(of: lineage) }
  package func remember(_ serial: Int, of lineage: String) async { memory?.remember(serial, of: lineage) }

  /// In the folder that remembers serials; it may well be on another disk.
  @concurrent
  package func rescue(
    _ state: [UInt8], lineage: String, serial: Int, tokensOnly: Bool, over earlier: String?
  ) async -> String? {
    guard let folder = memory?.folder else { return nil }
    do throws(StateError) {
      // On a new machine none of the folders above it is there either.
      try? FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
      try files.createFolder(folder)
      let kind = tokensOnly ? Self.tokensMark : ""
      let place = try freeName("\(folder)/\(rescuedName(of: lineage))\(serial)\(kind).rescued.json")
      do throws(StateError) { try files.create(state, at: place) } catch {
        // A half of it would keep everybody from going on, and be of no use.
        try? files.remove(place)
        throw error
      }
      // Whole it is from here on, whatever else fails.
      let replaces = earlier.map { (try? files.rename(place, to: $0)) != nil } ?? false
      try? files.syncFolder(folder)
      return replaces ? earlier : place
    } catch {
      return nil
    }
  }

  func rescuedName(of lineage: String) -> String { "\(registry)-\(lineage.prefix(8))-" }

  /// In the name of a file that was put aside for tokens alone.
  private static let tokensMark = ".tokens"

  package func rescued(butTokens: Bool) async -> String? {
    let files = rescuedFiles()
    return files.first { !$0.contains(Self.tokensMark + ".rescued.json") } ?? (butTokens ? nil : files.first)
  }

  /// - Parameter settled: whether those that are in their place by now are among them.
  func rescuedFiles(settled: Bool = false) -> [String] {
    guard let folder = memory?.folder else { return [] }
    let found = names(in: folder).filter { name in
      guard let mark = name.firstRange(of: ".rescued.json"), settled || !name.hasSuffix(Self.settledEnding) else {
        return false
      }
      // REGISTRY-LINEAGE-SERIAL, eight characters of the lineage.
      let parts = name[..<mark.lowerBound].split(separator: "-", omittingEmptySubsequences: false)
      return parts.count > 2 && parts.dropLast(2).joined(separator: "-") == registry
    }
    return found.map { "\(folder)/\($0)" }
  }

  func names(in folder: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
  }

  static let settledEnding = ".settled"

  @concurrent
  package func settle(rescued state: [UInt8]) async {
    for file in rescuedFiles() where (try? files.contents(of: file)) == state {
      try? files.rename(file, to: file + Self.settledEnding)
    }
  }

  @concurrent
  package func isLocked(by owner: LockOwner) async -> Bool { lockFile.isHeld(by: owner) }

  /// Takes the state away; the last one stays as the backup, and a killed run's journal under another name.
  ///
  /// The state goes first: a journal alone is refused, a state without its journal would be taken for the whole.
  @concurrent
  package func removeState() async throws(StateError) {
    if try files.contents(of: path("json")) != nil { try files.rename(path("json"), to: path("json.backup")) }
    if try files.contents(of: path("journal")) != nil {
      try files.rename(path("journal"), to: try freeName(path("journal.aside")))
    }
    try files.syncFolder(folder)
  }
}
