import COpenIDSQLite

/// What is bound to a placeholder.
enum SQLiteValue {
  case null
  case integer(Int)
  case text(String)
  case blob([UInt8])

  init(_ text: String?) { self = text.map(SQLiteValue.text) ?? .null }
}

/// One connection to a database, and the statements prepared on it. For one thread at a time.
@safe final class SQLiteConnection {
  private let handle: OpaquePointer
  private var statements: [String: OpaquePointer]

  /// - Parameter path: a file, which is created where it is missing, or `:memory:`.
  init(path: String) throws(StoreError) {
    var opened: OpaquePointer?
    let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE
    let status = unsafe sqlite3_open_v2(path, &opened, flags, nil)
    guard let opened = unsafe opened else { throw StoreError(code: .cannotOpen, message: "there is no memory left for SQLite") }
    guard status == SQLITE_OK else {
      let words = systemMessage(unsafe sqlite3_system_errno(opened))
      unsafe sqlite3_close_v2(opened)
      throw StoreError(code: .cannotOpen, message: words)
    }
    unsafe handle = opened
    unsafe statements = [:]
    unsafe sqlite3_busy_timeout(handle, 10_000)
  }

  deinit {
    unsafe statements.values.forEach { unsafe sqlite3_finalize($0) }
    unsafe sqlite3_close_v2(handle)
  }

  var isReadOnly: Bool { unsafe sqlite3_db_readonly(handle, "main") == 1 }

  /// Whether no transaction is open: some errors end one by themselves.
  var isAutocommitting: Bool { unsafe sqlite3_get_autocommit(handle) != 0 }

  /// Runs statements without placeholders.
  func execute(_ sql: String) throws(StoreError) {
    let status = unsafe sqlite3_exec(handle, sql, nil, nil, nil)
    guard status == SQLITE_OK else { throw failure(status) }
  }

  /// Runs several statements of one transaction, all of them or none.
  func atomically<Value>(_ body: () throws(StoreError) -> Value) throws(StoreError) -> Value {
    try execute("SAVEPOINT job")
    do throws(StoreError) {
      let value = try body()
      try execute("RELEASE job")
      return value
    } catch {
      if !isAutocommitting { try execute("ROLLBACK TO job; RELEASE job") }
      throw error
    }
  }

  /// Runs a statement that yields no row; how many rows it changed.
  @discardableResult
  func run(_ sql: String, _ values: [SQLiteValue] = []) throws(StoreError) -> Int {
    let statement = try unsafe bound(sql, values)
    defer { unsafe reset(statement) }
    let status = unsafe sqlite3_step(statement)
    guard status == SQLITE_DONE else { throw failure(status) }
    return Int(unsafe sqlite3_changes(handle))
  }

  /// Every row of a query, turned into a value.
  func rows<Value>(_ sql: String, _ values: [SQLiteValue] = [], _ read: (SQLiteRow) -> Value) throws(StoreError) -> [Value] {
    let statement = try unsafe bound(sql, values)
    defer { unsafe reset(statement) }
    var found: [Value] = []
    while true {
      let status = unsafe sqlite3_step(statement)
      if status == SQLITE_DONE { return found }
      guard status == SQLITE_ROW else { throw failure(status) }
      found.append(read(unsafe SQLiteRow(statement: statement)))
    }
  }

  /// The one number of a query such as `PRAGMA user_version`.
  func number(_ sql: String) throws(StoreError) -> Int {
    try rows(sql) { $0.integer(0) }.first ?? 0
  }

  private func bound(_ sql: String, _ values: [SQLiteValue]) throws(StoreError) -> OpaquePointer {
    let statement = try unsafe prepared(sql)
    for (index, value) in values.enumerated() {
      let place = CInt(index + 1)
      switch value {
      case .null: unsafe sqlite3_bind_null(statement, place)
      case .integer(let number): unsafe sqlite3_bind_int64(statement, place, Int64(number))
      case .text(let text): unsafe openid_bind_text(statement, place, text, CInt(text.utf8.count))
      case .blob(let bytes): unsafe openid_bind_blob(statement, place, bytes, CInt(bytes.count))
      }
    }
    return unsafe statement
  }

  private func prepared(_ sql: String) throws(StoreError) -> OpaquePointer {
    if let statement = unsafe statements[sql] { return unsafe statement }
    var statement: OpaquePointer?
    let status = unsafe sqlite3_prepare_v3(handle, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &statement, nil)
    guard status == SQLITE_OK, let statement = unsafe statement else { throw failure(status) }
    unsafe statements[sql] = statement
    return unsafe statement
  }

  /// A statement that is not reset holds its read transaction open.
  private func reset(_ statement: OpaquePointer) {
    unsafe sqlite3_reset(statement)
    unsafe sqlite3_clear_bindings(statement)
  }

  private func failure(_ status: CInt) -> StoreError {
    let message = unsafe String(cString: sqlite3_errmsg(handle))
    switch status & 0xff {
    case SQLITE_BUSY, SQLITE_LOCKED: return StoreError(code: .busy, message: message)
    // SQLITE_CONSTRAINT_FOREIGNKEY, a macro that Swift does not import.
    case SQLITE_CONSTRAINT where status == 787: return StoreError(code: .orphaned, message: message)
    case SQLITE_CONSTRAINT: return StoreError(code: .duplicate, message: message)
    case SQLITE_NOTADB: return StoreError(code: .notADatabase, message: message)
    case SQLITE_READONLY: return StoreError(code: .readOnly, message: message)
    case SQLITE_CANTOPEN: return StoreError(code: .cannotOpen, message: message)
    default: return StoreError(code: .other, message: message)
    }
  }
}

/// The row that a query stands at; not to be kept.
@safe struct SQLiteRow {
  private let statement: OpaquePointer

  fileprivate init(statement: OpaquePointer) { unsafe self.statement = statement }

  func integer(_ column: CInt) -> Int { Int(unsafe sqlite3_column_int64(statement, column)) }

  func text(_ column: CInt) -> String? {
    guard unsafe sqlite3_column_type(statement, column) != SQLITE_NULL else { return nil }
    return String(decoding: bytes(column), as: UTF8.self)
  }

  func bytes(_ column: CInt) -> [UInt8] {
    guard let start = unsafe sqlite3_column_blob(statement, column) else { return [] }
    return unsafe [UInt8](UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(statement, column))))
  }
}
