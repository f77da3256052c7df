import OpenIDJSON
import Testing

@testable import EmbeddedProvider

/// What can be made to go wrong, seen from the client's end of the connection.
@Suite struct FaultTests {
  private func start(_ faults: Fault...) throws -> TestProvider { try TestProvider(.init(faultPlan: faults)) }

  private func count(_ provider: TestProvider) throws -> Int {
    try #require(try provider.admin("GET", "/clients").json?.array?.count)
  }

  @Test("a dropped answer closes the connection, before the effect or after it", arguments: Fault.Moment.allCases)
  func dropping(moment: Fault.Moment) throws {
    let provider = try start(Fault(.create, moment, .drop))
    let connection = try provider.connection()
    #expect(throws: TestConnection.Failure.self) { try connection.exchange("POST", "/oauth2/register", body: "{}") }
    #expect(connection.isAtEnd())
    #expect(try count(provider) == (moment == .before ? 0 : 1))
    #expect(try provider.request("POST", "/oauth2/register", body: "{}").status == 201)
  }

  @Test("a dropped answer to a set leaves the old token alive or dead, as the moment has it", arguments: Fault.Moment.allCases)
  func droppingSets(moment: Fault.Moment) throws {
    let provider = try start(Fault(.set, moment, .drop))
    let client = try provider.register()
    #expect(throws: TestConnection.Failure.self) {
      try provider.request("PUT", "/oauth2/register/\(client.id)", token: client.token, body: "{}")
    }
    #expect(try provider.read(client.id, client.token).status == (moment == .before ? 200 : 401))
  }

  @Test("a closed connection takes the next request with it, which nothing announced")
  func closing() throws {
    let provider = try start(Fault(.create, .after, .close))
    let connection = try provider.connection()
    let answer = try connection.exchange("POST", "/oauth2/register", body: "{}")
    #expect(answer.status == 201)
    #expect(answer.isComplete)
    #expect(answer.headers["connection"]?.lowercased() != "close")
    #expect(connection.isAtEnd())
    #expect(try count(provider) == 1)
  }

  @Test("a delay holds the call back, before its effect or after it", arguments: Fault.Moment.allCases)
  func delaying(moment: Fault.Moment) throws {
    let provider = try start(Fault(.create, moment, .delay(milliseconds: 150)))
    let clock = ContinuousClock()
    let began = clock.now
    #expect(try provider.request("POST", "/oauth2/register", body: "{}").status == 201)
    #expect(clock.now - began >= .milliseconds(150))
  }

  @Test("while one call is delayed others are answered, and what comes after its effect can be seen")
  func delaysHoldNobodyElse() async throws {
    let provider = try start(Fault(.create, .after, .delay(milliseconds: 3_600_000)))
    let port = provider.provider.publicPort
    async let delayed = inBackground { try TestConnection(port: port).exchange("POST", "/oauth2/register", body: "{}") }
    while try count(provider) == 0 { await Task.yield() }
    #expect(try provider.request("POST", "/oauth2/register", body: "{}").status == 201)
    // Nobody waits an hour: the end of the provider cuts delays short.
    provider.provider.stop()
    #expect(try await delayed.status == 201)
  }

  @Test(
    "another answer, before the effect or after it", arguments: [429, 500, 502, 503], Fault.Moment.allCases)
  func answering(status: Int, moment: Fault.Moment) throws {
    let headers = ["Retry-After": "7", "x-ratelimit-reset": "3"]
    let provider = try start(Fault(.create, moment, .answer(status: status, headers: headers)))
    let answer = try provider.request("POST", "/oauth2/register", body: "{}")
    #expect(answer.status == status)
    #expect(answer.headers["retry-after"] == "7")
    #expect(answer.headers["x-ratelimit-reset"] == "3")
    #expect(answer["error_description"]?.contains("\(status)") ?? false)
    #expect(answer.headers["location"] == nil)
    #expect(try count(provider) == (moment == .before ? 0 : 1))
  }

  @Test("another answer with a body of its own")
  func answeringWithBody() throws {
    let provider = try start(
      Fault(.get, .before, .answer(status: 502, headers: ["Content-Type": "text/html"], body: "<h1>Bad Gateway</h1>")))
    let client = try provider.register()
    let answer = try provider.read(client.id, client.token)
    #expect(answer.status == 502)
    #expect(answer.headers["content-type"] == "text/html")
    #expect(answer.text == "<h1>Bad Gateway</h1>")
  }

  @Test("a body is cut off, and the connection with it", arguments: [nil, 0, 1, 40, 1_000_000])
  func truncating(bytes: Int?) throws {
    let provider = try start(Fault(.create, .after, .truncate(bytes: bytes)))
    let connection = try provider.connection()
    let answer = try connection.exchange("POST", "/oauth2/register", body: "{}")
    #expect(answer.status == 201)
    let length = try #require(answer.headers["content-length"].flatMap { Int($0) })
    #expect(answer.body.count == min(length, bytes ?? length / 2))
    #expect(answer.isComplete == (bytes ?? 0 > length))
    #expect(answer.isComplete || connection.isAtEnd())
    #expect(try count(provider) == 1)
  }

  @Test("calls are counted by operation, from the number that is named")
  func counting() throws {
    let provider = try start(
      Fault(.get, call: 2, times: 2, .before, .answer(status: 503)),
      Fault(.any, call: 6, times: nil, .before, .answer(status: 500)))
    let client = try provider.register()
    var statuses: [Int] = []
    for _ in 0..<4 { statuses.append(try provider.read(client.id, client.token).status) }
    #expect(statuses == [200, 503, 503, 200])
    #expect(try provider.request("GET", "/.well-known/openid-configuration").status == 500)
    #expect(try provider.request("DELETE", "/oauth2/register/\(client.id)", token: client.token).status == 500)
    #expect(try provider.admin("GET", "/clients/\(client.id)").status == 200)
  }

  @Test("faults that meet act in their order")
  func meeting() throws {
    let provider = try start(
      Fault(.create, .before, .delay(milliseconds: 60)), Fault(.create, .after, .delay(milliseconds: 60)),
      Fault(.create, .after, .answer(status: 500)), Fault(.create, .after, .truncate(bytes: 3)))
    let clock = ContinuousClock()
    let began = clock.now
    let answer = try provider.request("POST", "/oauth2/register", body: "{}")
    #expect(clock.now - began >= .milliseconds(120))
    #expect(answer.status == 500)
    #expect(answer.body.count == 3)
    #expect(try count(provider) == 1)
  }

  @Test("every operation can be hit", arguments: Fault.Operation.allCases)
  func operations(operation: Fault.Operation) throws {
    let provider = try TestProvider()
    let client = try provider.register()
    provider.provider.setFaults([Fault(operation, times: nil, .before, .answer(status: 599))])
    let path = "/oauth2/register/\(client.id)"
    let hit = try [
      Fault.Operation.create: provider.request("POST", "/oauth2/register", body: "{}").status,
      .get: provider.request("GET", path, token: client.token).status,
      .discovery: provider.request("GET", "/.well-known/oauth-authorization-server").status,
      .admin: provider.admin("PUT", "/clients/\(client.id)/lifespans", body: "{}").status,
      .set: provider.request("PUT", path, token: "x", body: "{}").status,
      .delete: provider.request("DELETE", path, token: "x").status,
      .authorize: provider.request("GET", "/oauth2/auth").status,
      .token: provider.request("POST", "/oauth2/token").status,
      .userInfo: provider.request("GET", "/userinfo").status,
      .credential: provider.request("POST", "/credentials", body: "{}").status,
      .logout: provider.request("GET", "/oauth2/sessions/logout").status,
    ].filter { $0.value == 599 }.keys
    #expect(Set(hit) == (operation == .any ? Set(Fault.Operation.allCases).subtracting([.any, .admin]) : [operation]))
  }

  @Test("the control endpoint sets, shows and ends the plan")
  func controlling() throws {
    let provider = try TestProvider(.init(allowsFaults: true))
    let plan = """
      {"faults":[{"operation":"create","call":2,"times":null,"when":"after","action":"answer","status":503,
      "headers":{"Retry-After":"1"},"body":"later"},{"operation":"get","action":"truncate"},
      {"operation":"set","action":"delay","milliseconds":1},{"operation":"any","action":"close","call":100},
      {"operation":"delete","action":"drop"}]}
      """
    #expect(try provider.admin("PUT", "/faults", body: plan).status == 200)
    let client = try provider.register()
    #expect(try provider.request("POST", "/oauth2/register", body: "{}").text == "later")
    #expect(try !provider.read(client.id, client.token).isComplete)
    let shown = try provider.admin("GET", "/faults").json?["faults"]
    #expect(
      shown?[0]?.isEquivalent(to: [
        "operation": "create", "call": 2, "times": .null, "when": "after", "action": "answer", "status": 503,
        "headers": ["Retry-After": "1"], "body": "later", "calls": 2, "hits": 1,
      ]) ?? false)
    #expect(shown?[1]?["when"] == "after")
    #expect(shown?[3]?["calls"] == 3)
    #expect(shown?[3]?["hits"] == 0)
    #expect(try provider.admin("DELETE", "/faults").text == "{\"faults\":[]}\n")
    #expect(try provider.request("POST", "/oauth2/register", body: "{}").status == 201)
    #expect(try provider.admin("POST", "/faults", body: "{}").status == 404)
  }

  @Test("without being asked for there is no control endpoint")
  func noControl() throws {
    let provider = try TestProvider(.init(faultPlan: [Fault(.get, call: 100, .before, .drop)]))
    #expect(try provider.admin("GET", "/faults").status == 404)
    #expect(try provider.admin("PUT", "/faults", body: #"{"faults":[]}"#).status == 404)
    #expect(try TestProvider(.init(allowsFaults: true)).request("GET", "/faults").status == 404)
  }

  struct Odd: Sendable {
    let plan: String
    let words: String
  }

  @Test(
    "a plan with a mistake is refused with its place, and the old one stays",
    arguments: [
      Odd(plan: "{", words: "The plan is no JSON"),
      Odd(plan: "[]", words: "A plan is an object with one member"),
      Odd(plan: #"{"faults":{}}"#, words: "which is a list"),
      Odd(plan: #"{"faults":[],"more":1}"#, words: "one member"),
      Odd(plan: #"{"faults":[1]}"#, words: "faults[0]: a fault is an object, not a number."),
      Odd(plan: #"{"faults":[{"action":"drop"}]}"#, words: "'operation' is one of create, get"),
      Odd(plan: #"{"faults":[{"operation":"create","action":"explode"}]}"#, words: "'action' is one of drop"),
      Odd(plan: #"{"faults":[{"operation":"create","action":"drop","cal":1}]}"#, words: "there is no member 'cal'"),
      Odd(
        plan: #"{"faults":[{"operation":"create","action":"drop","call":0}]}"#, words: "'call' is a whole number, at least 1."),
      Odd(plan: #"{"faults":[{"operation":"create","action":"drop","times":0}]}"#, words: "'times' is"),
      Odd(plan: #"{"faults":[{"operation":"create","action":"drop","when":"during"}]}"#, words: "'when' is before or after."),
      Odd(plan: #"{"faults":[{"operation":"create","action":"close","when":"before"}]}"#, words: "can only be after"),
      Odd(plan: #"{"faults":[{"operation":"create","action":"drop","status":1}]}"#, words: "nothing that 'drop' takes"),
      Odd(plan: #"{"faults":[{"operation":"create","action":"delay"}]}"#, words: "'milliseconds' is"),
      Odd(plan: #"{"faults":[{"operation":"create","action":"answer","status":600}]}"#, words: "200 to 599"),
      Odd(plan: #"{"faults":[{"operation":"create","action":"answer","status":100}]}"#, words: "'status' is"),
      Odd(plan: #"{"faults":[{"operation":"create","action":"answer","status":500,"headers":[]}]}"#, words: "'headers' is"),
      Odd(
        plan: #"{"faults":[{"operation":"create","action":"answer","status":500,"headers":{"a":1}}]}"#, words: "'headers' are"),
      Odd(plan: #"{"faults":[{"operation":"create","action":"answer","status":500,"body":1}]}"#, words: "'body' is a string."),
      Odd(plan: #"{"faults":[{"operation":"create","action":"truncate","bytes":-1}]}"#, words: "'bytes' is"),
    ])
  func oddPlans(_ odd: Odd) throws {
    let provider = try TestProvider(.init(allowsFaults: true, faultPlan: [Fault(.create, .before, .answer(status: 503))]))
    let answer = try provider.admin("PUT", "/faults", body: odd.plan)
    #expect(answer.status == 400)
    #expect(answer["error_description"]?.contains(odd.words) ?? false, "\(answer.text)")
    #expect(try provider.request("POST", "/oauth2/register", body: "{}").status == 503)
  }
}
