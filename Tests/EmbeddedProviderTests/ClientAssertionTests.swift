import OpenIDCryptography
import OpenIDJSON
import OpenIDRegistration
import OpenIDRegistrationCurl
import Testing

@testable import EmbeddedProvider

/// `private_key_jwt`: a client that shows an assertion in place of a secret.
@Suite struct ClientAssertionTests {
  private static let key = SigningKey.generate(for: .es256, keyID: "mine")
  private static let stranger = SigningKey.generate(for: .es256, keyID: "mine")

  private func register(_ provider: TestProvider, _ members: JSONObject) throws -> String {
    let standard: JSONObject = [
      "token_endpoint_auth_method": "private_key_jwt", "token_endpoint_auth_signing_alg": "ES256",
      "grant_types": ["client_credentials"],
    ]
    return try provider.register(standard.merging(members).text()).id
  }

  private func assertion(_ id: String, _ provider: TestProvider, _ changes: JSONObject = [:]) -> JSONObject {
    let now = GoTime.now.seconds
    let claims: JSONObject = [
      "iss": .string(id), "sub": .string(id), "aud": .string(provider.provider.publicURL + "/oauth2/token"),
      "exp": .number(JSONNumber(now + 3_600)), "jti": .string(Random.uuid()),
    ]
    return claims.merging(changes).filter { $0.value != .null }
  }

  private func ask(_ provider: TestProvider, _ text: String, _ parameters: [String: String] = [:]) throws -> TestAnswer {
    let standard = [
      "grant_type": "client_credentials", "client_assertion": text,
      "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    ]
    return try provider.tokenRequest(standard.merging(parameters) { _, other in other })
  }

  private static var keys: JSONValue { ["keys": [.object(key.publicKey.jwk)]] }

  @Test("an assertion signs a client in, once")
  func singleUse() throws {
    let provider = try TestProvider()
    let id = try register(provider, ["jwks": ClientAssertionTests.keys])
    let text = JSONWebToken.signed(assertion(id, provider), by: ClientAssertionTests.key)
    #expect(try ask(provider, text, ["client_id": id]).status == 200)
    let again = try ask(provider, text)
    #expect(again.status == 401)
    #expect(again["error_description"]?.contains("was used before") ?? false)
    let issuer = assertion(id, provider, ["aud": ["https://other/", .string(provider.provider.publicURL)]])
    #expect(try ask(provider, JSONWebToken.signed(issuer, by: ClientAssertionTests.key)).status == 200)
    #expect(try provider.tokenRequest(["grant_type": "client_credentials", "client_id": id])["error"] == "invalid_client")
  }

  @Test(
    "an assertion with anything wrong in it is refused",
    arguments: [
      (["aud": "https://other.example/"], "'aud' has to be"), (["aud": .null], "'aud' has to be"),
      (["exp": 1_000_000_000], "has expired"), (["exp": .null], "no time in 'exp'"), (["exp": "soon"], "no time in 'exp'"),
      (["jti": .null], "no 'jti'"), (["iss": "other"], "another 'iss'"), (["nbf": 9_000_000_000], "from the future"),
      (["iat": "x"], "from the future"), (["sub": .null], "is not the client's id"), (["sub": "nobody"], "does not exist"),
    ] as [(JSONObject, String)])
  func wrongClaims(changes: JSONObject, words: String) throws {
    let provider = try TestProvider()
    let id = try register(provider, ["jwks": ClientAssertionTests.keys])
    let answer = try ask(
      provider, JSONWebToken.signed(assertion(id, provider, changes), by: ClientAssertionTests.key))
    #expect(answer.status == 401)
    #expect(answer["error_description"]?.contains(words) ?? false, "\(answer.text)")
  }

  @Test("another key, another algorithm, no signature and another client_id are refused")
  func wrongSignatures() throws {
    let provider = try TestProvider()
    let id = try register(provider, ["jwks": ClientAssertionTests.keys])
    let claims = assertion(id, provider)
    #expect(try ask(provider, JSONWebToken.signed(claims, by: ClientAssertionTests.stranger)).status == 401)
    #expect(try ask(provider, JSONWebToken.signed(claims, by: SigningKey.generate(for: .edDSA))).status == 401)
    let head = Base64.encode(Array(#"{"alg":"none"}"#.utf8), urlSafe: true, padded: false)
    let body = Base64.encode(JSONValue.object(claims).utf8(), urlSafe: true, padded: false)
    for text in ["\(head).\(body).", "\(head).\(body)", "x", "a.b.c"] { #expect(try ask(provider, text).status == 401) }
    let good = JSONWebToken.signed(claims, by: ClientAssertionTests.key)
    #expect(try ask(provider, good, ["client_id": "other"]).status == 401)
    #expect(try ask(provider, good, ["client_secret": "x"])["error"] == "invalid_request")
    #expect(try ask(provider, good, ["client_assertion_type": "other"])["error"] == "invalid_request")
    #expect(try ask(provider, good).status == 200)
    // A client of another method cannot use one.
    let basic = try provider.register(#"{"grant_types":["client_credentials"]}"#).id
    #expect(try ask(provider, JSONWebToken.signed(assertion(basic, provider), by: ClientAssertionTests.key)).status == 401)
  }

  @Test("keys that lie elsewhere are fetched")
  func fetchedKeys() async throws {
    let body = ClientAssertionTests.keys.utf8()
    let server = try HTTPServer(host: "127.0.0.1", port: 0, log: nil) { request, reply in
      reply(request.path == "/keys" ? ServerAnswer(status: 200, body: body) : ServerAnswer(status: 404))
    }
    defer {
      server.beginEnding()
      server.end(grace: .zero)
    }
    let provider = try TestProvider(.init(transport: CurlTransport(CurlTransport.Configuration())))
    for (path, status) in [("keys", 200), ("gone", 401)] {
      let id = try register(provider, ["jwks_uri": .string("http://127.0.0.1:\(server.port)/\(path)")])
      let text = JSONWebToken.signed(assertion(id, provider), by: ClientAssertionTests.key)
      let port = provider.provider.publicPort
      let parameters = form([
        "grant_type": "client_credentials", "client_assertion": text,
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
      ])
      let answer = try await inBackground {
        try TestConnection(port: port).exchange(
          "POST", "/oauth2/token", headers: ["Content-Type": "application/x-www-form-urlencoded"], body: parameters)
      }
      #expect(answer.status == status, "\(answer.text)")
    }
    let alone = try TestProvider()
    let id = try register(alone, ["jwks_uri": "http://127.0.0.1:1/keys"])
    #expect(try ask(alone, JSONWebToken.signed(assertion(id, alone), by: ClientAssertionTests.key)).status == 401)
  }
}
