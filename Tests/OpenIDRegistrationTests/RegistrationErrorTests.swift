import Testing

@testable import OpenIDRegistration

/// What a refusal says, whatever its shape.
@Suite struct RegistrationErrorTests {
  struct Answer: Sendable, CustomTestStringConvertible {
    let answer: HTTPResponse
    let code: RegistrationError.Code
    var effect = Effect.none
    var error: String?
    var explanation: String?
    let text: String
    var testDescription: String { text }
  }

  static let answers: [Answer] = [
    Answer(
      answer: .json(400, ["error": "invalid_redirect_uri", "error_description": "One of them has a fragment."]), code: .refused,
      error: "invalid_redirect_uri", explanation: "One of them has a fragment.",
      text: "the provider refused it (400, invalid_redirect_uri): One of them has a fragment."),
    Answer(
      answer: .json(401, ["error": "The request could not be authorized"]), code: .unauthorized,
      error: "The request could not be authorized",
      text:
        "the provider does not accept the credentials (401, The request could not be authorized). It wants an initial access token."
    ),
    Answer(answer: .text(401, ""), code: .unauthorized, text: "(401): an empty answer. It wants an initial access token."),
    Answer(
      answer: .json(403, "not you"), code: .forbidden, explanation: "not you",
      text: "the provider does not allow it (403): not you."),
    Answer(
      answer: .json(
        404,
        ["error": "The requested resource could not be found", "error_description": "Dynamic registration is not enabled."]),
      code: .registrationDisabled, error: "The requested resource could not be found",
      explanation: "Dynamic registration is not enabled.",
      text:
        "says that it does not register clients (404, The requested resource could not be found): Dynamic registration is not enabled. Switch"
    ),
    Answer(
      answer: .json(404, ["error": ["code": 404, "message": "Not Found", "reason": "No such route."]]), code: .notFound,
      error: "Not Found",
      explanation: "No such route.",
      text: "there is nothing at this URL for such a call (404, Not Found): No such route. Check the endpoint."),
    Answer(
      answer: .text(404, "<!DOCTYPE html><html><head><title>404\n Not  Found</title>"), code: .notFound,
      explanation: "404 Not Found",
      text: "(404): 404 Not Found."),
    Answer(
      answer: .text(502, "<HTML><HEAD><TITLE id=a>Bad &amp; &#103;one</TITLE>"), code: .serverError, effect: .unknown,
      explanation: "Bad & gone", text: "the provider failed (502): Bad & gone."),
    // The shape of Ory's API description for a generic error.
    Answer(
      answer: .json(
        409,
        [
          "error": [
            "code": 409, "status": "Conflict", "request": "d7ef54b1", "reason": "It is there.", "message": "Not twice",
            "details": [["a": 1]],
          ]
        ]), code: .unexpectedStatus, error: "Not twice", explanation: "It is there.",
      text: "(409, Not twice): It is there. The provider's logs know the request as d7ef54b1."),
    Answer(
      answer: .json(
        400,
        [
          "error": "invalid_request", "error_description": "No.", "error_hint": "Say please.", "error_debug": "x.go:12",
          "status_code": 400, "request_id": "r-9",
        ]), code: .refused, error: "invalid_request", explanation: "No. Say please.",
      text: "(400, invalid_request): No. Say please. The provider's logs know the request as r-9."),
    Answer(
      answer: .text(400, "{\"error\":\"no\",\"client_secret\":\"canary-half"), code: .refused,
      text: "the provider refused it (400): JSON that cannot be read."),
    Answer(
      answer: .text(500, "\u{feff}{\"registration_access_token\":\"canary-bom\"}"), code: .serverError, effect: .unknown,
      text: "the provider failed (500): JSON that cannot be read."),
    Answer(
      answer: .text(500, "Warning: fsockopen() {\"client_secret\":\"canary-text\"}"), code: .serverError, effect: .unknown,
      text: "(500): a text that is no JSON."),
    Answer(
      answer: .text(400, "<p>client_secret=canary-form</p>"), code: .refused, text: "(400): a text that is no JSON."),
    Answer(answer: .text(404, "<html><body>nothing"), code: .notFound, text: "(404): an HTML page."),
    Answer(
      answer: .text(405, "Method Not Allowed"), code: .notFound, explanation: "Method Not Allowed",
      text: "(405): Method Not Allowed."),
    Answer(
      answer: .json(429, ["title": "Too many", "detail": "Slow down"], ["Retry-After": "12"]), code: .tooManyRequests,
      explanation: "Slow down",
      text: "asks for fewer requests (429): Slow down. It asks to wait for 12 s."),
    Answer(
      answer: .json(500, ["error": "server_error", "error_description": "oops"], ["x-request-id": "abc"]), code: .serverError,
      effect: .unknown,
      error: "server_error", explanation: "oops",
      text:
        "the provider failed (500, server_error): oops. Whether the provider did it is not known: do not simply repeat the call. "
        + "The provider's logs know the request as abc."),
    Answer(answer: .text(502, ""), code: .serverError, effect: .unknown, text: "the provider failed (502)"),
    Answer(answer: .text(504, ""), code: .serverError, effect: .unknown, text: "the provider failed (504)"),
    Answer(answer: .text(501, ""), code: .serverError, text: "the provider failed (501)"),
    Answer(answer: .text(503, ""), code: .unavailable, text: "the provider cannot answer for the moment (503)"),
    Answer(
      answer: .text(302, "", ["location": "https://login.example.com"]), code: .unexpectedStatus,
      text: "Redirects are not followed"),
    Answer(answer: .text(303, ""), code: .unexpectedStatus, effect: .unknown, text: "(303)"),
    Answer(answer: .text(409, "[1]"), code: .unexpectedStatus, text: "(409): a JSON answer."),
    Answer(answer: .text(418, "\u{1b}[31mred\u{7}"), code: .unexpectedStatus, explanation: "[31mred", text: "(418): [31mred."),
    Answer(
      answer: .text(400, String(repeating: "x", count: 5000)), code: .refused,
      explanation: String(repeating: "x", count: 600) + "…", text: "xxx…."),
  ]

  @Test(arguments: answers)
  func `every shape of answer is read`(_ expected: Answer) async {
    let client = OpenIDRegistrationClient(transport: StubTransport(expected.answer))
    let kept = Kept()
    let error = await failure {
      _ = try await client.createOidcDynamicClient([:], at: "https://a.example.com/register", persist: kept.persist)
    }
    #expect(error?.code == expected.code)
    #expect(error?.effect == expected.effect)
    #expect(error?.status == expected.answer.status)
    #expect(error?.error == expected.error)
    #expect(error?.errorDescription == expected.explanation)
    #expect(error?.answer == expected.answer)
    #expect(error?.description.hasPrefix("createOidcDynamicClient at https://a.example.com/register: ") ?? false)
    #expect(error?.description.contains(expected.text) ?? false, "\(String(describing: error))")
    #expect(kept.all.isEmpty)
  }

  struct Failure: Sendable {
    let failure: HTTPTransportError
    let text: String
  }

  @Test(arguments: [
    Failure(
      failure: .init(.couldNotConnect, effect: .none, "connection refused"),
      text: "it cannot be reached: connection refused. Nothing was sent."),
    Failure(
      failure: .init(.timedOut, effect: .none, "no connection within 10 s"),
      text: "it cannot be reached: no connection within 10 s. Nothing was sent."),
    Failure(
      failure: .init(.timedOut, effect: .unknown, "no answer within 30 s"),
      text:
        "no whole answer came: no answer within 30 s. Whether the provider did it is not known: do not simply repeat the call."),
    Failure(
      failure: .init(.invalidURL, effect: .none, "the URL has no host"),
      text: "the request cannot be sent: the URL has no host."),
    Failure(failure: .init(.cancelled, effect: .unknown, "cancelled"), text: "the call was cancelled. Whether"),
  ])
  func `every way to get no answer says whether it was sent`(_ expected: Failure) async {
    let client = OpenIDRegistrationClient(transport: StubTransport { _ throws(HTTPTransportError) in throw expected.failure })
    let error = await failure {
      try await client.deleteOidcDynamicClient(at: "https://a.example.com/1", authentication: .bearer(Secret("t")))
    }
    #expect(
      error?.code == .transport(expected.failure.code) && error?.effect == expected.failure.effect && error?.status == nil)
    #expect(error?.explanation.hasPrefix(expected.text) ?? false, "\(String(describing: error))")
  }

  @Test(arguments: [
    (ClientAuthentication.registrationAccessToken(Secret("t")), "The registration access token is stale or wrong"),
    (.bearer(Secret("t")), "The access token is wrong, has expired, or may not manage the client"),
    (.clientSecretBasic(id: "1", secret: Secret("s")), "The client's id or secret is wrong or is not accepted there"),
    (.clientSecretPost(id: "1", secret: Secret("s")), "The client's id or secret is wrong or is not accepted there"),
  ])
  func `a 401 at a client doubts what was shown, and does not say that it is gone`(
    _ shown: ClientAuthentication, _ doubt: String
  ) async {
    let client = OpenIDRegistrationClient(transport: StubTransport(.text(401, "")))
    let error = await failure {
      _ = try await client.getOidcDynamicClient(at: "https://a.example.com/1", authentication: shown)
    }
    #expect(error?.explanation.hasSuffix("\(doubt), or the client is gone; the answer does not tell which.") ?? false)
  }

  @Test(arguments: [(nil, "It wants an initial access token."), (Secret("t"), "Check the initial access token.")])
  func `a 401 at a registration says whether a token was shown`(_ token: Secret?, _ advice: String) async {
    let client = OpenIDRegistrationClient(transport: StubTransport(.text(401, "")))
    let error = await failure {
      _ = try await client.createOidcDynamicClient([:], at: "https://a.example.com/r", initialAccessToken: token)
    }
    #expect(error?.explanation.hasSuffix(advice) ?? false)
  }

  @Test(arguments: [
    ("https://b.example.com/r?token=canary", "name the URL that it leads to, https://b.example.com/r?token=…."),
    ("https://user:canary@b.example.com/r", "name the URL that it leads to."),
    ("//user:canary@b.example.com/r?x", "name the URL that it leads to."),
    ("/login?next=canary#x", "name the URL that it leads to, /login."), ("", "name the URL that it leads to."),
  ])
  func `a redirect is not followed, and shown without what its query says`(_ location: String, _ advice: String) async {
    let client = OpenIDRegistrationClient(transport: StubTransport(.text(302, "", ["Location": location])))
    let error = await failure { _ = try await client.createOidcDynamicClient([:], at: "https://a.example.com/r") }
    #expect(error?.explanation.hasSuffix("Redirects are not followed: " + advice) ?? false)
  }

  @Test func `what arrived in an odd answer is said to be kept`() async {
    let answer = HTTPResponse.text(
      201, #"{"client_id":"1","registration_access_token":"t0ken"}"#, ["Content-Type": "text/html"])
    let client = OpenIDRegistrationClient(transport: StubTransport(answer, .text(201, #"{"client_id":"1","#)))
    let odd = await failure { _ = try await client.createOidcDynamicClient([:], at: "https://a.example.com/r") }
    #expect(
      odd?.explanation.hasSuffix(
        "The provider did it: do not repeat the call. Keep what this error has received: it is shown only once.") ?? false)
    let cut = await failure { _ = try await client.createOidcDynamicClient([:], at: "https://a.example.com/r") }
    #expect(cut?.explanation.hasSuffix("The provider did it: do not repeat the call.") ?? false)
  }

  @Test func `an error can be made for a test of somebody else's`() {
    let error = RegistrationError(
      .unavailable, .createOidcDynamicClient, at: "https://a.example.com/r", effect: .none, status: 503,
      retryAfter: .seconds(7))
    #expect(
      error.description
        == "createOidcDynamicClient at https://a.example.com/r: the provider cannot answer for the moment (503). It asks to wait for 7 s."
    )
    #expect(RetryPolicy().pause(after: error, attempt: 1, jitter: 0) == .seconds(7))
  }

  @Test func `no credential gets into an error, also not one that the provider quotes`() async {
    let canaries = ["canary-rat", "canary-header", "canary-secret", "canary-answer", "canary-query", "canary-user"]
    let answer = HTTPResponse.json(
      400,
      [
        "error": "bad canary-rat", "error_description": "canary-secret and canary-header are wrong, canary-answer too",
        "registration_access_token": "canary-answer",
      ],
      ["x-token": "canary-answer"])
    let client = OpenIDRegistrationClient(transport: StubTransport(answer), headers: ["X-Key": "canary-header"])
    let error = await failure {
      _ = try await client.setOidcDynamicClient(
        ["client_secret": "canary-secret"], at: "https://a.example.com/r?client_id=7&key=canary-query",
        authentication: .registrationAccessToken(Secret("canary-rat")))
    }
    guard let error else { return #expect(Bool(false)) }
    var dumped = ""
    dump(error, to: &dumped)
    for text in [
      error.description, error.debugDescription, "\(error)", String(reflecting: error), dumped, error.error!,
      error.errorDescription!,
    ] {
      for canary in canaries { #expect(!text.contains(canary), "\(text)") }
    }
    #expect(error.endpoint == "https://a.example.com/r?client_id=7&key=…")
    #expect(error.errorDescription == "(sensitive) and (sensitive) are wrong, (sensitive) too")

    let wrong = await failure {
      _ = try await client.getOidcDynamicClient(
        at: "https://canary-user:canary-query@a.example.com/r", authentication: .registrationAccessToken(Secret("canary-rat")))
    }
    for canary in canaries { #expect(!(wrong?.description.contains(canary) ?? true)) }
  }

  @Test(arguments: [
    ClientAuthentication.registrationAccessToken(Secret("canary+token/ü")), .bearer(Secret("canary+token/ü")),
    .clientSecretBasic(id: "app", secret: Secret("canary+secret/ü")),
    .clientSecretPost(id: "app", secret: Secret("canary+secret/ü")),
  ])
  func `what a server quotes of a request holds no credential, in whatever form it was sent`(
    _ authentication: ClientAuthentication
  ) async {
    let transport = StubTransport { request throws(HTTPTransportError) in
      let said = "\(request.url) \(request.headers["Authorization"] ?? "")"
      return .json(401, ["error": "no", "error_description": .string("Not with \(said).")], ["x-request-id": said])
    }
    let client = OpenIDRegistrationClient(transport: transport)
    let error = await failure {
      _ = try await client.getOidcDynamicClient(at: "https://a.example.com/r", authentication: authentication)
    }
    let request = transport.requests[0]
    let sent = [
      request.headers["Authorization"].map { String($0.drop { $0 != " " }.dropFirst()) },
      request.url.split(separator: "secret=").dropFirst().first.map(String.init),
    ].compactMap(\.self)
    #expect(sent.count == 1)
    for form in sent { #expect(!(error?.description.contains(form) ?? true), "\(String(describing: error))") }
    #expect(!(error?.description.contains("canary") ?? true))
    #expect(error?.errorDescription?.contains("(sensitive)") ?? false)
  }

  @Test func `a message that is cut leaves no half of a credential, nor does one credential that begins with another`() async {
    let long = "canary-" + String(repeating: "0123456789", count: 20)
    let answer = HTTPResponse.json(
      400, ["error_description": .string(String(repeating: "x", count: 500) + " " + long + "-more")])
    let client = OpenIDRegistrationClient(
      transport: StubTransport(answer), headers: ["X-Short": String(long.prefix(20)), "X-Long": long + "-more"])
    let error = await failure { _ = try await client.createOidcDynamicClient([:], at: "https://a.example.com/r") }
    #expect(error?.errorDescription == String(repeating: "x", count: 500) + " (sensitive)")
  }

  @Test func `no value of this library prints a credential`() {
    let request = HTTPRequest(.put, "https://canary/", headers: ["Authorization": "canary"], body: Array("canary".utf8))
    let response = HTTPResponse(status: 200, headers: ["x": "canary"], body: Array("canary".utf8))
    let information = ClientInformation(
      clientID: "1", clientSecret: Secret("canary"), registrationAccessToken: Secret("canary"), headers: ["x": "canary"])
    let values: [Any] = [
      request, response, response.headers, response.headers.fields[0], information, ClientMetadata(["client_secret": "canary"]),
      HTTPTransportError(.other, effect: .none, "x", partialAnswer: response),
      ClientAuthentication.clientSecretBasic(id: "1", secret: Secret("canary")),
    ]
    for value in values {
      var dumped = ""
      dump(value, to: &dumped)
      for text in ["\(value)", String(reflecting: value), dumped] {
        #expect(!text.contains("canary"), "\(type(of: value)): \(text)")
      }
    }
  }

  struct Wait: Sendable {
    let headers: HTTPFields
    let wait: Duration?
  }

  @Test(arguments: [
    Wait(headers: ["retry-after": "12"], wait: .seconds(12)), Wait(headers: ["Retry-After": " 0 "], wait: .zero),
    Wait(
      headers: ["retry-after": "Sun, 06 Nov 1994 08:49:37 GMT", "date": "Sun, 06 Nov 1994 08:49:07 GMT"], wait: .seconds(30)),
    Wait(
      headers: ["retry-after": "Tue, 29 Feb 2028 00:00:05 GMT", "date": "Mon, 28 Feb 2028 23:59:59 GMT"], wait: .seconds(6)),
    Wait(headers: ["retry-after": "Sun, 06 Nov 1994 08:49:37 GMT"], wait: .zero),
    Wait(headers: ["x-ratelimit-reset": "3"], wait: .seconds(3)),
    Wait(headers: ["x-ratelimit-reset": "1.5"], wait: .milliseconds(1500)),
    Wait(headers: ["x-ratelimit-reset": "784111787", "date": "Sun, 06 Nov 1994 08:49:37 GMT"], wait: .seconds(784_111_787)),
    Wait(headers: ["x-ratelimit-reset": "1700000010", "date": "Tue, 14 Nov 2023 22:13:20 GMT"], wait: .seconds(10)),
    Wait(headers: ["retry-after": "soon", "x-ratelimit-reset": "4"], wait: .seconds(4)),
    Wait(headers: ["retry-after": "-1"], wait: nil),
    Wait(headers: ["retry-after": "inf"], wait: nil),
    Wait(headers: ["retry-after": "Sun, 32 Nov 1994 08:49:37 GMT"], wait: nil), Wait(headers: [:], wait: nil),
  ])
  func `the wait that a provider asks for is understood`(_ expected: Wait) {
    #expect(expected.headers.retryAfter == expected.wait)
  }
}
