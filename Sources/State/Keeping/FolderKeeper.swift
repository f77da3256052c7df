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
    var state = try files.contents(of: path("json"))
    while true {
      let journal = try files.contents(of: path("journal"))
      let again = try files.contents(of: path("json"))
      if again == state { return KeptState(state: state, journal: journal) }
      state = again
    }
  }

  package func lock(_ owner: LockOwner, timeout: Duration) async throws(StateError) {
    try files.createFolder(folder)
    try await LockFile(path: path("lock")).take(owner, timeout: timeout)
  }

  package func unlock(_ owner: LockOwner) async throws(StateError) { try LockFile(path: path("lock")).give(back: owner) }

  @concurrent
  package func append(_ records: [UInt8]) async throws(StateError) { try files.append(records, to: path("journal")) }

  @concurrent
  package func commit(_ state: [UInt8], lineage: String, serial: Int) async throws(StateError) {
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

  package func highestSerial(of lineage: String) async -> Int? { memory?.highest(of: lineage) }
}
