import OpenIDJSON
import OpenIDRegistration

/// The part of Hydra's admin API that is about clients. It asks nobody who they are.
extension Provider {
  func adminCreate(_ request: ServerRequest, _ reply: @escaping Reply) {
    answering(reply) { () throws(Refusal) in
      let client = try Provider.decode(request.body)
      validate(client, reply) { self.insert($0, isRegistration: false, reply) }
    }
  }

  func adminGet(_ id: String) -> ServerAnswer {
    let found = Result { () throws(StoreError) in
      try store.reading.use { connection throws(StoreError) in try Store.client(id, connection) }
    }
    return Provider.answer(found) { row in
      guard let row, let client = try? ClientRecord(row) else { return ServerAnswer(row == nil ? .notFound : .unrecognizable) }
      return .json(.object(client.json))
    }
  }

  /// Replaces a client. It ends the registration access token, as at Hydra, though the answer repeats one that was sent.
  func adminSet(_ id: String, _ request: ServerRequest, _ reply: @escaping Reply) {
    answering(reply) { () throws(Refusal) in
      var client = try Provider.decode(request.body)
      client.clientID = id
      validate(client, reply) { client in
        let hash = client.clientSecret.map { SecretHash($0, isRandom: false).description }
        self.writer.submit(
          { connection throws(StoreError) in
            try Provider.replace(client, secretHash: hash, connection)
          },
          then: { outcome in
            reply(Provider.answer(outcome) { $0 ?? ServerAnswer(.notFound) })
          })
      }
    }
  }

  func adminDelete(_ id: String, _ reply: @escaping Reply) {
    writer.submit(
      { connection throws(StoreError) in
        try Store.delete(id, connection)
      },
      then: { outcome in
        reply(Provider.answer(outcome) { $0 ? .noContent : ServerAnswer(.notFound) })
      })
  }

  /// Replaces all lifespans of a client, and nothing else: the registration access token lives on.
  func setLifespans(_ id: String, _ request: ServerRequest, _ reply: @escaping Reply) {
    writer.submit(
      { [rules] connection throws(StoreError) in
        guard let row = try Store.client(id, connection) else { return ServerAnswer(.notFound) }
        switch Result(catching: { () throws(Refusal) in try Provider.lifespans(request.body, in: row, rules) }) {
        case .failure(let refusal): return ServerAnswer(refusal)
        case .success(let (changed, answer)):
          return try Store.replace(changed, secretHash: nil, connection) ? answer : ServerAnswer(.notFound)
        }
      },
      then: { outcome in
        reply(Provider.answer(outcome) { $0 })
      })
  }

  private static func lifespans(
    _ body: [UInt8], in row: StoredClient, _ rules: ClientRules
  ) throws(Refusal) -> (StoredClient, ServerAnswer) {
    guard var client = try? ClientRecord(row) else { throw .unrecognizable }
    do throws(GoJSONError) {
      client.lifespans = try ClientRecord.lifespans(decoding: body)
    } catch {
      throw .badRequest("Unable to decode the request body: \(error.message)")
    }
    _ = try rules.check(&client, sectorIdentifier: .trusted)
    client.updatedAt = GoTime.now.truncatedToMicrosecond
    let changed = client.stored(createdAt: client.createdAt ?? .zero, tokenSignature: row.tokenSignature)
    return (changed, .json(.object(client.json)))
  }

  /// - Returns: `nil` where there is no such client.
  private static func replace(
    _ checked: ClientRecord, secretHash: String?, _ connection: SQLiteConnection
  ) throws(StoreError) -> ServerAnswer? {
    guard let before = try Store.client(checked.clientID, connection) else { return nil }
    var client = checked
    let now = GoTime.now
    client.updatedAt = now.truncatedToMicrosecond
    if client.createdAt == nil { client.createdAt = now }
    client.prepareToSave()
    let row = client.stored(createdAt: (try? GoTime(parsing: before.createdAt)) ?? now, tokenSignature: nil)
    guard try Store.replace(row, secretHash: secretHash, connection) else { return nil }
    return .json(.object(client.json))
  }
}
