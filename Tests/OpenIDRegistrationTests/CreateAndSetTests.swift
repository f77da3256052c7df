import OpenIDRegistration
import Testing

/// What an answer brings is kept, whatever else is wrong with it.
@Suite struct CreateAndSetTests {
  private let endpoint = "https://auth.example.com/register"
  private let uri = "https://auth.example.com/register/1"
  private let whole: JSONObject = [
    "client_id": "1", "client_secret": "s3cret-value", "registration_access_token": "t0ken-value",
    "registration_client_uri": "https://auth.example.com/register/1", "client_secret_expires_at": 0,
    "client_id_issued_at": 1700000000,
    "client_name": "Billing", "x": ["y": 1],
  ]

  @Test func `a create hands over everything and keeps credentials out of the metadata`() async throws {
    let transport = StubTransport(.json(201, .object(whole), ["X-Request-Id": "r-1"]))
    let client = OpenIDRegistrationClient(transport: transport, headers: ["X-Gateway": "g", "accept": "text/html"])
    let kept = Kept()
    let created = try await client.createOidcDynamicClient(
      ["client_name": "Billing"], at: endpoint, initialAccessToken: Secret("iat"), persist: kept.persist)
    #expect(kept.all == [created])
    #expect(created.clientID == "1" && created.clientSecret == Secret("s3cret-value"))
    #expect(created.registrationAccessToken == Secret("t0ken-value") && created.registrationClientURI == uri)
    #expect(created.clientSecretExpiresAt == 0 && created.clientIDIssuedAt == 1_700_000_000)
    #expect(created.metadata.members == ["client_name": "Billing", "x": ["y": 1]])
    #expect(created.status == 201 && created.requestID == "r-1")

    let request = transport.requests[0]
    #expect(request.method == .post && request.url == endpoint)
    #expect(request.body == Array(#"{"client_name":"Billing"}"#.utf8))
    #expect(request.headers["authorization"] == "Bearer iat")
    #expect(request.headers["content-type"] == "application/json" && request.headers["accept"] == "application/json")
    #expect(request.headers["x-gateway"] == "g")
  }

  @Test func `a create without an initial access token carries none`() async throws {
    let transport = StubTransport(.json(201, .object(whole)))
    _ = try await OpenIDRegistrationClient(transport: transport).createOidcDynamicClient([:], at: endpoint)
    #expect(transport.requests[0].headers["authorization"] == nil)
  }

  @Test func `a read or a set that names no URI keeps the one that was asked`() async throws {
    let client = OpenIDRegistrationClient(
      transport: StubTransport(.json(200, ["client_id": "1"]), .json(200, ["client_id": "1", "registration_client_uri": ""])))
    let token = ClientAuthentication.registrationAccessToken(Secret("t"))
    #expect(try await client.getOidcDynamicClient(at: uri, authentication: token).registrationClientURI == uri)
    #expect(try await client.setOidcDynamicClient([:], at: uri, authentication: token).registrationClientURI == uri)
  }

  @Test func `a create that names none has none`() async throws {
    let client = OpenIDRegistrationClient(transport: StubTransport(.json(200, ["client_id": "1"])))
    #expect(try await client.createOidcDynamicClient([:], at: endpoint).registrationClientURI == nil)
  }

  struct Deletion: Sendable {
    let answer: HTTPResponse
    let isDone: Bool
  }

  @Test(arguments: [
    Deletion(answer: .text(204, ""), isDone: true),
    Deletion(answer: .text(200, ""), isDone: true),
    Deletion(answer: .text(200, "", ["content-type": "text/html"]), isDone: true),
    Deletion(answer: .json(200, ["deleted": true]), isDone: true),
    Deletion(answer: .text(200, "<html>Sign in", ["content-type": "text/html"]), isDone: false),
    Deletion(answer: .text(200, "{}", ["content-type": "text/html"]), isDone: false),
    Deletion(answer: .text(202, ""), isDone: false),
    Deletion(answer: .json(200, ["error": "invalid_token", "error_description": "nope"]), isDone: false),
  ])
  func `a page is no word of a provider that a client is gone`(_ deletion: Deletion) async {
    let client = OpenIDRegistrationClient(transport: StubTransport(deletion.answer))
    let error = await failure {
      try await client.deleteOidcDynamicClient(at: uri, authentication: .registrationAccessToken(Secret("t")))
    }
    #expect(error?.code == (deletion.isDone ? nil : .invalidAnswer), "\(deletion)")
    #expect(error?.effect == (deletion.isDone ? nil : .unknown), "\(deletion)")
  }

  @Test func `what is to be kept is the registration with its credentials, and comes back as it was`() async throws {
    let client = OpenIDRegistrationClient(transport: StubTransport(.json(201, .object(whole))))
    let created = try await client.createOidcDynamicClient([:], at: endpoint)
    #expect(created.exposedMembers.isEquivalent(to: whole))
    let text = JSONValue.object(created.exposedMembers).text(.pretty)
    let read = try #require(JSONValue(parsing: text).object)
    var again = try #require(ClientInformation(exposedMembers: read))
    #expect(again.status == 200)
    (again.status, again.headers) = (created.status, created.headers)
    #expect(again == created)
  }

  @Test(
    arguments: [
      [:], ["client_id": 7], ["client_id": "1", "registration_client_uri": "/r/1"],
      ["client_id": "1", "registration_access_token": "a b"],
    ] as [JSONObject])
  func `what is no client is none`(_ members: JSONObject) {
    #expect(ClientInformation(exposedMembers: members) == nil)
  }

  struct Sent: Sendable {
    let authentication: ClientAuthentication
    let header: String?
    var query = ""
  }

  @Test(arguments: [
    Sent(authentication: .registrationAccessToken(Secret("abc")), header: "Bearer abc"),
    Sent(authentication: .bearer(Secret("abc")), header: "Bearer abc"),
    // RFC 6749, section 2.3.1: both parts are form-encoded first. base64("my+id%3A:p%C3%A4ss+%25")
    Sent(
      authentication: .clientSecretBasic(id: "my id:", secret: Secret("päss %")),
      header: "Basic bXkraWQlM0E6cCVDMyVBNHNzKyUyNQ=="),
    Sent(
      authentication: .clientSecretPost(id: "my id", secret: Secret("p&s")), header: nil,
      query: "?client_id=my+id&client_secret=p%26s"),
  ])
  func `each way to authenticate goes where it belongs`(_ sent: Sent) async throws {
    let transport = StubTransport(.json(200, ["client_id": "1"]), .text(204, ""))
    let client = OpenIDRegistrationClient(transport: transport)
    _ = try await client.getOidcDynamicClient(at: uri, authentication: sent.authentication)
    try await client.deleteOidcDynamicClient(at: uri, authentication: sent.authentication)
    for request in transport.requests {
      #expect(request.headers["authorization"] == sent.header)
      #expect(request.url == uri + sent.query)
      #expect(request.body == nil)
    }
  }

  @Test func `credentials in a query join one that is there`() async throws {
    let transport = StubTransport(.json(200, ["client_id": "1"]))
    _ = try await OpenIDRegistrationClient(transport: transport)
      .getOidcDynamicClient(at: "https://a.example.com/r?id=1", authentication: .clientSecretPost(id: "1", secret: Secret("s")))
    #expect(transport.requests[0].url == "https://a.example.com/r?id=1&client_id=1&client_secret=s")
  }

  struct Odd: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let body: String
    let effect: Effect
    /// What `persist` must be given: id, secret, token. Empty: it must not be called.
    var kept: [String?] = []
    let words: String
  }

  static let odd: [Odd] = [
    Odd(
      testDescription: "no client_id", body: #"{"registration_access_token": "tok", "client_secret": "sec"}"#, effect: .done,
      kept: ["", "sec", "tok"], words: "it names no client_id"),
    Odd(
      testDescription: "a relative URI",
      body: #"{"client_id": "1", "registration_access_token": "tok", "registration_client_uri": "/register/1"}"#,
      effect: .done, kept: ["1", nil, "tok"], words: "its registration_client_uri is no absolute http: or https: URL"),
    Odd(
      testDescription: "a URI of another scheme",
      body: #"{"client_id": "1", "registration_access_token": "tok", "registration_client_uri": "file:///etc/passwd"}"#,
      effect: .done,
      kept: ["1", nil, "tok"], words: "its registration_client_uri is no absolute"),
    Odd(
      testDescription: "a token with a line break", body: #"{"client_id": "1", "registration_access_token": "tok\r\nX: y"}"#,
      effect: .done,
      kept: ["1", nil, "tok\r\nX: y"], words: "characters that no header field can carry"),
    Odd(
      testDescription: "an id that is a number", body: #"{"client_id": 1, "registration_access_token": "tok"}"#, effect: .done,
      kept: ["", nil, "tok"], words: "client_id is a number, not a string"),
    Odd(
      testDescription: "a token that is an object", body: #"{"client_id": "1", "registration_access_token": {}}"#,
      effect: .done,
      kept: ["1", nil, nil], words: "registration_access_token is an object, not a string"),
    Odd(
      testDescription: "a member twice", body: #"{"client_id": "1", "registration_access_token": "tok", "client_id": "2"}"#,
      effect: .done,
      kept: ["2", nil, "tok"], words: "stands twice"),
    Odd(
      testDescription: "something behind it",
      body: #"{"client_id": "1", "registration_access_token": "tok"} <!-- served by x -->"#,
      effect: .done, kept: ["1", nil, "tok"], words: "something follows the JSON value"),
    Odd(
      testDescription: "cut off", body: #"{"client_id": "1", "registration_access_token" : "to\"k", "client_na"#, effect: .done,
      kept: ["1", nil, "to\"k"], words: "the JSON ends too early"),
    Odd(
      testDescription: "cut off within the token", body: #"{"client_id": "1", "registration_access_token": "tok"#,
      effect: .done,
      kept: ["1", nil, nil], words: "the JSON ends too early"),
    Odd(
      testDescription: "invalid UTF-8 aside",
      body: "{\"client_id\": \"1\", \"registration_access_token\": \"tok\", \"client_name\": \"\u{1}\"}",
      effect: .done, kept: ["1", nil, "tok"], words: "a control character in a string"),
    Odd(testDescription: "an empty object", body: "{}", effect: .unknown, words: "it names no client_id"),
    Odd(testDescription: "null", body: "null", effect: .unknown, words: "it is null, not an object"),
    Odd(testDescription: "a list", body: "[]", effect: .unknown, words: "it is an array, not an object"),
    Odd(
      testDescription: "a list with a client", body: #"[{"client_id": "1", "registration_access_token": "tok"}]"#,
      effect: .done, kept: ["1", nil, "tok"], words: "it is an array, not an object"),
    Odd(testDescription: "nothing", body: "", effect: .unknown, words: "there is no JSON in an empty text"),
    Odd(testDescription: "a page", body: "<html><title>Sign in</title></html>", effect: .unknown, words: "unexpected \"<\""),
    Odd(
      testDescription: "10,000 deep", body: String(repeating: "[", count: 10_000), effect: .unknown,
      words: "nested deeper than 128 levels"),
  ]

  @Test(arguments: odd, [false, true])
  func `an odd success is an error, after what it brought was kept`(_ odd: Odd, isSet: Bool) async {
    let client = OpenIDRegistrationClient(transport: StubTransport(.text(isSet ? 200 : 201, odd.body)))
    let kept = Kept()
    let error = await failure {
      if isSet {
        _ = try await client.setOidcDynamicClient(
          [:], at: uri, authentication: .registrationAccessToken(Secret("old")), persist: kept.persist)
      } else {
        _ = try await client.createOidcDynamicClient([:], at: endpoint, persist: kept.persist)
      }
    }
    #expect(error?.effect == odd.effect)
    #expect(error?.status == (isSet ? 200 : 201))
    #expect(error?.words.contains(odd.words) ?? false, "\(String(describing: error))")
    let found = kept.all.first
    #expect(error?.received == found)
    #expect(kept.all.count == (odd.kept.isEmpty ? 0 : 1))
    if !odd.kept.isEmpty {
      #expect([found?.clientID, found?.clientSecret?.exposed, found?.registrationAccessToken?.exposed] == odd.kept)
    }
    #expect(!(error?.description.contains("tok\"") ?? true))
  }

  @Test func `an odd read changes nothing`() async {
    for odd in Self.odd {
      let client = OpenIDRegistrationClient(transport: StubTransport(.text(200, odd.body)))
      let error = await failure {
        _ = try await client.getOidcDynamicClient(at: uri, authentication: .registrationAccessToken(Secret("old")))
      }
      #expect(error?.effect == Effect.none, "\(odd.testDescription)")
    }
  }

  @Test func `of an answer that broke off on the wire, what had come is kept`() async {
    let half = HTTPResponse.text(201, #"{"client_id":"1","client_secret":"sec","registration_access_token":"tok","registr"#)
    let client = OpenIDRegistrationClient(
      transport: StubTransport { _ throws(HTTPTransportError) in
        throw HTTPTransportError(.connectionLost, effect: .unknown, "the answer broke off", partialAnswer: half)
      })
    let kept = Kept()
    let error = await failure { _ = try await client.createOidcDynamicClient([:], at: endpoint, persist: kept.persist) }
    #expect(error?.code == .transport(.connectionLost))
    #expect(error?.effect == .unknown)
    #expect(kept.all.map(\.registrationAccessToken) == [Secret("tok")])
    #expect(error?.received == kept.all.first)
    #expect(
      error?.description.contains("no whole answer came: the answer broke off. Whether the provider did it is not known")
        ?? false)
  }

  @Test func `where persist fails, the error holds what was to be kept`() async {
    struct DiskFull: Error, CustomStringConvertible {
      var description: String { "no space left for t0ken-value" }
    }
    let client = OpenIDRegistrationClient(transport: StubTransport(.json(201, .object(whole))))
    let error = await failure {
      _ = try await client.createOidcDynamicClient([:], at: endpoint) { _ in throw DiskFull() }
    }
    #expect(error?.code == .persist && error?.effect == .done)
    #expect(error?.underlying is DiskFull)
    #expect(error?.received?.registrationAccessToken == Secret("t0ken-value"))
    #expect(
      error?.description.contains("could not be kept: no space left for (sensitive). Keep what this error has received")
        ?? false, "\(error!)")
  }

  @Test(arguments: [true, false])
  func `a read whose token could not be kept may have ended the one before`(_ bringsToken: Bool) async {
    struct DiskFull: Error {}
    let answer = bringsToken ? whole : ["client_id": "1"]
    let client = OpenIDRegistrationClient(transport: StubTransport(.json(200, .object(answer))))
    let error = await failure {
      _ = try await client.getOidcDynamicClient(at: uri, authentication: .registrationAccessToken(Secret("t"))) { _ in
        throw DiskFull()
      }
    }
    #expect(error?.code == .persist && error?.effect == (bringsToken ? .done : Effect.none))
  }
}
