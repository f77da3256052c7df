import OpenIDCryptography
import OpenIDJSON
import OpenIDRegistration

/// The registration endpoint (RFC 7591, section 3) and the client configuration endpoint (RFC 7592, section 2) as Hydra has them.
extension Provider {
  func create(_ request: ServerRequest, _ reply: @escaping Reply) {
    answering(reply) { () throws(Refusal) in
      guard settings.isRegistrationEnabled else { throw .registrationDisabled }
      var client = try Provider.decode(request.body)
      guard client.clientSecret == nil else {
        throw .badRequest("It is not allowed to choose your own OAuth2 Client secret.")
      }
      client.clientID = Random.uuid()
      try rules.checkRegistration(client)
      validate(client, reply) { self.insert($0, isRegistration: true, reply) }
    }
  }

  func get(_ id: String, _ request: ServerRequest, _ reply: @escaping Reply) {
    answering(reply) { () throws(Refusal) in
      let signature = try shownSignature(request)
      let found = try? store.reading.use { connection throws(StoreError) in try Store.document(id, connection) }
      guard let found, isToken(found.tokenSignature, signature) else { throw .unauthorized }
      reply(.json(found.document))
    }
  }

  func set(_ id: String, _ request: ServerRequest, _ reply: @escaping Reply) {
    answering(reply) { () throws(Refusal) in
      let (before, signature) = try authorized(id, request)
      guard var client = try? ClientRecord(decoding: request.body) else {
        throw .badRequest("Unable to decode the request body. Is it valid JSON?")
      }
      guard client.clientSecret == nil else {
        throw .forbidden("It is not allowed to choose your own OAuth2 Client secret.")
      }
      client.clientID = id
      try rules.checkRegistration(client)
      validate(client, reply) { self.replace(before, signature, $0, reply) }
    }
  }

  func delete(_ id: String, _ request: ServerRequest, _ reply: @escaping Reply) {
    answering(reply) { () throws(Refusal) in
      let (_, signature) = try authorized(id, request)
      writer.submit(
        { connection throws(StoreError) in
          try Store.delete(id, whereTokenIs: signature, connection)
        },
        then: { outcome in
          reply(Provider.answer(outcome) { $0 ? .noContent : ServerAnswer(.unauthorized) })
        })
    }
  }

  /// Stores a client that has passed the rules, with a secret and a token of its own.
  func insert(_ checked: ClientRecord, isRegistration: Bool, _ reply: @escaping Reply) {
    var client = checked
    let chosen = client.clientSecret
    let secret = chosen ?? Secret(Random.text(26, alphabet: Provider.secretAlphabet))
    let token = OpaqueToken(.registration, key: store.tokenKey)
    client.registrationAccessToken = token.text
    client.registrationClientURI = address.registration(of: client.clientID)
    if client.clientID.isEmpty { client.clientID = Random.uuid() }
    let now = GoTime.now
    client.createdAt = now.roundedToSecond
    client.updatedAt = now.truncatedToMicrosecond
    client.prepareToSave()
    let row = client.stored(createdAt: now.roundedToSecond, tokenSignature: token.signature)
    let hash = SecretHash(secret, isRandom: chosen == nil).description
    client.clientSecret = client.tokenEndpointAuthMethod == "none" ? nil : secret
    var created = ServerAnswer.json(.object(client.json), status: 201)
    // Hydra names its admin API here, whoever asked.
    created.headers["Location"] =
      (isRegistration ? "admin/clients/" : "/admin/clients/") + PublicAddress.escaped(client.clientID)
    writer.submit(
      { [created] connection throws(StoreError) in
        try Store.insert(row, secretHash: hash, connection)
        return created
      },
      then: { outcome in
        reply(Provider.answer(outcome) { $0 })
      })
  }

  /// Replaces a client under a new token, if the one that was shown still is the client's when its turn comes: of several sets at
  /// once with one token a single one succeeds.
  private func replace(_ before: StoredClient, _ signature: String, _ checked: ClientRecord, _ reply: @escaping Reply) {
    var client = checked
    let token = OpaqueToken(.registration, key: store.tokenKey)
    client.registrationAccessToken = token.text
    let now = GoTime.now
    client.updatedAt = now.truncatedToMicrosecond
    // The answer says what was sent, or now; the stored time never changes.
    if client.createdAt == nil { client.createdAt = now }
    client.prepareToSave()
    let row = client.stored(createdAt: (try? GoTime(parsing: before.createdAt)) ?? now, tokenSignature: token.signature)
    let replaced = ServerAnswer.json(.object(client.json))
    writer.submit(
      { connection throws(StoreError) in
        try Store.replace(row, whereTokenIs: signature, connection)
      },
      then: { outcome in
        reply(Provider.answer(outcome) { $0 ? replaced : ServerAnswer(.unauthorized) })
      })
  }

  private static let secretAlphabet = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ1234567890_-.~"

  /// The client whose registration access token the request shows, and the token's signature.
  ///
  /// No client, no token, a wrong one and one from before a set are the same 401.
  private func authorized(_ id: String, _ request: ServerRequest) throws(Refusal) -> (StoredClient, String) {
    let signature = try shownSignature(request)
    guard let client = try? store.reading.use({ connection throws(StoreError) in try Store.client(id, connection) }),
      isToken(client.tokenSignature, signature)
    else { throw .unauthorized }
    return (client, signature)
  }

  /// The signature of the registration access token that the request shows, whoever's it is.
  private func shownSignature(_ request: ServerRequest) throws(Refusal) -> String {
    guard settings.isRegistrationEnabled else { throw .registrationDisabled }
    guard let signature = OpaqueToken.signature(of: request.bearerToken, as: .registration, key: store.tokenKey) else {
      throw .unauthorized
    }
    return signature
  }

  private func isToken(_ stored: String?, _ shown: String) -> Bool {
    stored.map { HMAC.areEqual(Array($0.utf8), Array(shown.utf8)) } ?? false
  }
}
