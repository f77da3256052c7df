import OpenIDCryptography
import OpenIDJSON
import Testing

@testable import EmbeddedProvider

/// The token endpoint: what is exchanged for what, once, and by whom.
@Suite struct TokenTests {
  @Test(
    "a code is worth nothing with a wrong verifier, and is not used up by the attempt",
    arguments: [
      "", String(repeating: "w", count: 43), "short", String(repeating: "v", count: 129), String(repeating: "é", count: 43),
    ])
  func wrongVerifier(verifier: String) throws {
    let provider = try TestProvider()
    let client = try provider.registerApplication()
    let code = try provider.code(client.id).code
    let refused = try provider.exchange(code, client, ["code_verifier": verifier])
    #expect(refused.status == 400)
    #expect(refused["error"] == "invalid_grant")
    #expect(refused.headers["content-type"] == "application/json;charset=UTF-8")
    #expect(refused.headers["cache-control"] == "no-store")
    #expect(try provider.exchange(code, client).status == 200)
  }

  @Test("a verifier without a challenge is refused, and neither works")
  func withoutChallenge() throws {
    let provider = try TestProvider()
    let client = try provider.registerApplication()
    let none = ["code_challenge": "", "code_challenge_method": ""]
    #expect(try provider.exchange(try provider.code(client.id, none).code, client)["error"] == "invalid_grant")
    #expect(try provider.exchange(try provider.code(client.id, none).code, client, ["code_verifier": ""]).status == 200)
  }

  @Test("the second use of a code ends what came of the first")
  func codeReuse() throws {
    let provider = try TestProvider()
    let client = try provider.registerApplication()
    let code = try provider.code(client.id).code
    let tokens = try provider.exchange(code, client)
    #expect(try provider.userInfo(tokens["access_token"]).status == 200)
    #expect(try provider.exchange(code, client)["error"] == "invalid_grant")
    #expect(try provider.userInfo(tokens["access_token"]).status == 401)
    #expect(try provider.refresh(try #require(tokens["refresh_token"]), client)["error"] == "invalid_grant")
  }

  @Test("of many exchanges of one code at once a single one succeeds, and the others end it")
  func codeReuseAtOnce() async throws {
    let provider = try TestProvider()
    let client = try provider.registerApplication()
    let code = try provider.code(client.id).code
    let body = form([
      "grant_type": "authorization_code", "code": code, "redirect_uri": TestProvider.redirectURI,
      "code_verifier": TestProvider.verifier,
    ])
    let pair = Base64.encode(Array("\(client.id):\(GoQuery.escaped(client.secret))".utf8))
    let headers = ["Content-Type": "application/x-www-form-urlencoded", "Authorization": "Basic \(pair)"]
    let port = provider.provider.publicPort
    let answers = try await withThrowingTaskGroup(of: TestAnswer.self) { group in
      for _ in 0..<6 {
        group.addTask {
          try await inBackground {
            try TestConnection(port: port).exchange("POST", "/oauth2/token", headers: headers, body: body)
          }
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    let successes = answers.filter { $0.status == 200 }
    #expect(successes.count == 1)
    #expect(try provider.userInfo(successes.first?["access_token"]).status == 401)
  }

  @Test("a refresh token has one successor; the second use of it ends the family")
  func refreshRotation() throws {
    let provider = try TestProvider()
    let client = try provider.registerApplication()
    let first = try provider.signIn(client)
    let second = try provider.refresh(try #require(first["refresh_token"]), client)
    #expect(second.status == 200)
    #expect(second.json?.object?.names == ["access_token", "expires_in", "id_token", "refresh_token", "scope", "token_type"])
    #expect(second["refresh_token"] != first["refresh_token"])
    #expect(try provider.userInfo(first["access_token"]).status == 401)
    #expect(try provider.userInfo(second["access_token"]).status == 200)
    let old = try provider.claims(first["id_token"])
    let new = try provider.claims(second["id_token"])
    for name in ["sub", "sid", "auth_time", "aud", "iss"] { #expect(old[name] == new[name]) }
    #expect(try provider.refresh(try #require(first["refresh_token"]), client)["error"] == "invalid_grant")
    #expect(try provider.userInfo(second["access_token"]).status == 401)
    #expect(try provider.refresh(try #require(second["refresh_token"]), client)["error"] == "invalid_grant")
  }

  @Test("a refresh may ask for less, and for no more than was granted")
  func refreshScope() throws {
    let provider = try TestProvider()
    let client = try provider.registerApplication()
    let first = try provider.signIn(client)
    let less = try provider.refresh(try #require(first["refresh_token"]), client, scope: "offline")
    #expect(less["scope"] == "offline")
    #expect(less["id_token"] == nil)
    let refused = try provider.userInfo(less["access_token"])
    #expect(refused.status == 403)
    #expect(refused.headers["www-authenticate"]?.hasPrefix("Bearer error=\"insufficient_scope\"") ?? false)
    #expect(try provider.refresh(try #require(less["refresh_token"]), client, scope: "profile")["error"] == "invalid_scope")
    #expect(try provider.refresh(try #require(less["refresh_token"]), client)["scope"] == "openid offline")
  }

  @Test(
    "a refresh token is for those who asked for one and may have it",
    arguments: [("openid", ["authorization_code", "refresh_token"]), ("openid offline", ["authorization_code"])])
  func noRefreshToken(scope: String, grants: [String]) throws {
    let provider = try TestProvider()
    let client = try provider.registerApplication(["grant_types": .array(grants.map(JSONValue.string))])
    #expect(try provider.signIn(client, ["scope": scope])["refresh_token"] == nil)
  }

  @Test("nothing can be done with another client's code or token")
  func anotherClient() throws {
    let provider = try TestProvider()
    let clients = try [provider.registerApplication(), provider.registerApplication()]
    let code = try provider.code(clients[0].id).code
    #expect(try provider.exchange(code, clients[1])["error"] == "invalid_grant")
    let tokens = try provider.exchange(code, clients[0])
    #expect(tokens.status == 200)
    let refreshToken = try #require(tokens["refresh_token"])
    #expect(try provider.refresh(refreshToken, clients[1])["error"] == "invalid_grant")
    #expect(try provider.refresh(refreshToken, clients[0]).status == 200)
    // A token of one kind is none of another.
    #expect(try provider.refresh(try #require(tokens["access_token"]), clients[0])["error"] == "invalid_grant")
    #expect(try provider.exchange(refreshToken, clients[0])["error"] == "invalid_grant")
  }

  @Test("a code, a refresh token and an access token end at their time")
  func expiry() throws {
    let provider = try TestProvider()
    let client = try provider.registerApplication()
    let code = try provider.code(client.id).code
    let tokens = try provider.signIn(client)
    for kind in [OpaqueToken.Kind.code, .access, .refresh] { try provider.expire(kind) }
    #expect(try provider.exchange(code, client)["error_description"]?.hasSuffix("code has expired.") ?? false)
    let refused = try provider.refresh(try #require(tokens["refresh_token"]), client)
    #expect(refused["error_description"]?.hasSuffix("token has expired.") ?? false)
    #expect(try provider.userInfo(tokens["access_token"])["error"] == "invalid_token")
  }

  @Test("a client's lifespans count before the server's")
  func lifespans() throws {
    let provider = try TestProvider(.init(settings: ["ttl.access_token": "10m"]))
    let client = try provider.registerApplication([
      "authorization_code_grant_access_token_lifespan": "100s", "authorization_code_grant_id_token_lifespan": "200s",
      "authorization_code_grant_refresh_token_lifespan": "300s", "refresh_token_grant_access_token_lifespan": "400s",
      "refresh_token_grant_id_token_lifespan": "500s", "refresh_token_grant_refresh_token_lifespan": "600s",
      "client_credentials_grant_access_token_lifespan": "700s",
      "grant_types": ["authorization_code", "refresh_token", "client_credentials"],
    ])
    func lives(_ answer: TestAnswer, _ access: Int, _ id: Int?, _ refresh: Int?) throws {
      #expect((access - 2...access).contains(answer.json?["expires_in"]?.integer ?? 0))
      let now = GoTime.now.seconds
      if let id { #expect(abs((try provider.claims(answer["id_token"])["exp"]?.integer ?? 0) - now - id) <= 3) }
      guard let refresh else { return }
      let signature = try #require(
        OpaqueToken.signature(of: answer["refresh_token"] ?? "", as: .refresh, key: provider.store.keys.token))
      let row = try provider.store.reading.use { connection throws(StoreError) in
        try Store.token(signature, .refresh, connection)
      }
      #expect(abs((row?.token.expiresAt ?? 0) - now - refresh) <= 3)
    }
    let tokens = try provider.signIn(client)
    try lives(tokens, 100, 200, 300)
    try lives(try provider.refresh(try #require(tokens["refresh_token"]), client), 400, 500, 600)
    try lives(try provider.tokenRequest(["grant_type": "client_credentials"], basic: (client.id, client.secret)), 700, nil, nil)
    try lives(try provider.signIn(try provider.registerApplication()), 600, 3_600, 2_592_000)
  }

  @Test("a client gets a token for itself, and nobody's data with it")
  func clientCredentials() throws {
    let provider = try TestProvider()
    let client = try provider.registerApplication(["grant_types": ["client_credentials"], "scope": "openid api"])
    let answer = try provider.tokenRequest(
      ["grant_type": "client_credentials", "scope": "api"], basic: (client.id, client.secret))
    #expect(answer.status == 200)
    #expect(answer.json?.object?.names == ["access_token", "expires_in", "scope", "token_type"])
    #expect(try provider.userInfo(answer["access_token"]).status == 403)
    let refused = try provider.tokenRequest(
      ["grant_type": "client_credentials", "scope": "root"], basic: (client.id, client.secret))
    #expect(refused["error"] == "invalid_scope")
    #expect(try provider.code(try provider.registerApplication().id).code.hasPrefix("ory_ac_"))
    #expect(try provider.authorize(client.id).parameters["error"] == "unauthorized_client")
    let other = try provider.registerApplication()
    let forbidden = try provider.tokenRequest(["grant_type": "client_credentials"], basic: (other.id, other.secret))
    #expect(forbidden["error"] == "unauthorized_client")
    let open = try provider.registerApplication([
      "grant_types": ["client_credentials"], "token_endpoint_auth_method": "none",
    ])
    #expect(
      try provider.tokenRequest(["grant_type": "client_credentials", "client_id": open.id])["error"] == "unauthorized_client")
  }

  @Test(
    "a client authenticates by the method that it is registered with, and by no other",
    arguments: ["client_secret_basic", "client_secret_post", "none"], ["client_secret_basic", "client_secret_post", "none"])
  func authenticationMethods(registered: String, used: String) throws {
    let provider = try TestProvider()
    let client = try provider.registerApplication(["token_endpoint_auth_method": .string(registered)])
    let secret = client.secret.isEmpty ? "some-secret" : client.secret
    var parameters = [
      "grant_type": "authorization_code", "code": try provider.code(client.id).code,
      "redirect_uri": TestProvider.redirectURI, "code_verifier": TestProvider.verifier,
    ]
    if used != "client_secret_basic" { parameters["client_id"] = client.id }
    if used == "client_secret_post" { parameters["client_secret"] = secret }
    let answer = try provider.tokenRequest(parameters, basic: used == "client_secret_basic" ? (client.id, secret) : nil)
    #expect(answer.status == (registered == used ? 200 : 401), "\(answer.text)")
    guard registered != used else { return }
    #expect(answer["error"] == "invalid_client")
    #expect(answer["error_description"]?.contains("registered for the authentication method '\(registered)'") ?? false)
    #expect((answer.headers["www-authenticate"] != nil) == (used == "client_secret_basic"))
  }

  @Test(
    "a wrong secret, no client, two ways at once, and what is no form",
    arguments: [
      ("", "", "invalid_client"), ("client_id=nobody", "", "invalid_client"), ("", "Basic !!!", "invalid_client"),
      ("", "Basic bm9jb2xvbg==", "invalid_client"), ("client_id=ID&client_secret=wrong", "", "invalid_client"),
      ("client_id=ID&client_secret=SECRET", "Basic PAIR", "invalid_request"),
      ("client_id=other", "Basic PAIR", "invalid_request"), ("grant_type=authorization_code", "Basic PAIR", "invalid_request"),
      ("client_id=ID&client_id=ID", "", "invalid_request"), ("client_id=%zz", "", "invalid_request"),
      ("client_assertion=x&client_id=ID", "", "invalid_request"), ("grant_type=password", "Basic PAIR", "invalid_request"),
    ])
  func malformed(body: String, authorization: String, error: String) throws {
    let provider = try TestProvider()
    let client = try provider.registerApplication()
    let pair = Base64.encode(Array("\(client.id):\(GoQuery.escaped(client.secret))".utf8))
    var headers = ["Content-Type": "application/x-www-form-urlencoded"]
    if !authorization.isEmpty { headers["Authorization"] = authorization.replacing("PAIR", with: pair) }
    let text = body.replacing("ID", with: client.id).replacing("SECRET", with: GoQuery.escaped(client.secret))
    let sent =
      (body.contains("grant_type") ? "grant_type=authorization_code&" : "grant_type=refresh_token&refresh_token=x&") + text
    let answer = try provider.request("POST", "/oauth2/token", headers: headers, body: sent)
    #expect(answer["error"] == error, "\(answer.text)")
    #expect(answer.status == (error == "invalid_client" ? 401 : 400))
    headers["Content-Type"] = "application/json"
    #expect(try provider.request("POST", "/oauth2/token", headers: headers, body: "{}")["error"] == "invalid_request")
  }

  @Test("id and secret are decoded as a form before they are compared")
  func formEncodedCredentials() throws {
    let provider = try TestProvider()
    let id = "an id:with/ä+"
    let secret = "p%ss:wörd +&"
    let body: JSONObject = [
      "client_id": .string(id), "client_secret": .string(secret), "grant_types": ["client_credentials"],
    ]
    #expect(try provider.admin("POST", "/clients", body: body.text()).status == 201)
    #expect(try provider.tokenRequest(["grant_type": "client_credentials"], basic: (id, secret)).status == 200)
    let plain = Base64.encode(Array("\(id):\(secret)".utf8))
    let headers = ["Content-Type": "application/x-www-form-urlencoded", "Authorization": "Basic \(plain)"]
    #expect(
      try provider.request("POST", "/oauth2/token", headers: headers, body: "grant_type=client_credentials").status == 401)
  }

  @Test("deleting a client ends its codes and tokens")
  func deletedClient() throws {
    let provider = try TestProvider()
    let client = try provider.registerApplication()
    let kept = try provider.registerApplication()
    let tokens = try provider.signIn(client)
    let others = try provider.signIn(kept)
    _ = try provider.code(client.id)
    #expect(try provider.request("DELETE", "/oauth2/register/\(client.id)", token: client.token).status == 204)
    #expect(try provider.userInfo(tokens["access_token"]).status == 401)
    #expect(try provider.refresh(try #require(tokens["refresh_token"]), client)["error"] == "invalid_client")
    #expect(try provider.userInfo(others["access_token"]).status == 200)
    let left = try provider.store.reading.use { connection throws(StoreError) in
      try connection.rows(
        "SELECT count(*) FROM token t JOIN client_grant g ON g.id = t.grant_id WHERE g.client_id = ?", [.text(client.id)]
      ) {
        $0.integer(0)
      }
    }
    #expect(left == [0])
    #expect(try provider.admin("DELETE", "/clients/\(kept.id)").status == 204)
    #expect(try provider.userInfo(others["access_token"]).status == 401)
  }

  @Test("a token that was altered, and one of another kind, are told from an unknown one")
  func otherTokens() throws {
    let provider = try TestProvider()
    let client = try provider.registerApplication()
    let tokens = try provider.signIn(client)
    let token = try #require(tokens["access_token"])
    #expect(try provider.userInfo(String(token.dropFirst("ory_at_".count))).status == 200)
    let altered =
      "ory_at_" + Base64.encode(Random.bytes(32), urlSafe: true, padded: false) + token[token.firstIndex(of: ".")!...]
    #expect(try provider.userInfo(altered)["error"] == "token_signature_mismatch")
    #expect(try provider.userInfo(tokens["refresh_token"])["error"] == "invalid_token")
    #expect(try provider.userInfo(tokens["id_token"])["error"] == "request_unauthorized")
    let credential = try provider.request("POST", "/credentials", token: tokens["refresh_token"], body: "{}")
    #expect(credential["error"] == "invalid_request")
    #expect(try provider.request("GET", "/userinfo?access_token=\(token)").status == 200)
  }

  @Test("a revoked token ends with all that was granted with it; another client's is refused")
  func revocation() throws {
    let provider = try TestProvider()
    let client = try provider.registerApplication()
    let other = try provider.registerApplication()
    func revoke(_ token: String?, _ client: (id: String, token: String, secret: String)) throws -> TestAnswer {
      let pair = Base64.encode(Array("\(client.id):\(GoQuery.escaped(client.secret))".utf8))
      return try provider.request(
        "POST", "/oauth2/revoke",
        headers: ["Content-Type": "application/x-www-form-urlencoded", "Authorization": "Basic \(pair)"],
        body: form(["token": token ?? ""]))
    }
    func isActive(_ token: String?) throws -> Bool? {
      try provider.adminConnection().exchange(
        "POST", "/admin/oauth2/introspect", headers: ["Content-Type": "application/x-www-form-urlencoded"],
        body: form(["token": token ?? ""])
      ).json?["active"]?.bool
    }
    for name in ["access_token", "refresh_token"] {
      let tokens = try provider.signIn(client)
      #expect(try revoke(tokens[name], other)["error"] == "unauthorized_client")
      #expect(try isActive(tokens["access_token"]) == true)
      #expect(try isActive(tokens["refresh_token"]) == true)
      #expect(try revoke(tokens[name], client).status == 200)
      #expect(try revoke(tokens[name], client).status == 200)
      #expect(try isActive(tokens["access_token"]) == false)
      #expect(try provider.refresh(try #require(tokens["refresh_token"]), client)["error"] == "invalid_grant")
    }
    #expect(try revoke("nonsense", client).status == 200)
    #expect(try revoke("nonsense", (client.id, "", "wrong")).status == 401)
  }
}
