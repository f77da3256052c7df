import OpenIDRegistration
import Synchronization
import Testing

/// What may be sent once more.
@Suite struct RetryPolicyTests {
  private func error(_ isRead: Bool, _ answer: @escaping StubTransport.Answer) async -> RegistrationError {
    let client = OpenIDRegistrationClient(transport: StubTransport(answer))
    let token = ClientAuthentication.registrationAccessToken(Secret("t"))
    return await failure {
      if isRead {
        _ = try await client.getOidcDynamicClient(at: "https://a.example.com/1", authentication: token)
      } else {
        _ = try await client.setOidcDynamicClient([:], at: "https://a.example.com/1", authentication: token)
      }
    }!
  }

  @Test(arguments: [
    (HTTPTransportError.Code.couldNotConnect, Effect.none, true, true), (.nameNotResolved, .none, true, true),
    (.tls, .none, true, true),
    (.timedOut, .none, true, false), (.timedOut, .unknown, false, false), (.connectionLost, .unknown, false, true),
    (.answerTooLarge, .unknown, false, false), (.cancelled, .none, false, false), (.invalidURL, .none, false, false),
    (.invalidRequest, .none, false, false), (.invalidAnswer, .unknown, false, false),
  ])
  func `a call without an answer`(
    _ code: HTTPTransportError.Code, _ effect: Effect, _ setMayGoAgain: Bool, _ readMayGoAgain: Bool
  ) async {
    let answer: StubTransport.Answer = { _ throws(HTTPTransportError) in throw HTTPTransportError(code, effect: effect, "x") }
    #expect(await (RetryPolicy().pause(after: error(false, answer), attempt: 1) != nil) == setMayGoAgain)
    #expect(await (RetryPolicy().pause(after: error(true, answer), attempt: 1) != nil) == readMayGoAgain)
  }

  @Test(arguments: [
    (429, "", true, true), (503, "", true, true), (500, "", false, false), (502, "", false, true), (504, "", false, true),
    (400, "", false, false),
    (401, "", false, false), (404, "", false, false),
    (
      400, #"{"error": "Unable to serialize access due to a concurrent update in another session", "error_description": ""}"#,
      true, true
    ),
    (200, "", false, false),
  ])
  func `a call with an answer`(_ status: Int, _ body: String, _ setMayGoAgain: Bool, _ readMayGoAgain: Bool) async {
    let answer: StubTransport.Answer = { _ throws(HTTPTransportError) in .text(status, body) }
    #expect(await (RetryPolicy().pause(after: error(false, answer), attempt: 1) != nil) == setMayGoAgain)
    #expect(await (RetryPolicy().pause(after: error(true, answer), attempt: 1) != nil) == readMayGoAgain)
  }

  @Test func `pauses double, have a ceiling, and end`() async {
    let error = await error(true) { _ throws(HTTPTransportError) in .text(503, "") }
    let policy = RetryPolicy(maximumRetries: 7, firstPause: .milliseconds(300), longestPause: .seconds(5))
    let pauses = (1...8).map { policy.pause(after: error, attempt: $0, jitter: 0.5) }
    #expect(pauses == [0.3, 0.6, 1.2, 2.4, 4.8, 5, 5].map { Duration.milliseconds(Int64($0 * 1000)) } + [nil])
    #expect(policy.pause(after: error, attempt: 1, jitter: 0)! < policy.pause(after: error, attempt: 1, jitter: 1)!)
    #expect(RetryPolicy.none.pause(after: error, attempt: 1) == nil)
  }

  @Test func `what the provider asks for is waited, unless it is too long`() async {
    let asked = await error(false) { _ throws(HTTPTransportError) in .text(429, "", ["retry-after": "20"]) }
    #expect(RetryPolicy().pause(after: asked, attempt: 3, jitter: 0) == .seconds(20))
    #expect(RetryPolicy(longestWait: .seconds(19)).pause(after: asked, attempt: 1) == nil)
    let network = await error(false) { _ throws(HTTPTransportError) in .text(429, "", ["x-ratelimit-reset": "9"]) }
    #expect(RetryPolicy().pause(after: network, attempt: 1, jitter: 0) == .seconds(9))
  }

  @Test func `a call is made again until it works, after the pauses of the policy`() async throws {
    let transport = StubTransport(
      .text(503, ""), .text(429, "", ["retry-after": "20"]), .json(201, ["client_id": "1"]))
    let client = OpenIDRegistrationClient(transport: transport)
    let pauses = Mutex<[Duration]>([])
    let created = try await RetryPolicy(firstPause: .zero).repeating(
      pausing: { pause in
        pauses.withLock { $0.append(pause) }
        return true
      }
    ) { () throws(RegistrationError) in try await client.createOidcDynamicClient([:], at: "https://a.example.com/r") }
    #expect(created.clientID == "1" && transport.requests.count == 3)
    #expect(pauses.withLock { $0 } == [.zero, .seconds(20)])
  }

  @Test(arguments: [HTTPResponse.text(500, ""), .text(400, "")])
  func `a call that must not be made again is made once`(_ answer: HTTPResponse) async {
    let transport = StubTransport(answer)
    let client = OpenIDRegistrationClient(transport: transport)
    let error = await failure {
      _ = try await RetryPolicy().repeating { () throws(RegistrationError) in
        try await client.createOidcDynamicClient([:], at: "https://a.example.com/r")
      }
    }
    #expect(error?.status == answer.status && transport.requests.count == 1)
  }

  @Test func `a task that is cancelled stops waiting`() async {
    let transport = StubTransport { _ throws(HTTPTransportError) in .text(503, "", ["retry-after": "100"]) }
    let client = OpenIDRegistrationClient(transport: transport)
    let task = Task {
      await failure {
        _ = try await RetryPolicy().repeating { () throws(RegistrationError) in
          do throws(RegistrationError) {
            return try await client.getOidcDynamicClient(at: "https://a.example.com/r", authentication: .bearer(Secret("t")))
          } catch {
            withUnsafeCurrentTask { $0?.cancel() }
            throw error
          }
        }
      }
    }
    #expect(await task.value?.code == .unavailable && transport.requests.count == 1)
  }
}
