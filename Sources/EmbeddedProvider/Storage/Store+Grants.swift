/// The queries about what was granted.
extension Store {
  private static let grantColumns =
    "g.id, g.client_id, g.session_id, g.subject, g.scope, g.claims, g.nonce, g.requested_at, g.authenticated_at"
  private static let tokenColumns =
    "t.signature, t.kind, t.grant_id, t.scope, t.issued_at, t.expires_at, t.is_used, t.redirect_uri, t.code_challenge"

  static func insert(_ grant: StoredGrant, _ connection: SQLiteConnection) throws(StoreError) {
    try connection.run(
      """
      INSERT INTO client_grant (id, client_id, session_id, subject, scope, claims, nonce, requested_at, authenticated_at)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
      """,
      [
        .text(grant.id), .text(grant.clientID), SQLiteValue(grant.sessionID), .text(grant.subject), .text(grant.scope),
        .blob(grant.claims), SQLiteValue(grant.nonce), .integer(grant.requestedAt), .integer(grant.authenticatedAt),
      ])
  }

  static func insert(_ token: StoredToken, _ connection: SQLiteConnection) throws(StoreError) {
    try connection.run(
      """
      INSERT INTO token (signature, kind, grant_id, scope, issued_at, expires_at, is_used, redirect_uri, code_challenge)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
      """,
      [
        .text(token.signature), .text(token.kind.rawValue), .text(token.grantID), .text(token.scope),
        .integer(token.issuedAt), .integer(token.expiresAt), .integer(token.isUsed ? 1 : 0),
        SQLiteValue(token.redirectURI), SQLiteValue(token.codeChallenge),
      ])
  }

  /// A token with what it belongs to.
  static func token(
    _ signature: String, _ kind: OpaqueToken.Kind, _ connection: SQLiteConnection
  ) throws(StoreError) -> (token: StoredToken, grant: StoredGrant)? {
    try connection.rows(
      """
      SELECT \(tokenColumns), \(grantColumns) FROM token t JOIN client_grant g ON g.id = t.grant_id
      WHERE t.signature = ? AND t.kind = ?
      """, [.text(signature), .text(kind.rawValue)], { row in (token(of: row), grant(of: row)) }
    ).first
  }

  /// Marks a code or a refresh token as used; whether this was the first to do so.
  static func use(_ signature: String, _ connection: SQLiteConnection) throws(StoreError) -> Bool {
    try connection.run("UPDATE token SET is_used = 1 WHERE signature = ? AND is_used = 0", [.text(signature)]) == 1
  }

  /// Ends the access tokens of a grant.
  static func endAccess(of grantID: String, _ connection: SQLiteConnection) throws(StoreError) {
    try connection.run(
      "DELETE FROM token WHERE grant_id = ? AND kind = ?", [.text(grantID), .text(OpaqueToken.Kind.access.rawValue)])
  }

  /// Ends every token of a grant. The grant stays, for its client still is to hear of the end of the session.
  static func endTokens(of grantID: String, _ connection: SQLiteConnection) throws(StoreError) {
    try connection.run("DELETE FROM token WHERE grant_id = ?", [.text(grantID)])
  }

  /// Notes that a client has shown an assertion (RFC 7523, section 3).
  ///
  /// - Throws: `duplicate` where it had shown it before.
  static func use(
    assertion id: String, of clientID: String, until expiresAt: Int, _ connection: SQLiteConnection
  ) throws(StoreError) {
    try connection.run(
      "INSERT INTO used_assertion (client_id, assertion_id, expires_at) VALUES (?, ?, ?)",
      [.text(clientID), .text(id), .integer(expiresAt)])
  }

  /// Forgets what ended before that time.
  static func forget(before time: Int, _ connection: SQLiteConnection) throws(StoreError) {
    try connection.atomically { () throws(StoreError) in
      try connection.run("DELETE FROM token WHERE expires_at < ?", [.integer(time)])
      try connection.run("DELETE FROM browser_session WHERE authenticated_at < ?", [.integer(time)])
      try connection.run("DELETE FROM used_assertion WHERE expires_at < ?", [.integer(time)])
      try connection.run(
        """
        DELETE FROM client_grant WHERE requested_at < ? AND NOT EXISTS (SELECT 1 FROM token WHERE grant_id = client_grant.id)
        """, [.integer(time)])
    }
  }

  private static func token(of row: SQLiteRow) -> StoredToken {
    StoredToken(
      signature: row.text(0) ?? "", kind: row.text(1).flatMap(OpaqueToken.Kind.init(rawValue:)) ?? .code,
      grantID: row.text(2) ?? "", scope: row.text(3) ?? "", issuedAt: row.integer(4), expiresAt: row.integer(5),
      isUsed: row.integer(6) != 0, redirectURI: row.text(7), codeChallenge: row.text(8))
  }

  private static func grant(of row: SQLiteRow) -> StoredGrant {
    StoredGrant(
      id: row.text(9) ?? "", clientID: row.text(10) ?? "", sessionID: row.text(11), subject: row.text(12) ?? "",
      scope: row.text(13) ?? "", claims: row.bytes(14), nonce: row.text(15), requestedAt: row.integer(16),
      authenticatedAt: row.integer(17))
  }
}
