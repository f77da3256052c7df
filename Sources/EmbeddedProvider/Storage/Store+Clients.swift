/// The queries. Whatever changes something is one statement, so that the failure of one leaves the others of its group alone.
extension Store {
  private static let columns = "id, client_name, owner, document, metadata, created_at, token_signature"

  private static func read(_ row: SQLiteRow) -> StoredClient {
    StoredClient(
      id: row.text(0) ?? "", clientName: row.text(1) ?? "", owner: row.text(2) ?? "", document: row.bytes(3),
      metadata: row.bytes(4), createdAt: row.text(5) ?? "", tokenSignature: row.text(6))
  }

  // Made once: putting a text together takes as long as much of what the query does.
  private static let clientByID = "SELECT \(columns) FROM client WHERE id = ?"

  static func client(_ id: String, _ connection: SQLiteConnection) throws(StoreError) -> StoredClient? {
    try connection.rows(clientByID, [.text(id)], read).first
  }

  /// What a read of the registration endpoint needs of a client, and no more.
  static func document(
    _ id: String, _ connection: SQLiteConnection
  ) throws(StoreError) -> (document: [UInt8], tokenSignature: String?)? {
    try connection.rows("SELECT document, token_signature FROM client WHERE id = ?", [.text(id)]) {
      (document: $0.bytes(0), tokenSignature: $0.text(1))
    }.first
  }

  /// The secret of a client, as it is stored.
  static func secretHash(_ id: String, _ connection: SQLiteConnection) throws(StoreError) -> SecretHash? {
    try connection.rows("SELECT secret_hash FROM client WHERE id = ?", [.text(id)]) { $0.text(0) }.first?.flatMap {
      SecretHash($0)
    }
  }

  /// Clients in the order of their ids, from the one after `id` on; empty filters let all pass.
  static func clients(
    after id: String, owner: String, name: String, limit: Int, _ connection: SQLiteConnection
  ) throws(StoreError) -> [StoredClient] {
    var conditions = "id > ?"
    var values = [SQLiteValue.text(id)]
    if !name.isEmpty {
      conditions += " AND client_name = ?"
      values.append(.text(name))
    }
    if !owner.isEmpty {
      conditions += " AND owner = ?"
      values.append(.text(owner))
    }
    return try connection.rows(
      "SELECT \(columns) FROM client WHERE \(conditions) ORDER BY id LIMIT ?", values + [.integer(limit)], read)
  }

  /// - Throws: `duplicate` where the id is taken.
  static func insert(_ client: StoredClient, secretHash: String, _ connection: SQLiteConnection) throws(StoreError) {
    try connection.run(
      "INSERT INTO client (\(columns), secret_hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
      [
        .text(client.id), .text(client.clientName), .text(client.owner), .blob(client.document), .blob(client.metadata),
        .text(client.createdAt), SQLiteValue(client.tokenSignature), .text(secretHash),
      ])
  }

  /// Replaces a client whose token still has that signature; whether it had. The secret stays.
  static func replace(
    _ client: StoredClient, whereTokenIs signature: String, _ connection: SQLiteConnection
  ) throws(StoreError) -> Bool {
    try connection.run(
      """
      UPDATE client SET client_name = ?, owner = ?, document = ?, metadata = ?, token_signature = ?
      WHERE id = ? AND token_signature = ?
      """,
      [
        .text(client.clientName), .text(client.owner), .blob(client.document), .blob(client.metadata),
        SQLiteValue(client.tokenSignature), .text(client.id), .text(signature),
      ]) == 1
  }

  /// Replaces a client whatever its token; whether it exists. Without a hash the secret stays.
  static func replace(
    _ client: StoredClient, secretHash: String?, _ connection: SQLiteConnection
  ) throws(StoreError) -> Bool {
    try connection.run(
      """
      UPDATE client SET client_name = ?, owner = ?, document = ?, metadata = ?, token_signature = ?,
        secret_hash = coalesce(?, secret_hash)
      WHERE id = ?
      """,
      [
        .text(client.clientName), .text(client.owner), .blob(client.document), .blob(client.metadata),
        SQLiteValue(client.tokenSignature), SQLiteValue(secretHash), .text(client.id),
      ]) == 1
  }

  /// Deletes a client whose token still has that signature; whether it had.
  static func delete(_ id: String, whereTokenIs signature: String, _ connection: SQLiteConnection) throws(StoreError) -> Bool {
    try connection.run("DELETE FROM client WHERE id = ? AND token_signature = ?", [.text(id), .text(signature)]) == 1
  }

  /// Deletes a client whatever its token; whether it existed.
  static func delete(_ id: String, _ connection: SQLiteConnection) throws(StoreError) -> Bool {
    try connection.run("DELETE FROM client WHERE id = ?", [.text(id)]) == 1
  }
}
