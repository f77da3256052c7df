import OpenIDCryptography
import OpenIDJSON
import Testing

@testable import EmbeddedProvider

/// The authorization endpoint: who may be answered where, and what an answer holds.
@Suite struct AuthorizationTests {
  @Test(
    "whoever cannot be sent back to the client is shown what is wrong",
    arguments: [
      (["client_id": "nobody"], "does not exist"), (["client_id": ""], "'client_id' is missing"),
      (["redirect_uri": "http://127.0.0.1:9999/cb2"], "none of the client's redirect URIs"),
      (["redirect_uri": "http://127.0.0.1:9999/cb/"], "none of the client's redirect URIs"),
      (["redirect_uri": "http://127.0.0.1:9999/cb?x=1"], "none of the client's redirect URIs"),
      (["redirect_uri": "http://localhost:9999/cb"], "none of the client's redirect URIs"),
      (["redirect_uri": "https://127.0.0.1:9999/cb"], "none of the client's redirect URIs"),
      (["redirect_uri": "http://127.0.0.1:9999@evil.example/cb"], "none of the client's redirect URIs"),
      (["redirect_uri": "javascript:alert(1)"], "none that a browser may be sent to|no absolute URI"),
    ])
  func refusalsOnPage(parameters: [String: String], words: String) throws {
    let provider = try TestProvider()
    let client = try provider.registerApplication([
      "redirect_uris": [.string(TestProvider.redirectURI), "javascript:alert(1)"]
    ])
    let answer = try provider.authorize(client.id, parameters)
    #expect(answer.status == 302)
    #expect(answer.location.hasPrefix(provider.provider.publicURL + "/oauth2/fallbacks/error?"))
    let description = answer.parameters["error_description"]
    #expect(words.split(separator: "|").contains { description.contains($0) }, "\(description)")
  }

  @Test(
    "what is wrong otherwise goes to the client, with its state",
    arguments: [
      (["response_type": ""], "invalid_request"), (["response_type": "code nonsense"], "unsupported_response_type"),
      (["response_type": "nonsense"], "unsupported_response_type"), (["scope": "openid admin"], "invalid_scope"),
      (["code_challenge_method": "plain"], "invalid_request"), (["code_challenge_method": ""], "invalid_request"),
      (["code_challenge_method": "S512"], "invalid_request"), (["code_challenge": "short"], "invalid_request"),
      (["code_challenge": ""], "invalid_request"), (["login_claims": "[1]"], "invalid_request"),
      (["login_claims": "{"], "invalid_request"), (["max_age": "-1"], "invalid_request"),
      (["prompt": "none login"], "invalid_request"), (["prompt": "none", "login_hint": ""], "login_required"),
      (["request": "a.b.c"], "request_not_supported"), (["request_uri": "https://a/"], "request_uri_not_supported"),
      (["response_mode": "carrier-pigeon"], "unsupported_response_mode"), (["id_token_hint": "a.b.c"], "login_required"),
    ])
  func refusalsByRedirect(parameters: [String: String], error: String) throws {
    let provider = try TestProvider()
    let client = try provider.registerApplication()
    let answer = try provider.authorize(client.id, parameters)
    #expect(answer.status == 303)
    #expect(answer.location.hasPrefix(TestProvider.redirectURI + "?"))
    #expect(answer.parameters["error"] == error)
    #expect(answer.parameters["state"] == "a state")
    #expect(answer.parameters["code"].isEmpty)
    #expect(answer.headers["set-cookie"] == nil)
  }

  @Test("a parameter that stands twice is refused, on a page where it is the way back")
  func repeatedParameters() throws {
    let provider = try TestProvider()
    let client = try provider.registerApplication()
    let good = "client_id=\(client.id)&response_type=code&scope=openid&login_hint=alice"
    let scope = try provider.request("GET", "/oauth2/auth?\(good)&scope=openid")
    #expect(scope.location.hasPrefix(TestProvider.redirectURI + "?error=invalid_request"))
    let id = try provider.request("GET", "/oauth2/auth?\(good)&client_id=\(client.id)")
    #expect(id.parameters["error_description"].contains("'client_id' stands more than once"))
    let broken = try provider.request("GET", "/oauth2/auth?\(good)&state=%zz")
    #expect(broken.location.contains("/oauth2/fallbacks/error?"))
    #expect(try provider.request("GET", "/oauth2/auth?\(good)").parameters["code"].isEmpty == false)
  }

  @Test(
    "a program on the user's machine may take any port of a loopback address",
    arguments: [
      ("http://127.0.0.1/cb", "http://127.0.0.1:51004/cb", true), ("http://127.0.0.1:1/cb", "http://127.0.0.1:2/cb", true),
      ("http://[::1]/cb", "http://[::1]:51004/cb", true), ("http://127.0.0.1/cb", "http://127.0.0.1:51004/other", false),
      ("http://127.0.0.1/cb", "http://127.0.0.2:51004/cb", false), ("http://localhost/cb", "http://localhost:51004/cb", false),
      ("https://app.example.com/cb", "https://app.example.com:8443/cb", false),
      ("com.example.app:/cb", "com.example.app:/cb", true),
    ])
  func loopbackPorts(registered: String, requested: String, isAccepted: Bool) throws {
    let provider = try TestProvider()
    let client = try provider.registerApplication(["redirect_uris": [.string(registered)]])
    let answer = try provider.authorize(client.id, ["redirect_uri": requested])
    #expect(answer.location.hasPrefix(requested + "?code=") == isAccepted, "\(answer.location)")
  }

  @Test("a client with one redirect URI need not repeat it")
  func impliedRedirect() throws {
    let provider = try TestProvider()
    let client = try provider.registerApplication()
    let code = try provider.code(client.id, ["redirect_uri": ""]).code
    #expect(try provider.exchange(code, client, ["redirect_uri": ""]).status == 200)
    let two = try provider.registerApplication(["redirect_uris": ["https://a/", "https://b/"]])
    #expect(try provider.authorize(two.id, ["redirect_uri": ""]).parameters["error"] == "invalid_request")
  }

  @Test("where nobody is named a page says what to add, and its form adds it")
  func nobodyNamed() throws {
    let provider = try TestProvider()
    let client = try provider.registerApplication()
    let answer = try provider.authorize(client.id, ["login_hint": "", "state": "\"><script>alert(1)</script>"])
    #expect(answer.status == 400)
    #expect(answer.headers["content-type"] == "text/html; charset=utf-8")
    #expect(answer.text.contains("login_hint=SUBJECT"))
    #expect(answer.text.contains("name=\"client_id\" value=\"\(client.id)\""))
    #expect(answer.text.contains("value=\"&#34;&gt;&lt;script&gt;alert(1)&lt;/script&gt;\""))
    #expect(!answer.text.contains("<script>alert"))
  }

  @Test("the browser stays signed in: the session is the same, until somebody else is named or the sign-in is to be new")
  func sessionsAreKept() throws {
    let provider = try TestProvider()
    let client = try provider.registerApplication()
    let first = try provider.code(client.id)
    func session(_ parameters: [String: String], cookie: String?) throws -> (sid: String?, isNew: Bool) {
      let answer = try provider.authorize(client.id, parameters, cookie: cookie)
      let tokens = try provider.exchange(answer.parameters["code"], client)
      return (try provider.claims(tokens["id_token"])["sid"]?.string, answer.headers["set-cookie"] != nil)
    }
    let sid = try provider.claims(try provider.exchange(first.code, client)["id_token"])["sid"]?.string
    #expect(try session(["login_hint": ""], cookie: first.cookie) == (sid, false))
    #expect(try session(["login_hint": "", "prompt": "none"], cookie: "other=1; " + first.cookie) == (sid, false))
    #expect(try session([:], cookie: first.cookie) == (sid, false))
    for parameters in [["login_hint": "bob"], ["prompt": "login"]] {
      let other = try session(parameters, cookie: first.cookie)
      #expect(other.isNew)
      #expect(other.sid != sid)
    }
    #expect(try provider.authorize(client.id, ["login_hint": ""], cookie: first.cookie + "x").status == 400)
    try provider.store.writing.use { connection throws(StoreError) in
      try connection.execute("UPDATE browser_session SET authenticated_at = authenticated_at - 100")
    }
    #expect(try provider.authorize(client.id, ["login_hint": "", "max_age": "50"], cookie: first.cookie).status == 400)
    #expect(try provider.authorize(client.id, ["login_hint": "", "max_age": "5000"], cookie: first.cookie).status == 303)
  }

  @Test("the cookie is for HTTP alone, and secure where the provider's URL is")
  func cookies() throws {
    for (url, isSecure) in [("http://demo.example.localhost", false), ("https://demo.example.com", true)] {
      let provider = try TestProvider(.init(publicURL: url))
      let field = try provider.authorize(try provider.registerApplication().id).headers["set-cookie"] ?? ""
      #expect(field.contains("; Path=/; HttpOnly; SameSite=Lax"))
      #expect(field.hasSuffix("; Secure") == isSecure)
    }
  }

  @Test("claims come into the ID token and userinfo, and none of the provider's own can be brought")
  func claims() throws {
    let provider = try TestProvider()
    let client = try provider.registerApplication()
    let brought = #"{"name":"Ä \"x\"","sub":"root","iss":"x","aud":["x"],"exp":1,"sid":"x","nonce":"x","groups":["a"]}"#
    let answer = try provider.signIn(client, ["login_claims": brought, "login_hint": "alice smith"])
    for claims in [
      try provider.claims(answer["id_token"]), try #require(try provider.userInfo(answer["access_token"]).json?.object),
    ] {
      #expect(claims["name"] == "Ä \"x\"")
      #expect(claims["groups"] == ["a"])
      #expect(claims["sub"] == "alice smith")
      #expect(claims["iss"]?.string == provider.provider.publicURL)
      #expect(claims["aud"] == [.string(client.id)])
      #expect(claims.names == claims.names.sorted())
    }
    let shown = try provider.userInfo(answer["access_token"]).json?.object?.names
    #expect(shown == ["aud", "auth_time", "groups", "iat", "iss", "name", "rat", "sub"])
    let claims = try provider.claims(answer["id_token"])
    #expect(claims["nonce"] == "a-nonce")
    #expect(
      claims["at_hash"]?.string
        == Base64.encode(
          SHA2.sha256(Array((answer["access_token"] ?? "").utf8)).prefix(16), urlSafe: true, padded: false))
  }

  @Test("the other response types bring their tokens in the fragment")
  func otherResponseTypes() throws {
    let provider = try TestProvider()
    let client = try provider.registerApplication([
      "response_types": ["token", "id_token token", "code id_token"], "grant_types": ["implicit", "authorization_code"],
      "implicit_grant_access_token_lifespan": "2m", "implicit_grant_id_token_lifespan": "3m",
    ])
    let token = try provider.authorize(client.id, ["response_type": "token", "response_mode": "query"])
    #expect(token.parameters["error"] == "unsupported_response_mode")
    #expect(token.location.hasPrefix(TestProvider.redirectURI + "#"))
    let both = try provider.authorize(client.id, ["response_type": "token id_token"])
    #expect(both.location.hasPrefix(TestProvider.redirectURI + "#access_token="))
    #expect((118...120).contains(Int(both.parameters["expires_in"]) ?? 0))
    #expect(try provider.userInfo(both.parameters["access_token"])["sub"] == "alice")
    let claims = try provider.claims(both.parameters["id_token"])
    #expect(claims["at_hash"] != nil)
    #expect((claims["exp"]?.integer ?? 0) - (claims["iat"]?.integer ?? 0) - 180 <= 1)
    let hybrid = try provider.authorize(client.id, ["response_type": "code id_token"])
    let hash = Base64.encode(SHA2.sha256(Array(hybrid.parameters["code"].utf8)).prefix(16), urlSafe: true, padded: false)
    #expect(try provider.claims(hybrid.parameters["id_token"])["c_hash"]?.string == hash)
    #expect(try provider.exchange(hybrid.parameters["code"], client).status == 200)
    let without = try provider.authorize(client.id, ["response_type": "code id_token", "nonce": ""])
    #expect(without.parameters["error"] == "invalid_request")
  }

  @Test("an answer by form is a page that sends itself, and cannot be broken out of")
  func formPost() throws {
    let provider = try TestProvider()
    let client = try provider.registerApplication(["redirect_uris": ["https://app.example.com/cb?a=\"b\""]])
    let answer = try provider.authorize(
      client.id,
      ["response_mode": "form_post", "redirect_uri": "https://app.example.com/cb?a=\"b\"", "state": "'\"><b>&amp;"])
    #expect(answer.status == 200)
    #expect(answer.text.contains("<form method=\"post\" action=\"https://app.example.com/cb?a=&#34;b&#34;\">"))
    #expect(answer.text.contains("name=\"state\" value=\"&#39;&#34;&gt;&lt;b&gt;&amp;amp;\""))
    #expect(answer.text.contains("name=\"code\" value=\"ory_ac_"))
    let policy = try #require(answer.headers["content-security-policy"])
    let nonce = try #require(policy.split(separator: "'nonce-").dropFirst().first?.prefix { $0 != "'" })
    #expect(answer.text.contains("<script nonce=\"\(nonce)\">document.forms[0].submit()</script>"))
  }

  @Test("the page of errors shows text and nothing else")
  func errorPage() throws {
    let answer = try TestProvider().request(
      "GET", "/oauth2/fallbacks/error?error=%3Cscript%3Ealert(1)%3C/script%3E&error_description=%22%27%3C%26")
    #expect(answer.status == 400)
    #expect(answer.text.contains("&lt;script&gt;alert(1)&lt;/script&gt;"))
    #expect(answer.text.contains("&#34;&#39;&lt;&amp;"))
    #expect(!answer.text.contains("<script"))
    #expect(answer.headers["content-security-policy"]?.hasPrefix("default-src 'none'") ?? false)
  }

  @Test("POST works like GET, and HEAD does nothing")
  func methods() throws {
    let provider = try TestProvider()
    let client = try provider.registerApplication()
    let body = form([
      "client_id": client.id, "response_type": "code", "scope": "openid", "login_hint": "alice",
    ])
    let headers = ["Content-Type": "application/x-www-form-urlencoded; charset=utf-8"]
    let answer = try provider.request("POST", "/oauth2/auth", headers: headers, body: body)
    #expect(answer.status == 303)
    #expect(answer.parameters["code"].hasPrefix("ory_ac_"))
    #expect(answer.body == [])
    #expect(try provider.request("HEAD", "/oauth2/auth?" + body).status == 404)
    #expect(try provider.request("HEAD", "/oauth2/sessions/logout").status == 404)
    #expect(try provider.request("HEAD", "/.well-known/jwks.json").status == 200)
    #expect(try provider.request("POST", "/oauth2/auth", body: body).location.contains("/oauth2/fallbacks/error?"))
  }

  @Test("pairwise subjects are the same for one sector, others for another, and tell nobody who it is")
  func pairwiseSubjects() throws {
    let provider = try TestProvider(.init(settings: ["oidc.subject_identifiers.supported_types": ["public", "pairwise"]]))
    func subject(_ hosts: [String], _ hint: String = "alice") throws -> String? {
      let client = try provider.registerApplication([
        "subject_type": "pairwise", "redirect_uris": JSONValue.array(hosts.map { .string("https://\($0)/cb") }),
      ])
      let answer = try provider.authorize(client.id, ["redirect_uri": "https://\(hosts[0])/cb", "login_hint": hint])
      if !answer.parameters["error"].isEmpty { return answer.parameters["error"] }
      let tokens = try provider.exchange(answer.parameters["code"], client, ["redirect_uri": "https://\(hosts[0])/cb"])
      let subject = try provider.claims(tokens["id_token"])["sub"]?.string
      #expect(try provider.userInfo(tokens["access_token"])["sub"] == subject)
      return subject
    }
    let one = try subject(["a.example"])
    #expect(one != "alice")
    #expect(try subject(["a.example"]) == one)
    #expect(try subject(["b.example"]) != one)
    #expect(try subject(["a.example"], "bob") != one)
    #expect(try subject(["a.example", "b.example"]) == "invalid_request")
  }
}
