import OpenIDRegistration
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
}
