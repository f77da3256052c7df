import OpenIDCryptography

/// Where a registry's state is kept. "Durable" means: the keeper has acknowledged.
package protocol StateKeeper: Sendable {
  /// How messages name it: `state/hydra.json`.
  var description: String { get }

  func read() async throws(StateError) -> KeptState
  /// Takes the lock for this owner, waiting that long for another's.
  func lock(_ owner: LockOwner, timeout: Duration) async throws(StateError)
  func unlock(_ owner: LockOwner) async throws(StateError)
  /// Adds to the journal; durable when it returns.
  func append(_ records: [UInt8]) async throws(StateError)
  /// Puts a new state in the place of the old one, whole or not at all. The old one stays as the backup.
  ///
  /// - Parameter old: what has to be there; anything, where that is `nil`.
  /// - Throws: ``StateError`` `changedMeanwhile` where something else is.
  func commit(_ state: [UInt8], over old: KeptState.Mark?, lineage: String, serial: Int) async throws(StateError)
  func removeJournal() async throws(StateError)
  /// The version before the last write; `nil` where there is none.
  func backup() async throws(StateError) -> [UInt8]?
  /// Takes the backup away.
  func removeBackup() async throws(StateError)
  /// Keeps a journal that is not going to be folded under another name: it may hold the only copy of a token.
  func setJournalAside() async throws(StateError)
  /// The highest serial that was ever seen of a lineage; `nil` where none is remembered.
  func highestSerial(of lineage: String) async -> Int?
  /// Notes a serial that was seen.
  func remember(_ serial: Int, of lineage: String) async
  /// Puts a state that cannot be written where it belongs somewhere else, so that what a call brought is not lost.
  ///
  /// - Parameters:
  ///   - tokensOnly: whether nothing in it is news but tokens that reads brought.
  ///   - earlier: where a part of it was rescued to before, to be replaced.
  /// - Returns: where it is; `nil` where there is no such place.
  func rescue(_ state: [UInt8], lineage: String, serial: Int, tokensOnly: Bool, over earlier: String?) async -> String?
  /// Where a state of this registry was rescued to and not put in place since, of whatever lineage; `nil` where there is none. Its serial
  /// says nothing: whoever wrote the next one need not know of it. Whole states come before tokens, which go on from them.
  ///
  /// - Parameter butTokens: whether tokens alone do not count.
  func rescued(butTokens: Bool) async -> String?
  /// Notes that what was rescued to a file with these bytes is in its place now.
  func settle(rescued state: [UInt8]) async
  /// Whether the lock is still this owner's.
  func isLocked(by owner: LockOwner) async -> Bool
}

/// What a keeper holds, as bytes.
package struct KeptState: Sendable {
  package var state: [UInt8]?
  package var journal: [UInt8]?

  /// What tells one state's bytes from another's.
  package struct Mark: Sendable, Hashable {
    private let hash: [UInt8]?

    /// - Parameter state: `nil` where there is none.
    package init(_ state: [UInt8]?) { hash = state.map(SHA2.sha256) }
  }

  package init(state: [UInt8]? = nil, journal: [UInt8]? = nil) {
    self.state = state
    self.journal = journal
  }
}
