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
    try await lockFile.take(owner, timeout: timeout)
    lockFile.removeDeadDrafts(owner)
  }

  package func unlock(_ owner: LockOwner) async throws(StateError) { try lockFile.give(back: owner) }

  private var lockFile: LockFile { LockFile(path: path("lock"), files: files) }

  /// Who holds the lock; `nil` where it is free.
  package func lockHolder() throws(StateError) -> LockHolder? { try lockFile.holder() }

  /// Takes away a lock that its owner will not give back any more.
  ///
  /// - Returns: whether that lock was still there.
  package func breakLock(of owner: LockOwner) throws(StateError) -> Bool { try lockFile.take(away: owner) }

  @concurrent
  package func append(_ records: [UInt8]) async throws(StateError) { try files.append(records, to: path("journal")) }

  @concurrent
  package func commit(_ state: [UInt8], lineage: String, serial: Int) async throws(StateError) {
    // A folder that is gone meanwhile is made again: what the run holds in memory belongs there.
    try files.createFolder(folder)
    let temporary = path("json.new")
    try files.remove(temporary)
    try files.create(state, at: temporary)
    if let old = try files.contents(of: path("json")) {
      let backup = path("json.backup.new")
      try files.remove(backup)
      try files.create(old, at: backup)
      try files.rename(backup, to: path("json.backup"))
    }
    try files.rename(temporary, to: path("json"))
    try files.syncFolder(folder)
    memory?.remember(serial, of: lineage)
  }

  @concurrent
  package func removeJournal() async throws(StateError) {
    try files.remove(path("journal"))
    try files.syncFolder(folder)
  }

  @concurrent
  package func setJournalAside() async throws(StateError) {
    try files.rename(path("journal"), to: path("journal.aside"))
    try files.syncFolder(folder)
  }

  package func highestSerial(of lineage: String) async -> Int? { memory?.highest(of: lineage) }
  package func remember(_ serial: Int, of lineage: String) async { memory?.remember(serial, of: lineage) }

  /// In the folder that remembers serials; it may well be on another disk.
  @concurrent
  package func rescue(_ state: [UInt8], lineage: String, serial: Int) async -> String? {
    guard let folder = memory?.folder else { return nil }
    let place = "\(folder)/\(registry)-\(lineage.prefix(8))-\(serial).rescued.json"
    do throws(StateError) {
      try files.createFolder(folder)
      try files.remove(place)
      try files.create(state, at: place)
      try files.syncFolder(folder)
    } catch {
      return nil
    }
    return place
  }

  /// Takes the state and its journal away; the last state stays as the backup.
  @concurrent
  package func removeState() async throws(StateError) {
    if try files.contents(of: path("json")) != nil { try files.rename(path("json"), to: path("json.backup")) }
    try files.remove(path("journal"))
    try files.syncFolder(folder)
  }
}
