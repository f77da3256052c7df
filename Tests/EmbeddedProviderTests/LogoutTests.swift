import OpenIDCryptography
import OpenIDJSON
import OpenIDRegistration
import OpenIDRegistrationCurl
import Testing

@testable import EmbeddedProvider

/// The end of a session: where the browser goes, and who hears of it.
@Suite struct LogoutTests {
  private static let goodbye: JSONObject = ["post_logout_redirect_uris": ["http://127.0.0.1:9999/bye"]]

  private func logOut(_ provider: TestProvider, _ parameters: [String: String], cookie: String? = nil) throws -> TestAnswer {
    try provider.request(
      "GET", "/oauth2/sessions/logout?" + form(parameters), headers: cookie.map { ["Cookie": $0] } ?? [:])
  }

  @Test("with a hint the session ends, and the browser goes where the client wants it, with the state")
  func hinted() throws {
    let provider = try TestProvider()
    let client = try provider.registerApplication(LogoutTests.goodbye)
    let browser = try provider.code(client.id)
    let tokens = try provider.exchange(browser.code, client)
    let parameters = [
      "id_token_hint": try #require(tokens["id_token"]), "post_logout_redirect_uri": "http://127.0.0.1:9999/bye",
      "state": "a&b",
    ]
    let answer = try logOut(provider, parameters, cookie: browser.cookie)
    #expect(answer.status == 302)
    #expect(answer.location == "http://127.0.0.1:9999/bye?state=a%26b")
    #expect(answer.headers["set-cookie"]?.contains("Max-Age=0") ?? false)
    #expect(
      try provider.authorize(client.id, ["login_hint": "", "prompt": "none"], cookie: browser.cookie).parameters["error"]
        == "login_required")
    // What was granted lives on, and a session that is over is no error.
    #expect(try provider.userInfo(tokens["access_token"]).status == 200)
    #expect(try logOut(provider, parameters).location == "http://127.0.0.1:9999/bye?state=a%26b")
    let posted = try provider.request(
      "POST", "/oauth2/sessions/logout", headers: ["Content-Type": "application/x-www-form-urlencoded"],
      body: form(parameters))
    #expect(posted.location == "http://127.0.0.1:9999/bye?state=a%26b")
  }

  @Test("without a hint the browser's own session ends, and the fallback page is shown")
  func bare() throws {
    let provider = try TestProvider()
    let client = try provider.registerApplication()
    let browser = try provider.code(client.id)
    let answer = try logOut(provider, [:], cookie: browser.cookie)
    #expect(answer.location == provider.provider.publicURL + "/oauth2/fallbacks/logout/callback")
    #expect(answer.headers["set-cookie"]?.contains("Max-Age=0") ?? false)
    #expect(try provider.authorize(client.id, ["login_hint": ""], cookie: browser.cookie).status == 400)
    let page = try provider.request("GET", "/oauth2/fallbacks/logout/callback")
    #expect(page.status == 200)
    #expect(page.text.contains("signed out"))
    #expect(try provider.request("POST", "/oauth2/sessions/logout").status == 302)
  }

  @Test("a hint that cannot be relied upon ends nothing")
  func badHints() throws {
    let provider = try TestProvider()
    let client = try provider.registerApplication(LogoutTests.goodbye)
    let browser = try provider.code(client.id)
    let tokens = try provider.exchange(browser.code, client)
    let idToken = try #require(tokens["id_token"])
    let key = TestProvider.idTokenKey
    let claims = try provider.claims(idToken)
    func changed(_ changes: JSONObject, by signer: SigningKey? = nil) -> String {
      JSONWebToken.signed(claims.merging(changes).filter { $0.value != .null }, by: signer ?? key)
    }
    let hints = [
      "x", "a.b.c", changed([:], by: .generate(for: .rs256, keyID: key.publicKey.keyID)), changed(["iss": "https://other/"]),
      changed(["sid": .null]), changed(["sub": .null]), changed(["iat": 9_000_000_000]), changed(["aud": ["nobody"]]),
    ]
    for hint in hints {
      let answer = try logOut(provider, ["id_token_hint": hint], cookie: browser.cookie)
      #expect(answer.status == 302)
      #expect(answer.location.hasPrefix(provider.provider.publicURL + "/oauth2/fallbacks/error?error="))
    }
    let elsewhere = try logOut(
      provider, ["id_token_hint": idToken, "post_logout_redirect_uri": "http://127.0.0.1:9999/bye?x"], cookie: browser.cookie)
    #expect(elsewhere.parameters["error"] == "invalid_request")
    #expect(try provider.authorize(client.id, ["login_hint": ""], cookie: browser.cookie).status == 303)
    // One that has expired is a hint like any other.
    let old = try logOut(provider, ["id_token_hint": changed(["exp": 1_000_000_000])], cookie: browser.cookie)
    #expect(old.location.hasSuffix("/oauth2/fallbacks/logout/callback"))
    #expect(try provider.authorize(client.id, ["login_hint": ""], cookie: browser.cookie).status == 400)
  }

  @Test("after its client is deleted an old ID token leads to the error page, as at Hydra")
  func deletedClient() throws {
    let provider = try TestProvider()
    let client = try provider.registerApplication()
    let idToken = try #require(try provider.signIn(client)["id_token"])
    #expect(try provider.request("DELETE", "/oauth2/register/\(client.id)", token: client.token).status == 204)
    #expect(try logOut(provider, ["id_token_hint": idToken]).parameters["error"] == "error")
  }

  @Test("clients that want to be framed are, once each, and the page cannot be broken out of")
  func frontChannel() throws {
    let provider = try TestProvider()
    let plain = try provider.registerApplication(LogoutTests.goodbye)
    let framed = try provider.registerApplication([
      "frontchannel_logout_uri": "http://127.0.0.1:9999/out?a=\"><script>alert(1)</script>"
    ])
    let hostile = try provider.registerApplication(["frontchannel_logout_uri": "javascript:alert(1)"])
    let stranger = try provider.registerApplication(["frontchannel_logout_uri": "http://127.0.0.1:9999/stranger"])
    let browser = try provider.code(plain.id)
    let idToken = try #require(try provider.exchange(browser.code, plain)["id_token"])
    for client in [framed, framed, hostile] {
      #expect(try provider.authorize(client.id, ["login_hint": ""], cookie: browser.cookie).status == 303)
    }
    _ = try provider.signIn(stranger)
    let sid = try #require(try provider.claims(idToken)["sid"]?.string)
    let answer = try logOut(
      provider, ["id_token_hint": idToken, "post_logout_redirect_uri": "http://127.0.0.1:9999/bye", "state": "\"'<"],
      cookie: browser.cookie)
    #expect(answer.status == 200)
    #expect(answer.text.split(separator: "<iframe").count == 2)
    let issuer = GoQuery.escaped(provider.provider.publicURL)
    #expect(
      answer.text.contains(
        "<iframe src=\"http://127.0.0.1:9999/out?a=&#34;&gt;&lt;script&gt;alert(1)&lt;/script&gt;&amp;iss=\(issuer)&amp;sid=\(sid)\""
      ))
    #expect(answer.text.contains("href=\"http://127.0.0.1:9999/bye?state=%22%27%3C\""))
    #expect(!answer.text.contains("<script>"))
    #expect(!answer.text.contains("javascript:"))
    #expect(answer.headers["content-security-policy"]?.contains("frame-src http: https:;") ?? false)
    #expect(answer.headers["set-cookie"]?.contains("Max-Age=0") ?? false)
  }

  /// An application that takes notices.
  private final class Application: Sendable {
    let received: Monitor<[(path: String, type: String?, body: String)]>
    let server: HTTPServer

    init() throws {
      let notices = Monitor<[(path: String, type: String?, body: String)]>([])
      received = notices
      server = try HTTPServer(host: "127.0.0.1", port: 0, log: nil) { request, reply in
        notices.update { $0.append((request.path, request.contentType, String(decoding: request.body, as: UTF8.self))) }
        reply(ServerAnswer(status: request.path == "/broken" ? 500 : 200))
      }
    }

    deinit {
      server.beginEnding()
      server.end(grace: .zero)
    }
  }

  @Test("clients that listen are told, with a logout token each; one that fails keeps none of the others from it")
  func backChannel() async throws {
    let application = try Application()
    let lines = Monitor<[String]>([])
    let provider = try TestProvider(
      .init(transport: CurlTransport(CurlTransport.Configuration()), log: { line in lines.update { $0.append(line) } }))
    let base = "http://127.0.0.1:\(application.server.port)"
    func client(_ path: String) throws -> (id: String, token: String, secret: String) {
      try provider.registerApplication(["backchannel_logout_uri": .string(base + path)])
    }
    let clients = try [client("/one"), client("/broken"), client("/two")]
    let unreachable = try provider.registerApplication(["backchannel_logout_uri": "http://127.0.0.1:1/"])
    let browser = try provider.code(clients[0].id)
    let idToken = try #require(try provider.exchange(browser.code, clients[0])["id_token"])
    for other in [clients[1], clients[2], unreachable] {
      #expect(try provider.authorize(other.id, ["login_hint": ""], cookie: browser.cookie).status == 303)
    }
    let elsewhere = try client("/elsewhere")
    _ = try provider.signIn(elsewhere)
    #expect(try logOut(provider, ["id_token_hint": idToken]).status == 302)
    let received = application.received
    let all = try await inBackground {
      _ = received.wait(atMost: .seconds(120)) { $0.count >= 3 }
      _ = lines.wait(atMost: .seconds(120)) { $0.count(where: { $0.contains("logout notice") }) >= 4 }
      return received.update { $0 }
    }
    #expect(Set(all.map(\.path)) == ["/one", "/broken", "/two"])
    #expect(all.count == 3)
    let sid = try provider.claims(idToken)["sid"]
    for notice in all {
      #expect(notice.type == "application/x-www-form-urlencoded")
      let text = GoQuery(parsing: notice.body)["logout_token"]
      let token = try JSONWebToken(parsing: text)
      #expect(token.header["typ"] == "logout+jwt")
      let claims = try provider.claims(text)
      let client = clients[notice.path == "/one" ? 0 : notice.path == "/broken" ? 1 : 2]
      #expect(claims["aud"] == [.string(client.id)])
      #expect(claims["iss"]?.string == provider.provider.publicURL)
      #expect(claims["sid"] == sid)
      #expect(claims["sub"] == "alice")
      #expect(claims["events"] == ["http://schemas.openid.net/event/backchannel-logout": [:]])
      #expect(claims["nonce"] == nil)
      #expect((claims["exp"]?.integer ?? 0) > (claims["iat"]?.integer ?? .max))
      // It is no hint for another logout.
      #expect(try logOut(provider, ["id_token_hint": text]).parameters["error"] == "invalid_request")
    }
    let noted = lines.update { $0 }.filter { $0.contains("logout notice") }
    #expect(noted.contains { $0.contains(clients[1].id) && $0.contains("answered with 500") })
    #expect(noted.contains { $0.contains(unreachable.id) && $0.contains("failed") })
  }
}
