import OpenIDRegistration
import Synchronization
import Testing

/// Asking who signed in.
@Suite struct UserInfoTests {
  private static let endpoint = "https://auth.example.com/userinfo"
  private static let jwksURI = "https://auth.example.com/jwks"
  private static let now = 1_700_000_000
  private static let claims: JSONObject = [
    "iss": "https://auth.example.com", "aud": ["app", "other"], "sub": "alice", "email": "alice@example.com",
  ]

  private static func jwks(_ keys: SigningKey...) -> HTTPResponse {
    .json(200, ["keys": .array(keys.map { .object($0.publicKey.jwk) })])
  }

  private static func jwt(_ text: String) -> HTTPResponse { .text(200, text, ["content-type": "application/jwt"]) }

  /// Answers at the userinfo endpoint, and with one key set after the other; the last one stays.
  private func client(_ answer: HTTPResponse, keys: HTTPResponse...) -> (OpenIDRegistrationClient, StubTransport) {
    let rest = Mutex(keys[...])
    let transport = StubTransport { request throws(HTTPTransportError) in
      if request.url == Self.endpoint { return answer }
      return rest.withLock { $0.count > 1 ? $0.removeFirst() : $0.first } ?? .text(404, "")
    }
    return (OpenIDRegistrationClient(transport: transport, currentTime: { Self.now }), transport)
  }

  private func ask(
    _ client: OpenIDRegistrationClient, subject: String? = nil, keys: ProviderKeys? = nil, by method: UserInfoMethod = .get
  ) async throws -> UserInfo {
    try await client.getOidcUserInfo(
      at: Self.endpoint, accessToken: Secret("the-access+token"), subject: subject, issuer: "https://auth.example.com",
      clientID: "app", keys: keys ?? ProviderKeys(jwksURI: Self.jwksURI, client: client), by: method)
  }

  // MARK: Plain answers

  @Test func `the standard claims are typed, and all members are kept`() async throws {
    let (client, _) = client(
      .json(
        200,
        [
          "sub": "24400320", "name": "Jane Doe", "given_name": "Jane", "family_name": "Doe", "middle_name": "M",
          "nickname": "J",
          "preferred_username": "j.doe", "profile": "https://p", "picture": "https://i", "website": "https://w",
          "email": "jane@example.com", "email_verified": true, "gender": "female", "birthdate": "0000-10-31",
          "zoneinfo": "Europe/Paris", "locale": "en-US", "phone_number": "+1 555", "phone_number_verified": "false",
          "address": [
            "formatted": "a\nb", "street_address": "a", "locality": "b", "region": "c", "postal_code": "d", "country": "e",
            "x": 1,
          ], "updated_at": 1_311_280_970, "groups": ["a"], "iss": "https://elsewhere.example.com",
        ]))
    let info = try await ask(client, subject: "24400320")
    #expect(info.subject == "24400320" && info.name == "Jane Doe" && info.givenName == "Jane" && info.familyName == "Doe")
    #expect(info.middleName == "M" && info.nickname == "J" && info.preferredUsername == "j.doe" && info.gender == "female")
    #expect(info.profile == "https://p" && info.picture == "https://i" && info.website == "https://w")
    #expect(info.email == "jane@example.com" && info.emailVerified == true && info.phoneNumberVerified == false)
    #expect(info.birthdate == "0000-10-31" && info.zoneinfo == "Europe/Paris" && info.locale == "en-US")
    #expect(info.phoneNumber == "+1 555" && info.updatedAt == 1_311_280_970)
    let address = try #require(info.address)
    #expect(address.formatted == "a\nb" && address.streetAddress == "a" && address.locality == "b" && address.region == "c")
    #expect(address.postalCode == "d" && address.country == "e" && address.members["x"] == 1)
    #expect(info["groups"] == ["a"] && info.claims.names.last == "iss" && info.signedBy == nil)
    var dumped = ""
    dump(info, to: &dumped)
    #expect(!"\(info)\(String(reflecting: info))\(dumped)".contains("jane@example.com"))
  }

  /// Not as texts are compared otherwise, by which all of these are one.
  @Test(arguments: [("K", "\u{212a}"), ("\u{e9}", "e\u{301}"), ("\u{e5}", "a\u{30a}")])
  func `a subject is the same where its bytes are`(_ asked: String, _ said: String) async {
    let (client, _) = client(.json(200, ["sub": .string(said)]))
    let error = await failure { _ = try await ask(client, subject: asked) }
    #expect(error?.code == .mismatch("sub"))
  }

  @Test func `the token goes where it is asked to`() async throws {
    let (client, transport) = client(.json(200, ["sub": "a"]))
    for method in UserInfoMethod.allCases { _ = try await ask(client, by: method) }
    #expect(transport.requests.map(\.method) == [.get, .post, .post])
    let bearer = "Bearer the-access+token"
    #expect(transport.requests.map { $0.headers["Authorization"] } == [bearer, bearer, nil])
    #expect(transport.requests.map(\.body) == [nil, nil, Array("access_token=the-access%2Btoken".utf8)])
    #expect(transport.requests[2].headers["Content-Type"] == "application/x-www-form-urlencoded")
    #expect(transport.requests[0].headers["Accept"] == "application/json, application/jwt")
  }

  struct Odd: Sendable {
    let answer: HTTPResponse
    let code: RegistrationError.Code
    let words: String
  }

  @Test(arguments: [
    Odd(answer: .json(200, ["email": "a"]), code: .invalidAnswer, words: "it names no sub"),
    Odd(answer: .json(200, ["sub": 1]), code: .invalidAnswer, words: "it names no sub"),
    Odd(
      answer: .json(200, ["sub": "alice"], ["content-type": "text/html"]), code: .invalidAnswer,
      words: "it calls itself text/html"),
    Odd(answer: .json(200, ["a"]), code: .invalidAnswer, words: "it is an array, not an object"),
    Odd(answer: .json(200, ["sub": "bob"]), code: .mismatch("sub"), words: "somebody else than the ID token"),
    Odd(answer: jwt("eyJ.a"), code: .signature(.unsupported), words: "it is encrypted"),
    Odd(answer: jwt("eyJ.a.b.c.d"), code: .signature(.unsupported), words: "it is encrypted"),
    Odd(answer: jwt("eyJ.a.b"), code: .signature(.malformed), words: "is not to be relied upon"),
    Odd(answer: .json(404, ["error": "no such page here"]), code: .notFound, words: "there is nothing at this URL"),
    Odd(answer: .text(302, "", ["location": "https://x"]), code: .unexpectedStatus, words: "Redirects are not followed"),
    Odd(answer: .json(401, ["error": "invalid_token"]), code: .unauthorized, words: "sign in again"),
    Odd(answer: .text(500, ""), code: .serverError, words: "the provider failed (500)"),
  ])
  func `an answer that is no such thing is an error without effect`(_ odd: Odd) async {
    let (client, _) = client(odd.answer, keys: Self.jwks())
    let error = await failure { _ = try await ask(client, subject: "alice") }
    #expect(error?.code == odd.code && error?.effect == Effect.none && error?.operation == .getOidcUserInfo)
    #expect(error?.description.contains(odd.words) ?? false, "\(String(describing: error))")
  }

  // MARK: Signed answers

  @Test(arguments: [SignatureAlgorithm.rs256, .ps256, .es256, .edDSA])
  func `a signed answer is read where its signature holds`(_ algorithm: SignatureAlgorithm) async throws {
    let key = SigningKey.generate(for: algorithm)
    let (client, transport) = client(
      Self.jwt(JSONWebToken.signed(Self.claims, by: key)), keys: Self.jwks(.generate(for: .es256), key))
    let keys = ProviderKeys(jwksURI: Self.jwksURI, client: client)
    for _ in 0..<3 {
      let info = try await ask(client, subject: "alice", keys: keys)
      #expect(info.signedBy == key.publicKey && info.email == "alice@example.com")
    }
    #expect(transport.requests.count { $0.url == Self.jwksURI } == 1)
  }

  @Test(arguments: [#"{"nickname":"al\u0000ice"}"#, "{\"age\":1\(String(repeating: "0", count: 400))}"])
  func `what no use can be made of is refused in a signed answer too`(_ more: String) async throws {
    let key = SigningKey.generate(for: .es256)
    let claims = Self.claims.merging(try JSONValue(parsing: more).object ?? [:])
    let (client, _) = client(Self.jwt(JSONWebToken.signed(claims, by: key)), keys: Self.jwks(key))
    let error = await failure { _ = try await ask(client, subject: "alice") }
    #expect(error?.code == .signature(.malformed), "\(String(describing: error))")
  }

  @Test func `a token that comes as text is one, and one that comes as JSON is none`() async throws {
    let key = SigningKey.generate(for: .es256)
    let text = JSONWebToken.signed(Self.claims, by: key)
    let (plain, _) = client(.text(200, "\n\(text)\n"), keys: Self.jwks(key))
    #expect(try await ask(plain).signedBy == key.publicKey)
    let (json, _) = client(.text(200, text, ["content-type": "application/json; charset=utf-8"]), keys: Self.jwks(key))
    let error = await failure { _ = try await ask(json) }
    guard case .notJSON? = error?.code else { return #expect(Bool(false), "\(String(describing: error))") }
  }

  @Test func `the algorithms that are left out are refused, and none of them is taken for another`() async {
    let rsa = SigningKey.generate(for: .rs256)
    let head = { (alg: String) in JSONValue.object(["alg": .string(alg), "kid": .string(rsa.publicKey.keyID ?? "")]) }
    let part = { (value: JSONValue) in Base64.encode(value.utf8(), urlSafe: true, padded: false) }
    let body = part(.object(Self.claims))
    // HS256 with the public key's JSON for a secret: the classic confusion.
    let message = "\(part(head("HS256"))).\(body)"
    let mac = HMAC.sha256(key: JSONValue.object(rsa.publicKey.jwk).utf8(), Array(message.utf8))
    let texts = [
      "\(part(head("none"))).\(body).", "\(part(head("None"))).\(body).", "\(part(["alg": "none"])).\(body).",
      "\(message).\(Base64.encode(mac, urlSafe: true, padded: false))",
      JSONWebToken.signed(Self.claims, by: .generate(for: .rs512)),
      JSONWebToken.signed(Self.claims, by: .generate(for: .es384)),
    ]
    for text in texts {
      let (client, _) = client(Self.jwt(text), keys: Self.jwks(rsa))
      let error = await failure { _ = try await ask(client) }
      #expect(error?.code == .signature(.unsupported), "\(String(describing: error))")
    }
    // The name of one RSA algorithm over the signature of the other.
    let signed = JSONWebToken.signed(Self.claims, by: rsa).split(separator: ".")
    let (client, _) = client(Self.jwt("\(part(head("PS256"))).\(signed[1]).\(signed[2])"), keys: Self.jwks(rsa))
    let error = await failure { _ = try await ask(client) }
    #expect(error?.code == .signature(.noKey))
  }

  @Test func `a signature of somebody else's, or over other claims, is refused`() async {
    let key = SigningKey.generate(for: .es256, keyID: "k")
    let other = SigningKey.generate(for: .es256, keyID: "k")
    let (forged, _) = client(Self.jwt(JSONWebToken.signed(Self.claims, by: other)), keys: Self.jwks(key))
    #expect(await failure { _ = try await ask(forged) }?.code == .signature(.signature))
    let parts = JSONWebToken.signed(Self.claims, by: key).split(separator: ".")
    let mallory = Base64.encode(JSONValue.object(["sub": "mallory"]).utf8(), urlSafe: true, padded: false)
    let (changed, transport) = client(Self.jwt("\(parts[0]).\(mallory).\(parts[2])"), keys: Self.jwks(key))
    let error = await failure { _ = try await ask(changed) }
    #expect(error?.code == .signature(.signature))
    #expect(error?.description.contains("is not to be relied upon: its signature is wrong.") ?? false)
    #expect(transport.requests.count == 2)
  }

  @Test func `without keys a signed answer is an error`() async {
    let key = SigningKey.generate(for: .es256)
    let (client, _) = client(Self.jwt(JSONWebToken.signed(Self.claims, by: key)))
    let error = await failure { _ = try await client.getOidcUserInfo(at: Self.endpoint, accessToken: Secret("t")) }
    #expect(error?.code == .signature(.noKey))
    #expect(error?.description.contains("no keys were given") ?? false)
  }

  struct Claim: Sendable {
    let name: String
    let value: JSONValue?
    let isRefused: Bool
  }

  @Test(arguments: [
    Claim(name: "iss", value: "https://auth.example.com/", isRefused: true), Claim(name: "iss", value: 1, isRefused: true),
    Claim(name: "iss", value: nil, isRefused: false), Claim(name: "aud", value: "app", isRefused: false),
    Claim(name: "aud", value: "another", isRefused: true), Claim(name: "aud", value: [], isRefused: true),
    Claim(name: "aud", value: nil, isRefused: false), Claim(name: "sub", value: "bob", isRefused: true),
    Claim(name: "exp", value: 1_700_000_001, isRefused: false), Claim(name: "exp", value: 1_699_999_941, isRefused: false),
    Claim(name: "exp", value: 1_699_999_940, isRefused: true), Claim(name: "exp", value: "soon", isRefused: true),
    Claim(name: "nbf", value: 1_700_000_059, isRefused: false), Claim(name: "nbf", value: 1_700_000_060, isRefused: true),
    Claim(name: "nbf", value: "soon", isRefused: true), Claim(name: "groups", value: 1, isRefused: false),
  ])
  func `what a signed answer says about itself has to fit`(_ claim: Claim) async {
    var claims = Self.claims
    claims[claim.name] = claim.value
    let key = SigningKey.generate(for: .es256)
    let (client, _) = client(Self.jwt(JSONWebToken.signed(claims, by: key)), keys: Self.jwks(key))
    let error = await failure { _ = try await ask(client, subject: "alice") }
    #expect(error?.code == (claim.isRefused ? .mismatch(claim.name) : nil))
  }

  @Test func `an audience is compared by its bytes`() async {
    var claims = Self.claims
    // The sign for kelvin is a K to whoever compares texts as Swift does (canonical equivalence).
    claims["aud"] = "\u{212a}"
    let key = SigningKey.generate(for: .es256)
    let (client, _) = client(Self.jwt(JSONWebToken.signed(claims, by: key)), keys: Self.jwks(key))
    let error = await failure {
      _ = try await client.getOidcUserInfo(
        at: Self.endpoint, accessToken: Secret("t"), clientID: "K", keys: ProviderKeys(jwksURI: Self.jwksURI, client: client))
    }
    #expect(error?.code == .mismatch("aud"))
  }

  // MARK: Keys

  @Test func `a key that is not known makes the keys be read once more`() async throws {
    let (old, new) = (SigningKey.generate(for: .es256), SigningKey.generate(for: .es256))
    let answer = Mutex(Self.jwt(JSONWebToken.signed(Self.claims, by: old)))
    let published = Mutex(Self.jwks(old))
    let transport = StubTransport { request throws(HTTPTransportError) in
      request.url == Self.endpoint ? answer.withLock { $0 } : published.withLock { $0 }
    }
    let client = OpenIDRegistrationClient(transport: transport, currentTime: { Self.now })
    let keys = ProviderKeys(jwksURI: Self.jwksURI, client: client)
    #expect(try await ask(client, keys: keys).signedBy == old.publicKey)
    answer.withLock { $0 = Self.jwt(JSONWebToken.signed(Self.claims, by: new)) }
    published.withLock { $0 = Self.jwks(old, new) }
    #expect(try await ask(client, keys: keys).signedBy == new.publicKey)
    #expect(transport.requests.count { $0.url == Self.jwksURI } == 2)

    // Somebody else's key: once more, and no more.
    answer.withLock { $0 = Self.jwt(JSONWebToken.signed(Self.claims, by: .generate(for: .es256))) }
    #expect(await failure { _ = try await ask(client, keys: keys) }?.code == .signature(.noKey))
    #expect(transport.requests.count { $0.url == Self.jwksURI } == 3)
  }

  @Test func `keys that were read just now are not read once more`() async {
    let (client, transport) = client(
      Self.jwt(JSONWebToken.signed(Self.claims, by: .generate(for: .es256))), keys: Self.jwks(.generate(for: .es256)))
    #expect(await failure { _ = try await ask(client) }?.code == .signature(.noKey))
    #expect(transport.requests.count == 2)
  }

  @Test func `keys are read again when their time is over`() async throws {
    let key = SigningKey.generate(for: .es256)
    let (client, transport) = client(.text(404, ""), keys: Self.jwks(key))
    let start = ContinuousClock.now
    let passed = Mutex(Duration.zero)
    let keys = ProviderKeys(
      jwksURI: Self.jwksURI, client: client, lifetime: .seconds(60), now: { start + passed.withLock { $0 } })
    for seconds in [0, 59, 60] {
      passed.withLock { $0 = .seconds(seconds) }
      #expect(try await keys.all() == [key.publicKey])
    }
    #expect(transport.requests.count == 2)
  }

  @Test func `of a key set without end no more is looked at than a provider could have`() async throws {
    let jwk = JSONValue.object(SigningKey.generate(for: .edDSA).publicKey.jwk)
    let (client, _) = client(.text(404, ""), keys: .json(200, ["keys": .array(Array(repeating: jwk, count: 1_000))]))
    #expect(try await ProviderKeys(jwksURI: Self.jwksURI, client: client).all().count == 200)
  }

  @Test func `a key set is taken for what can be used of it, and a failure is never kept`() async throws {
    let key = SigningKey.generate(for: .edDSA)
    let odd: JSONValue = [
      "keys": [.object(key.publicKey.jwk), ["kty": "oct", "k": "c2VjcmV0"], ["kty": "RSA", "n": "AQAB", "e": "AQAB"], 1]
    ]
    let (client, _) = client(.text(404, ""), keys: .text(503, ""), .json(200, ["no": "keys"]), .text(200, "{"), .json(200, odd))
    let keys = ProviderKeys(jwksURI: Self.jwksURI, client: client)
    let errors = [
      await failure { _ = try await keys.all() }, await failure { _ = try await keys.all() },
      await failure { _ = try await keys.all() },
    ]
    #expect(errors[0]?.code == .unavailable && errors[1]?.code == .invalidAnswer)
    if case .notJSON? = errors[2]?.code {} else { Issue.record("\(String(describing: errors[2]))") }
    #expect(errors.allSatisfy { $0?.operation == .discoverJsonWebKeys && $0?.effect == Effect.none })
    #expect(try await keys.all() == [key.publicKey])
  }
}
