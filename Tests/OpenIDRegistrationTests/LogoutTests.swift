import OpenIDRegistration
import Testing

/// Asking a provider to end a session.
@Suite struct LogoutTests {
  private static let origin = "https://auth.example.com"
  private static let endpoint = "https://auth.example.com/logout"
  private static let html: HTTPFields = ["content-type": "text/html; charset=utf-8"]

  private static let request = LogoutRequest(
    idTokenHint: Secret("the.id.token"), postLogoutRedirectURI: "https://app.example.com/bye?from=a", state: "s 1&2")

  private static func redirect(_ location: String, _ status: Int = 302, _ headers: HTTPFields = [:]) -> HTTPResponse {
    var headers = headers
    headers.append("Location", location)
    return HTTPResponse(status: status, headers: headers)
  }

  private func revoke(
    _ request: LogoutRequest = LogoutTests.request, cookies: Secret? = nil, answers: [HTTPResponse]
  ) async throws -> (LogoutAnswer, StubTransport) {
    let transport = StubTransport.giving(answers)
    let client = OpenIDRegistrationClient(transport: transport, currentTime: { 1_700_000_000 })
    return (try await client.revokeOidcSession(request, at: Self.endpoint, cookies: cookies), transport)
  }

  // MARK: The URL

  @Test func `the URL has every parameter that was given, and no other`() throws {
    let whole = LogoutRequest(
      idTokenHint: Secret("a.b.c"), postLogoutRedirectURI: "https://app.example.com/bye?x=1", state: "é &", clientID: "app",
      logoutHint: "alice@example.com", uiLocales: ["fr-CA", "en"])
    #expect(
      try whole.url(at: "https://auth.example.com/end") == "https://auth.example.com/end?id_token_hint=a.b.c"
        + "&logout_hint=alice%40example.com&client_id=app&post_logout_redirect_uri=https%3A%2F%2Fapp.example.com%2Fbye%3Fx%3D1"
        + "&state=%C3%A9%20%26&ui_locales=fr-CA%20en")
    #expect(try LogoutRequest().url(at: "https://auth.example.com/end") == "https://auth.example.com/end")
    #expect(
      try LogoutRequest(state: "s").url(at: "https://auth.example.com/end?t=1") == "https://auth.example.com/end?t=1&state=s")
  }

  @Test(arguments: ["/end", "https://auth.example.com/end#x", "https://u:p@auth.example.com/", "ftp://a"])
  func `what is no URL is refused before anything is sent`(_ endpoint: String) async {
    #expect(throws: RegistrationError.self) { try LogoutRequest().url(at: endpoint) }
    let transport = StubTransport()
    let error = await failure { _ = try await OpenIDRegistrationClient(transport: transport).revokeOidcSession(at: endpoint) }
    #expect(error?.code == .transport(.invalidURL) && error?.effect == Effect.none && transport.requests.isEmpty)
  }

  // MARK: The way

  @Test(arguments: [301, 302, 303, 307, 308])
  func `the way back to the client is not followed, and its state is looked at`(_ status: Int) async throws {
    let target = "https://app.example.com/bye?from=a&state=s+1%262"
    let (answer, transport) = try await revoke(answers: [Self.redirect(target, status)])
    #expect(answer.outcome == .returned(to: target) && answer.followed == 0 && answer.status == status)
    #expect(transport.requests.map(\.url) == [try Self.request.url(at: Self.endpoint)])
    #expect(transport.requests.allSatisfy { $0.method == .get && $0.body == nil })
  }

  @Test func `redirects within the provider's origin are followed`() async throws {
    let (answer, transport) = try await revoke(answers: [
      Self.redirect("/confirm?logout_challenge=c1"), Self.redirect("done?verifier=1#top"), Self.redirect("?x=2"),
      Self.redirect("//auth.example.com:443/last"), Self.redirect("https://app.example.com/bye?from=a&state=s%201%262&iss=x"),
    ])
    #expect(answer.outcome == .returned(to: "https://app.example.com/bye?from=a&state=s%201%262&iss=x"))
    #expect(answer.followed == 4 && answer.logoutChallenge == "c1")
    #expect(
      transport.requests.dropFirst().map(\.url) == [
        "https://auth.example.com/confirm?logout_challenge=c1", "https://auth.example.com/done?verifier=1",
        "https://auth.example.com/done?x=2", "https://auth.example.com:443/last",
      ])
  }

  @Test(arguments: [
    "https://login.example.com/signout?challenge=1", "http://auth.example.com/x", "https://auth.example.com:8443/x",
    "https://auth.example.com@evil.example.com/", "https://app.example.com/other", "app:/bye",
    "https://app.example.com/bye?state=s+1%262",
  ])
  func `no other origin is asked`(_ target: String) async throws {
    let (answer, transport) = try await revoke(cookies: Secret("session=1"), answers: [Self.redirect(target)])
    #expect(answer.outcome == .elsewhere(target) && answer.logoutChallenge == nil)
    #expect(transport.requests.count == 1)
  }

  @Test func `an app's own scheme is a way back too`() async throws {
    let request = LogoutRequest(postLogoutRedirectURI: "com.example.app:/bye", state: "s")
    let (answer, _) = try await revoke(request, answers: [Self.redirect("com.example.app:/bye?state=s")])
    #expect(answer.outcome == .returned(to: "com.example.app:/bye?state=s"))
  }

  @Test func `a state has to come back by its bytes`() async {
    // The sign for kelvin is a K to whoever compares texts as Swift does (canonical equivalence).
    let request = LogoutRequest(postLogoutRedirectURI: "https://app.example.com/bye", state: "K")
    let error = await failure {
      _ = try await revoke(request, answers: [Self.redirect("https://app.example.com/bye?state=%E2%84%AA")])
    }
    #expect(error?.code == .mismatch("state"))
  }

  @Test(arguments: [
    "https://app.example.com/bye?from=a", "https://app.example.com/bye?from=a&state=other",
    "https://app.example.com/bye?from=a#state=s",
  ])
  func `a way back without the right state is an error`(_ target: String) async {
    let error = await failure { _ = try await revoke(answers: [Self.redirect(target)]) }
    #expect(error?.code == .mismatch("state") && error?.effect == .unknown)
    #expect(
      error?.description.contains(target.contains("&state") ? "with another state than the one" : "without the state") ?? false)
  }

  @Test func `where no state was sent none is missed`() async throws {
    let request = LogoutRequest(postLogoutRedirectURI: "https://app.example.com/bye")
    let (answer, _) = try await revoke(request, answers: [Self.redirect("https://app.example.com/bye?state=theirs")])
    #expect(answer.outcome == .returned(to: "https://app.example.com/bye?state=theirs"))
  }

  @Test func `a circle ends`() async {
    let error = await failure { _ = try await revoke(answers: Array(repeating: Self.redirect("/again"), count: 20)) }
    #expect(error?.code == .unexpectedStatus && error?.effect == .unknown)
    #expect(error?.explanation.contains("more than 10 redirects in a row. Whether") == true)
  }

  @Test(arguments: [
    "https://auth.example.com/error?error=invalid_request&error_description=The+redirect%20is+not%2Bregistered",
    "https://elsewhere.example.com/error?error=invalid_request&error_description=The%20redirect%20is%20not%2Bregistered",
    "https://app.example.com/bye?from=a&error=invalid_request&error_description=The%20redirect+is+not%2Bregistered",
  ])
  func `a refusal that comes as a redirect is a refusal`(_ target: String) async {
    let error = await failure { _ = try await revoke(answers: [Self.redirect(target)]) }
    #expect(error?.code == .refused && error?.effect == Effect.none && error?.status == 302)
    #expect(error?.error == "invalid_request" && error?.errorDescription == "The redirect is not+registered")
    #expect(
      error?.description.hasPrefix(
        "revokeOidcSession at https://auth.example.com/logout: the provider refused it (302, invalid_request)") ?? false)
  }

  @Test func `a client's own page may have a parameter of that name`() async throws {
    let request = LogoutRequest(postLogoutRedirectURI: "https://app.example.com/bye?error=none")
    let (answer, _) = try await revoke(request, answers: [Self.redirect("https://app.example.com/bye?error=none")])
    #expect(answer.outcome == .returned(to: "https://app.example.com/bye?error=none"))
  }

  struct Refusal: Sendable {
    let answer: HTTPResponse
    let code: RegistrationError.Code
    var effect = Effect.none
  }

  @Test(arguments: [
    Refusal(answer: .json(400, ["error": "invalid_request", "error_description": "the.id.token is none"]), code: .refused),
    Refusal(answer: .text(404, "Not Found"), code: .notFound),
    Refusal(answer: .text(500, ""), code: .serverError, effect: .unknown),
    Refusal(answer: .text(302, ""), code: .unexpectedStatus), Refusal(answer: .text(429, ""), code: .tooManyRequests),
  ])
  func `a refusal that comes as an answer is one too, and never quotes the hint`(_ refusal: Refusal) async {
    let error = await failure { _ = try await revoke(answers: [refusal.answer]) }
    #expect(error?.code == refusal.code && error?.effect == refusal.effect)
    #expect(!(error?.description.contains("the.id.token") ?? true))
  }

  // MARK: Pages

  @Test func `the frames of a page are told, and where it leads`() async throws {
    let page = """
      <!DOCTYPE html><html><head><META content='7; URL=https://app.example.com/bye?from=a&amp;state=s%201%262' HTTP-EQUIV=refresh></head>
      <!-- <iframe src="https://commented.example.com"></iframe> -->
      <body><iframe src="https://one.example.com/out?iss=x&amp;sid=1&#38;a=&#x2f;" onload="done()"></iframe>
      <iframe onload='a > b' src=https://two.example.com/out></iframe><iframe src='/three'></iframe><iframe></iframe>
      <iframe src="javascript:alert(1)"></iframe></body></html>
      """
    let (answer, _) = try await revoke(answers: [HTTPResponse(status: 200, headers: Self.html, body: Array(page.utf8))])
    #expect(answer.outcome == .returned(to: "https://app.example.com/bye?from=a&state=s%201%262"))
    #expect(
      answer.frontchannelLogoutURLs == [
        "https://one.example.com/out?iss=x&sid=1&a=/", "https://two.example.com/out", "https://auth.example.com/three",
      ])
  }

  @Test(arguments: [
    (
      "<meta http-equiv=refresh content='0;url=\"https://elsewhere.example.com/\"'>",
      LogoutAnswer.Outcome.elsewhere("https://elsewhere.example.com/")
    ),
    ("<meta http-equiv=refresh content='0; url=/next'>", .page(at: "https://auth.example.com/logout")),
    ("<meta http-equiv=refresh content=30>", .page(at: "https://auth.example.com/logout")),
    ("<title>Good bye</title><a href=https://x>", .page(at: "https://auth.example.com/logout")),
    ("<", .page(at: "https://auth.example.com/logout")),
    ("", .page(at: "https://auth.example.com/logout")), ("<iframe src=\"", .page(at: "https://auth.example.com/logout")),
    ("<meta http-equiv=refresh content=\"", .page(at: "https://auth.example.com/logout")),
    ("<!--", .page(at: "https://auth.example.com/logout")),
  ])
  func `a page without frames is a page`(_ html: String, _ outcome: LogoutAnswer.Outcome) async throws {
    let (answer, _) = try await revoke(
      LogoutRequest(), answers: [HTTPResponse(status: 200, headers: Self.html, body: Array(html.utf8))])
    #expect(answer.outcome == outcome && answer.frontchannelLogoutURLs == [])
  }

  @Test func `an answer that is no page is taken as it is`() async throws {
    for answer in [HTTPResponse(status: 204), .json(200, ["ok": true]), .text(200, "<iframe src=https://x>")] {
      #expect(try await revoke(LogoutRequest(), answers: [answer]).0.frontchannelLogoutURLs == [])
    }
  }

  @Test func `the page's address is told without what it was asked`() async throws {
    let (answer, _) = try await revoke(answers: [.text(200, "", Self.html)])
    #expect(answer.outcome == .page(at: "https://auth.example.com/logout?id_token_hint=…&post_logout_redirect_uri=…&state=…"))
  }

  // MARK: Cookies

  @Test func `cookies go along, change on the way, and end`() async throws {
    var first = HTTPFields()
    first.append("Set-Cookie", "csrf=one; Path=/; HttpOnly; SameSite=Lax")
    first.append("set-cookie", "session=; Max-Age=0; Expires=Sun, 06 Nov 2050 08:49:37 GMT")
    var second = HTTPFields()
    second.append("Set-Cookie", "csrf=two=2; Max-Age=60; Expires=Thu, 01 Jan 1970 00:00:00 GMT")
    second.append("Set-Cookie", "old=x; expires=Thu, 01-Jan-1970 00:00:00 GMT")
    second.append("Set-Cookie", "nonsense")
    second.append("Set-Cookie", "long=y; Max-Age=9223372036854775807")
    let (_, transport) = try await revoke(
      cookies: Secret("session=abc; old=1"),
      answers: [Self.redirect("/a", 302, first), Self.redirect("/b", 302, second), .text(200, "", Self.html)])
    #expect(
      transport.requests.map { $0.headers["Cookie"] } == ["session=abc; old=1", "old=1; csrf=one", "csrf=two=2; long=y"])
  }

  @Test func `without cookies there is no such field, and no error shows one`() async throws {
    let (_, transport) = try await revoke(answers: [.text(200, "", Self.html)])
    #expect(transport.requests[0].headers["Cookie"] == nil)
    let error = await failure {
      _ = try await revoke(
        cookies: Secret("session=canary-cookie"), answers: [.json(400, ["error": "no session canary-cookie"])])
    }
    #expect(error?.error == "no session (sensitive)")
  }
}
