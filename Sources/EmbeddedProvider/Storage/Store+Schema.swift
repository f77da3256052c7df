import OpenIDCryptography

/// What the file looks like, and how an older one becomes that.
extension Store {
  /// Stands in the file's header, so that another program's database is told from ours: "OIDp".
  static let applicationID = 0x4f49_4470

  /// One step per version: the statements that lead from the version before to it. Steps that were released never change.
  static let migrations = [
    """
    CREATE TABLE server_secret (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
    CREATE TABLE client (
      id TEXT PRIMARY KEY,
      client_name TEXT NOT NULL,
      owner TEXT NOT NULL,
      document BLOB NOT NULL,
      metadata BLOB NOT NULL,
      created_at TEXT NOT NULL,
      secret_hash TEXT NOT NULL,
      token_signature TEXT
    ) WITHOUT ROWID;
    CREATE INDEX client_by_owner ON client (owner, id);
    CREATE INDEX client_by_name ON client (client_name, id);
    """,
    """
    CREATE TABLE browser_session (
      id TEXT PRIMARY KEY,
      cookie_signature TEXT NOT NULL UNIQUE,
      subject TEXT NOT NULL,
      authenticated_at INTEGER NOT NULL
    ) WITHOUT ROWID;
    CREATE TABLE client_grant (
      id TEXT PRIMARY KEY,
      client_id TEXT NOT NULL REFERENCES client (id) ON DELETE CASCADE,
      session_id TEXT,
      subject TEXT NOT NULL,
      scope TEXT NOT NULL,
      claims BLOB NOT NULL,
      nonce TEXT,
      requested_at INTEGER NOT NULL,
      authenticated_at INTEGER NOT NULL
    ) WITHOUT ROWID;
    CREATE INDEX client_grant_by_client ON client_grant (client_id);
    CREATE INDEX client_grant_by_session ON client_grant (session_id);
    CREATE TABLE token (
      signature TEXT PRIMARY KEY,
      kind TEXT NOT NULL,
      grant_id TEXT NOT NULL REFERENCES client_grant (id) ON DELETE CASCADE,
      scope TEXT NOT NULL,
      issued_at INTEGER NOT NULL,
      expires_at INTEGER NOT NULL,
      is_used INTEGER NOT NULL,
      redirect_uri TEXT,
      code_challenge TEXT
    ) WITHOUT ROWID;
    CREATE INDEX token_by_grant ON token (grant_id);
    CREATE TABLE used_assertion (
      client_id TEXT NOT NULL REFERENCES client (id) ON DELETE CASCADE,
      assertion_id TEXT NOT NULL,
      expires_at INTEGER NOT NULL,
      PRIMARY KEY (client_id, assertion_id)
    ) WITHOUT ROWID;
    """,
  ]

  /// Looks at the file before anything is written to it.
  static func check(_ connection: SQLiteConnection) throws(StoreError) {
    let application = try connection.number("PRAGMA application_id")
    let version = try connection.number("PRAGMA user_version")
    let objects = try connection.number("SELECT count(*) FROM sqlite_schema")
    guard application == applicationID || (application == 0 && version == 0 && objects == 0) else {
      throw StoreError(code: .foreign, message: "it is the database of another program")
    }
    guard version <= migrations.count else {
      throw StoreError(
        code: .fromTheFuture, message: "its format has version \(version), this program knows up to \(migrations.count)")
    }
  }

  /// Brings the file up to date; of two processes that come at once, one does it and the other finds it done.
  static func migrate(_ connection: SQLiteConnection) throws(StoreError) {
    if try connection.number("PRAGMA user_version") == migrations.count { return }
    try connection.execute("BEGIN IMMEDIATE")
    do {
      try check(connection)
      let version = try connection.number("PRAGMA user_version")
      for step in migrations.dropFirst(version) { try connection.execute(step) }
      try connection.execute("PRAGMA application_id = \(applicationID); PRAGMA user_version = \(migrations.count); COMMIT")
    } catch {
      try? connection.execute("ROLLBACK")
      throw error
    }
  }

  /// A secret of the server's, made once for each file: whoever comes second takes the first one's.
  static func serverSecret(
    _ name: String, orElse made: [UInt8] = Random.bytes(32), _ connection: SQLiteConnection
  ) throws(StoreError) -> [UInt8] {
    try connection.run(
      "INSERT INTO server_secret (name, value) VALUES (?, ?) ON CONFLICT DO NOTHING", [.text(name), .blob(made)])
    guard let secret = try existingSecret(name, connection), !secret.isEmpty else {
      throw StoreError(code: .other, message: "a key in it is missing")
    }
    return secret
  }

  /// - Returns: `nil` where there is none so far.
  static func existingSecret(_ name: String, _ connection: SQLiteConnection) throws(StoreError) -> [UInt8]? {
    try connection.rows("SELECT value FROM server_secret WHERE name = ?", [.text(name)]) { $0.bytes(0) }.first
  }
}
