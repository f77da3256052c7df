import Synchronization

/// A connection that several threads share, one at a time.
final class Database: @unchecked Sendable {
  private let lock = Mutex(())
  private let connection: SQLiteConnection

  init(_ connection: sending SQLiteConnection) { self.connection = connection }

  func use<Result: Sendable>(_ body: (SQLiteConnection) throws(StoreError) -> Result) throws(StoreError) -> Result {
    try lock.withLock { _ throws(StoreError) in try body(connection) }
  }
}
