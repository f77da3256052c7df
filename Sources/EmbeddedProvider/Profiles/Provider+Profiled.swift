import OpenIDCryptography
import OpenIDJSON
import OpenIDRegistration

/// Registration and management of clients (RFC 7591, section 3; RFC 7592, section 2) as a ``Profile`` describes them, for a provider
/// that is not played from recordings.
extension Provider {
  /// - Returns: `false` where the route is none of these, or the provider is Hydra.
  func answerProfiled(_ request: ServerRequest, _ segments: [String], _ reply: @escaping Reply) -> Bool {
    guard !profile.isPlayedFromRecordings, segments.count >= 2, segments[0] == "oauth2", segments[1] == "register" else {
      return false
    }
    let rules = ProfileRules(profile: profile, defaultScope: settings.defaultScope.joined(separator: " "))
    let reply: Reply = { answer in
      var answer = answer
      // RFC 7591, section 3.2.1: the answers have credentials in them.
      answer.headers["Cache-Control"] = "no-store"
      if answer.status == 401 { answer.headers["WWW-Authenticate"] = #"Bearer error="invalid_token""# }
      reply(answer)
    }
    switch (request.method == "HEAD" ? "GET" : request.method, segments.count) {
    case ("POST", 2): carryOut(.create, reply) { self.create(rules, request, $0) }
    case ("GET", 3): carryOut(.get, reply) { self.get(segments[2], rules, request, $0) }
    case ("PUT", 3): carryOut(.set, reply) { self.set(segments[2], rules, request, $0) }
    case ("DELETE", 3): carryOut(.delete, reply) { self.delete(profiled: segments[2], request, $0) }
    default: return false
    }
    return true
  }

  private func create(_ rules: ProfileRules, _ request: ServerRequest, _ reply: @escaping Reply) {
    answering(reply) { () throws(Refusal) in
      guard settings.isRegistrationEnabled else { throw .registrationDisabled }
      let client = ProfiledClient(
        id: Random.uuid(), metadata: try rules.metadata(request.body), issuedAt: GoTime.now.seconds)
      let key = store.tokenKey
      let created = ServerAnswer.json(.object(shown(client, secret: true, token: true)), status: 201)
      writer.submit(
        { connection throws(StoreError) in
          try Store.insert(
            client.row(key: key), secretHash: SecretHash(client.secret(key), isRandom: true).description, connection)
        },
        then: { outcome in
          reply(Provider.answer(outcome) { created })
        })
    }
  }

  private func get(_ id: String, _ rules: ProfileRules, _ request: ServerRequest, _ reply: @escaping Reply) {
    answering(reply) { () throws(Refusal) in
      var (client, signature) = try authorized(profiled: id, request)
      let profile = rules.profile
      guard profile.readRotatesToken == .always else {
        return reply(.json(.object(shown(client, secret: profile.readReturnsSecret, token: profile.readReturnsToken))))
      }
      client.renewToken()
      replace(client, signature, showsSecret: profile.readReturnsSecret, showsToken: true, reply)
    }
  }

  private func set(_ id: String, _ rules: ProfileRules, _ request: ServerRequest, _ reply: @escaping Reply) {
    answering(reply) { () throws(Refusal) in
      var (client, signature) = try authorized(profiled: id, request)
      try rules.checkSet(request.body, of: client, key: store.tokenKey)
      client.metadata = try rules.metadata(request.body)
      let rotates = rules.profile.setRotatesToken == .always
      if rotates { client.renewToken() }
      replace(
        client, signature, showsSecret: rules.profile.readReturnsSecret, showsToken: rotates || rules.profile.readReturnsToken,
        reply)
    }
  }

  private func delete(profiled id: String, _ request: ServerRequest, _ reply: @escaping Reply) {
    answering(reply) { () throws(Refusal) in
      let (_, signature) = try authorized(profiled: id, request)
      writer.submit(
        { connection throws(StoreError) in
          try Store.delete(id, whereTokenIs: signature, connection)
        },
        then: { outcome in
          reply(Provider.answer(outcome) { $0 ? .noContent : .wrongToken })
        })
    }
  }

  /// Stores a client anew, if the token that was shown still is its token when its turn comes.
  private func replace(
    _ client: ProfiledClient, _ signature: String, showsSecret: Bool, showsToken: Bool, _ reply: @escaping Reply
  ) {
    let row = client.row(key: store.tokenKey)
    let replaced = ServerAnswer.json(.object(shown(client, secret: showsSecret, token: showsToken)))
    writer.submit(
      { connection throws(StoreError) in
        try Store.replace(row, whereTokenIs: signature, connection)
      },
      then: { outcome in
        reply(Provider.answer(outcome) { $0 ? replaced : .wrongToken })
      })
  }

  private func shown(_ client: ProfiledClient, secret: Bool, token: Bool) -> JSONObject {
    var credentials: JSONObject = ["registration_client_uri": .string(address.registration(of: client.id))]
    if secret, client.isConfidential {
      credentials["client_secret"] = .string(client.secret(store.tokenKey).exposed)
      credentials["client_secret_expires_at"] = 0
    }
    if token { credentials["registration_access_token"] = .string(client.token(store.tokenKey).text.exposed) }
    return client.shown(with: credentials)
  }

  /// The client whose registration access token the request shows, and the token's signature.
  private func authorized(profiled id: String, _ request: ServerRequest) throws(Refusal) -> (ProfiledClient, String) {
    guard let signature = OpaqueToken.signature(of: request.bearerToken, as: .registration, key: store.tokenKey),
      let row = try? store.reading.use({ connection throws(StoreError) in try Store.client(id, connection) }),
      let stored = row.tokenSignature, HMAC.areEqual(Array(stored.utf8), Array(signature.utf8)),
      let client = ProfiledClient(row)
    else { throw .invalidToken }
    return (client, signature)
  }
}

extension Profile {
  /// Hydra is played from recordings of it, whatever the profile says; others by what the profile says.
  var isPlayedFromRecordings: Bool { [Profile.hydra.name, Profile.oryNetwork.name].contains(name) }
}

extension Refusal {
  /// RFC 6750, section 3.1.
  static let invalidToken = Refusal(401, "invalid_token", "The registration access token is not this client's.")
}

extension ServerAnswer {
  fileprivate static let wrongToken = ServerAnswer(Refusal.invalidToken)
}
