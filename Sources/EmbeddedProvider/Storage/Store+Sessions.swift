/// The queries about browsers that are signed in.
extension Store {
  private static func read(_ row: SQLiteRow) -> StoredSession {
    StoredSession(
      id: row.text(0) ?? "", cookieSignature: row.text(1) ?? "", subject: row.text(2) ?? "", authenticatedAt: row.integer(3))
  }

  static func insert(_ session: StoredSession, _ connection: SQLiteConnection) throws(StoreError) {
    try connection.run(
      "INSERT INTO browser_session (id, cookie_signature, subject, authenticated_at) VALUES (?, ?, ?, ?)",
      [
        .text(session.id), .text(session.cookieSignature), .text(session.subject), .integer(session.authenticatedAt),
      ])
  }

  static func session(cookie signature: String, _ connection: SQLiteConnection) throws(StoreError) -> StoredSession? {
    try connection.rows(
      "SELECT id, cookie_signature, subject, authenticated_at FROM browser_session WHERE cookie_signature = ?",
      [.text(signature)], read
    ).first
  }

  static func session(_ id: String, _ connection: SQLiteConnection) throws(StoreError) -> StoredSession? {
    try connection.rows(
      "SELECT id, cookie_signature, subject, authenticated_at FROM browser_session WHERE id = ?", [.text(id)], read
    ).first
  }

  /// Ends a session; whether there was one. What was granted in it lives on.
  static func endSession(_ id: String, _ connection: SQLiteConnection) throws(StoreError) -> Bool {
    try connection.run("DELETE FROM browser_session WHERE id = ?", [.text(id)]) == 1
  }

  /// The clients that somebody was signed in to in a session, each with the subject that it knows.
  static func clients(
    inSession id: String, _ connection: SQLiteConnection
  ) throws(StoreError) -> [(client: StoredClient, subject: String)] {
    let found = try connection.rows(
      "SELECT DISTINCT client_id, subject FROM client_grant WHERE session_id = ? ORDER BY client_id", [.text(id)]
    ) { ($0.text(0) ?? "", $0.text(1) ?? "") }
    var clients: [(client: StoredClient, subject: String)] = []
    for (clientID, subject) in found where clients.last?.client.id != clientID {
      if let client = try client(clientID, connection) { clients.append((client, subject)) }
    }
    return clients
  }
}
