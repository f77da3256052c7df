import OpenIDJSON
import OpenIDRegistration
import Testing

@testable import EmbeddedProvider

/// The admin API where the recordings are silent.
@Suite struct AdministrationTests {
  @Test("the prefix may be missing, and one trailing slash does not count")
  func prefixIsOptional() throws {
    let provider = try TestProvider()
    let client = try provider.register()
    let answers = try ["/admin/clients/", "/clients/", "/admin/clients/\(client.id)/", "/clients/\(client.id)"].map {
      try provider.admin("GET", $0)
    }
    #expect(answers.map(\.status) == [200, 200, 200, 200])
    #expect(answers[0].body == answers[1].body)
    #expect(answers[2].body == answers[3].body)
    #expect(
      try provider.admin("PUT", "/clients/\(client.id)/lifespans", body: "{}").status == 200)
  }

  @Test("the list goes page by page, and the links lead through it")
  func listIsPaged() throws {
    let provider = try TestProvider()
    let ids = try (0..<7).map { _ in try provider.register(#"{"owner":"us & them"}"#).id }.sorted()
    _ = try provider.register()
    var path = "/clients?page_size=3&owner=us+%26+them"
    var found: [String] = []
    var pages = 0
    while pages < 10 {
      let answer = try provider.admin("GET", path)
      #expect(answer.status == 200)
      found += answer.json?.array?.compactMap { $0["client_id"]?.string } ?? []
      pages += 1
      let links = (answer.headers["link"] ?? "").split(separator: ",").map(String.init)
      #expect(links.first?.hasPrefix("</admin/clients?owner=us+%26+them&page_size=3&page_token=") ?? false)
      #expect(links.first?.hasSuffix(">; rel=\"first\"") ?? false)
      guard links.count == 2 else { break }
      #expect(links[1].hasSuffix(">; rel=\"next\""))
      path = String(links[1].dropFirst().prefix { $0 != ">" })
    }
    #expect(pages == 3)
    #expect(found == ids)
  }

  @Test("the filters compare whole values, and both have to fit")
  func filtersAreExact() throws {
    let provider = try TestProvider()
    let first = try provider.register(#"{"client_name":"a","owner":"x"}"#).id
    let second = try provider.register(#"{"client_name":"a","owner":"y"}"#).id
    func ids(_ query: String) throws -> Set<String> {
      Set(try provider.admin("GET", "/clients?" + query).json?.array?.compactMap { $0["client_id"]?.string } ?? [])
    }
    #expect(try ids("client_name=a") == [first, second])
    #expect(try ids("owner=x") == [first])
    #expect(try ids("owner=x&client_name=a") == [first])
    #expect(try ids("owner=X") == [])
    #expect(try ids("client_name=a%25") == [])
    #expect(try ids("owner=") == [first, second])
  }

  struct Page: Sendable {
    let query: String
    let reason: String
  }

  @Test(
    "odd page parameters are refused in Hydra's words",
    arguments: [
      Page(query: "page_token=nonsense", reason: "invalid pagination token"),
      Page(query: "page_token=AAAA", reason: "invalid pagination token"),
      Page(query: "page_size=ten", reason: "strconv.Atoi: parsing 'ten': invalid syntax"),
      Page(query: "page_size=99999999999999999999", reason: "strconv.Atoi: parsing '99999999999999999999': value out of range"),
    ])
  func oddPagesAreRefused(_ page: Page) throws {
    let provider = try TestProvider()
    let answer = try provider.admin("GET", "/clients?" + page.query)
    #expect(answer.status == 400)
    #expect(answer["error"] == "The request was malformed or contained invalid parameters")
    #expect(answer["error_description"] == "Unable to parse pagination parameters: " + page.reason)
  }

  @Test("sizes are held within the limits", arguments: [("0", 100), ("-1", 100), ("600", 500), ("7", 7), ("", 100)])
  func pageSizesAreLimited(size: String, used: Int) throws {
    let provider = try TestProvider()
    let answer = try provider.admin("GET", "/clients?page_size=\(size)")
    #expect(answer.headers["link"]?.contains("page_size=\(used)&") ?? false)
  }

  @Test("a page token is good for an hour")
  func pageTokensExpire() throws {
    let key = [UInt8](repeating: 1, count: 32)
    let token = PageToken(after: "x").text(key: key, now: GoTime(seconds: 0))
    #expect(try PageToken(token, key: key, now: GoTime(seconds: 3_600)).after == "x")
    #expect(throws: PageTokenError(message: "page token expired, do not persist page tokens")) {
      try PageToken(token, key: key, now: GoTime(seconds: 3_601))
    }
    #expect(throws: PageTokenError(message: "invalid pagination token")) {
      try PageToken(token, key: [UInt8](repeating: 2, count: 32), now: GoTime(seconds: 0))
    }
  }

  @Test("an id may be chosen, but only once")
  func idsAreUnique() throws {
    let provider = try TestProvider()
    let first = try provider.admin("POST", "/clients", body: #"{"client_id":"mine"}"#)
    #expect(first.status == 201)
    #expect(first["registration_client_uri"] == provider.provider.publicURL + "/oauth2/register/mine")
    let second = try provider.admin("POST", "/clients", body: #"{"client_id":"mine"}"#)
    #expect(second.status == 409)
    #expect(second["error"] == "Unable to insert or update resource because a resource with that value exists already")
    #expect(second["error_description"] == "")
    #expect(try provider.read("mine", try #require(first["registration_access_token"])).status == 200)
  }

  @Test("a set keeps the secret unless it brings one, and repeats what it was sent")
  func setKeepsTheSecret() throws {
    let provider = try TestProvider()
    let created = try provider.admin("POST", "/clients", body: #"{"client_id":"c","client_secret":"first-secret"}"#)
    #expect(created["client_secret"] == "first-secret")
    func storedHash() throws -> SecretHash? {
      try provider.store.reading.use { connection throws(StoreError) in
        try connection.rows("SELECT secret_hash FROM client WHERE id = 'c'") { $0.text(0) ?? "" }
      }.first.flatMap { SecretHash($0) }
    }
    let quiet = try provider.admin(
      "PUT", "/clients/c", body: #"{"registration_access_token":"t","registration_client_uri":"u"}"#)
    #expect(quiet.status == 200)
    #expect(quiet["client_secret"] == nil)
    #expect(quiet["registration_access_token"] == "t")
    #expect(quiet["registration_client_uri"] == "u")
    #expect(try storedHash()?.matches(Secret("first-secret")) == true)
    let loud = try provider.admin("PUT", "/clients/c", body: #"{"client_secret":"second-secret"}"#)
    #expect(loud["client_secret"] == "second-secret")
    #expect(try storedHash()?.matches(Secret("second-secret")) == true)
    #expect(try storedHash()?.matches(Secret("first-secret")) == false)
  }

  @Test("what only the admin API takes is stored and shown there")
  func adminMembers() throws {
    let provider = try TestProvider()
    let body = """
      {"metadata":{"a":[1,null,"<"]},"skip_consent":true,"skip_logout_consent":true,"access_token_strategy":"JWT"}
      """
    let created = try provider.admin("POST", "/clients", body: body)
    let id = try #require(created["client_id"])
    let shown = try provider.admin("GET", "/clients/\(id)")
    #expect(shown.json?["metadata"] == ["a": [1, .null, "<"]])
    #expect(shown.json?["skip_consent"] == true)
    #expect(shown.json?["skip_logout_consent"] == true)
    #expect(shown["access_token_strategy"] == "jwt")
    let read = try provider.read(id, try #require(created["registration_access_token"]))
    #expect(read.json?["metadata"] == nil)
    #expect(read["access_token_strategy"] == "jwt")
  }

  @Test("lifespans are replaced as a whole, and the token lives on")
  func lifespansKeepTheToken() throws {
    let provider = try TestProvider()
    let client = try provider.register(
      #"{"client_name":"x","metadata_":1,"implicit_grant_id_token_lifespan":"1h","scope":"openid"}"#)
    let set = try provider.admin(
      "PUT", "/admin/clients/\(client.id)/lifespans", body: #"{"client_credentials_grant_access_token_lifespan":"90m"}"#)
    #expect(set.status == 200)
    #expect(set["client_credentials_grant_access_token_lifespan"] == "1h30m0s")
    let read = try provider.read(client.id, client.token)
    #expect(read.status == 200)
    #expect(read["client_credentials_grant_access_token_lifespan"] == "1h30m0s")
    #expect(read.json?["implicit_grant_id_token_lifespan"] == .null)
    #expect(read["client_name"] == "x")
    #expect(read["scope"] == "openid")
    #expect(set.json?["metadata"] == [:])
  }

  struct BadLifespans: Sendable {
    let body: String
    let reason: String
  }

  @Test(
    "lifespans that cannot be decoded are told in Go's words",
    arguments: [
      BadLifespans(
        body: #"{"implicit_grant_id_token_lifespan":5}"#,
        reason: "json: cannot unmarshal number into Go struct field Lifespans.implicit_grant_id_token_lifespan of type string"),
      BadLifespans(body: "[]", reason: "json: cannot unmarshal array into Go value of type client.Lifespans"),
      BadLifespans(body: #"{"implicit_grant_id_token_lifespan":"1d"}"#, reason: "time: unknown unit 'd' in duration '1d'"),
      BadLifespans(body: "", reason: "EOF"),
    ])
  func badLifespans(_ bad: BadLifespans) throws {
    let provider = try TestProvider()
    let client = try provider.register()
    let answer = try provider.admin("PUT", "/clients/\(client.id)/lifespans", body: bad.body)
    #expect(answer.status == 400)
    #expect(answer["error_description"] == "Unable to decode the request body: " + bad.reason)
    #expect(try provider.read(client.id, client.token).status == 200)
  }

  @Test("a client that does not exist is 404, whatever is asked of it")
  func missingClients() throws {
    let provider = try TestProvider()
    let answers = try [
      provider.admin("GET", "/clients/x"), provider.admin("PUT", "/clients/x", body: "{}"),
      provider.admin("DELETE", "/clients/x"), provider.admin("PUT", "/clients/x/lifespans", body: "{}"),
    ]
    #expect(answers.map(\.status) == [404, 404, 404, 404])
    #expect(answers.allSatisfy { $0["error"] == "Unable to locate the resource" && $0["error_description"] == "" })
  }

  @Test("a short secret is refused")
  func shortSecrets() throws {
    let provider = try TestProvider()
    let answer = try provider.admin("POST", "/clients", body: #"{"client_secret":"short"}"#)
    #expect(answer.status == 400)
    #expect(answer["error_description"]?.hasSuffix("at least 6 characters long.") ?? false)
  }

  @Test("without an admin port there is no admin API, and none on the public port")
  func adminPortIsOptional() throws {
    let provider = try TestProvider(.init(adminPort: nil))
    #expect(provider.provider.adminPort == nil)
    #expect(provider.provider.adminAddress == nil)
    #expect(try provider.request("GET", "/admin/clients").status == 404)
    #expect(try provider.request("GET", "/clients").status == 404)
  }
}
