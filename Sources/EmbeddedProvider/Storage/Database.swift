import Synchronization

/// A connection that several threads share, one at a time.
final class Database: @unchecked Sendable {
  private let lock = Mutex(())
  private let connection: SQLiteConnection

  init(_ connection: sending SQLiteConnection) { self.connection = connection }

  /// - Returns: `nil` where another thread has it.
  func useIfFree<Result: Sendable>(
    _ body: (SQLiteConnection) throws(StoreError) -> Result
  ) throws(StoreError) -> Result? {
    try lock.withLockIfAvailable { _ throws(StoreError) in try body(connection) }
  }

  func use<Result: Sendable>(_ body: (SQLiteConnection) throws(StoreError) -> Result) throws(StoreError) -> Result {
    try lock.withLock { _ throws(StoreError) in try body(connection) }
  }
}

/// Connections that read: whoever comes takes one that is free.
final class Readers: Sendable {
  private let databases: [Database]

  /// - Parameter databases: not empty.
  init(_ databases: [Database]) { self.databases = databases }

  func use<Result: Sendable>(_ body: (SQLiteConnection) throws(StoreError) -> Result) throws(StoreError) -> Result {
    for database in databases {
      if let result = try database.useIfFree(body) { return result }
    }
    return try databases[0].use(body)
  }
}
