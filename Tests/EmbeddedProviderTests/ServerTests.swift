import Foundation
import OpenIDJSON
import OpenIDRegistration
import Synchronization
import Testing

@testable import EmbeddedProvider

/// The HTTP server: routes, limits, beginning and end.
@Suite struct ServerTests {
  struct Unknown: Sendable {
    let method: String
    let path: String
    var accept: String?
    let type: String
  }

  @Test(
    "a route that does not exist is 404 in the form that is asked for",
    arguments: [
      Unknown(method: "GET", path: "/", type: "text/html"),
      Unknown(method: "GET", path: "/nothing", accept: "*/*", type: "text/html"),
      Unknown(method: "GET", path: "/oauth2/register/a/b", accept: "application/json", type: "application/json"),
      Unknown(method: "GET", path: "/oauth2", accept: "text/plain", type: "text/plain"),
      Unknown(method: "POST", path: "/oauth2/register/x", accept: "application/*", type: "application/json"),
      Unknown(method: "OPTIONS", path: "/oauth2/register", accept: "application/json;q=0.5, text/plain", type: "text/plain"),
      Unknown(
        method: "DELETE", path: "/oauth2/register", accept: "text/html;q=0.1, application/json;q=0.2", type: "application/json"),
      Unknown(method: "GET", path: "/OAuth2/Register/x", accept: "text/*;q=0.9, text/plain;q=0.9", type: "text/plain"),
      Unknown(method: "PUT", path: "/.well-known/openid-configuration", accept: "image/png", type: "text/html"),
      Unknown(method: "GET", path: "/x", accept: "application/json;q=0", type: "text/html"),
    ])
  func unknownRoutes(_ unknown: Unknown) throws {
    let provider = try TestProvider()
    let answer = try provider.request(unknown.method, unknown.path, headers: unknown.accept.map { ["Accept": $0] } ?? [:])
    #expect(answer.status == 404)
    #expect(answer.headers["content-type"] == unknown.type + "; charset=utf-8")
    #expect((answer.headers["cache-control"] != nil) == (unknown.method == "GET"))
    let sentence = "The requested route does not exist. Make sure you are using the right path, domain, and port."
    switch unknown.type {
    case "application/json":
      #expect(answer.json == ["error": ["code": 404, "message": "Not Found", "reason": .string(sentence)]])
    case "text/plain": #expect(answer.text == "Error 404 - " + sentence)
    default: #expect(answer.text.contains("<h1>Error 404</h1>"))
    }
  }

  @Test("the connections of one client are spread over the server's threads")
  func threads() throws {
    let threads = Monitor<[ObjectIdentifier: Int]>([:])
    let server = try HTTPServer(host: "127.0.0.1", port: 0, log: nil) { _, reply in
      threads.update { $0[ObjectIdentifier(Thread.current), default: 0] += 1 }
      reply(ServerAnswer(status: 204))
    }
    defer {
      server.beginEnding()
      server.end(grace: .zero)
    }
    let connections = try (0..<16).map { _ in try TestConnection(port: server.port) }
    for connection in connections { try connection.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n") }
    for connection in connections { _ = try connection.answer() }
    let counts = threads.update { Array($0.values) }
    #expect(counts.count == HTTPServer.threads && counts.allSatisfy { $0 >= 16 / HTTPServer.threads })
  }

  @Test(
    "a path with empty or dotted segments leads to the clean one",
    arguments: [
      ("//oauth2/register?a=b", "/oauth2/register?a=b"), ("/oauth2//register", "/oauth2/register"),
      ("/oauth2/./x/../register/", "/oauth2/register"),
    ])
  func uncleanPaths(path: String, clean: String) throws {
    let provider = try TestProvider()
    let answer = try provider.request("POST", path, body: "{}")
    #expect(answer.status == 307)
    #expect(answer.headers["location"] == clean)
    #expect(try provider.admin("GET", "/clients").text == "[]\n")
  }

  @Test("one connection serves many requests, one after the other")
  func connectionsStayAlive() throws {
    let provider = try TestProvider()
    let connection = try provider.connection()
    for _ in 0..<50 {
      let created = try connection.exchange("POST", "/oauth2/register", body: "{}")
      let path = "/oauth2/register/" + (created["client_id"] ?? "")
      let headers = ["Authorization": "Bearer " + (created["registration_access_token"] ?? "")]
      #expect(try connection.exchange("GET", path, headers: headers).status == 200)
      #expect(try connection.exchange("HEAD", path, headers: headers).body == [])
      #expect(try connection.exchange("DELETE", path, headers: headers).status == 204)
    }
  }

  @Test("requests sent in one go are answered in order")
  func pipelining() throws {
    let provider = try TestProvider()
    let connection = try provider.connection()
    let request = "POST /oauth2/register HTTP/1.1\r\nHost: x\r\nContent-Length: 21\r\n\r\n"
    for number in 0..<5 { try connection.send(request + "{\"client_name\":\"no\(number)\"}".prefix(21)) }
    for number in 0..<5 { #expect(try connection.answer()["client_name"] == "no\(number)") }
  }

  @Test("a body in chunks and one that waits for the go-ahead are read")
  func bodiesInOtherForms() throws {
    let provider = try TestProvider()
    let connection = try provider.connection()
    try connection.send("POST /oauth2/register HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
    try connection.send("8\r\n{\"owner\"\r\n5\r\n:\"me\"\r\n1\r\n}\r\n0\r\n\r\n")
    #expect(try connection.answer()["owner"] == "me")
    try connection.send("POST /oauth2/register HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n")
    try connection.send("{}")
    #expect(try connection.answer().status == 201)
  }

  @Test("the largest body that is taken is ten mebibytes")
  func largestBody() throws {
    let provider = try TestProvider()
    let frame = #"{"client_name":""}"#
    let body = #"{"client_name":""# + String(repeating: "x", count: (10 << 20) - frame.utf8.count) + "\"}"
    #expect(try provider.request("POST", "/oauth2/register", body: body).status == 201)
    let connection = try provider.connection()
    // The answer comes, and the connection ends, before all is sent.
    try? connection.send("POST /oauth2/register HTTP/1.1\r\nHost: x\r\nContent-Length: \(body.utf8.count + 1)\r\n\r\n\(body) ")
    #expect(try connection.answer().status == 413)
  }

  @Test("a connection that is cut in the middle of a request harms nobody")
  func cutConnections() throws {
    let provider = try TestProvider()
    for part in ["", "GET", "POST /oauth2/register HTTP/1.1\r\nContent-Length: 10\r\n\r\n{", "nonsense\r\n\r\n"] {
      try provider.connection().send(part)
    }
    #expect(try provider.request("POST", "/oauth2/register", body: "{}").status == 201)
    #expect(try provider.admin("GET", "/clients").json?.array?.count == 1)
  }

  @Test("stopping lets the requests that have arrived end, with their effect and their answer")
  func stoppingFinishes() async throws {
    let folder = try TemporaryFolder()
    let data = EmbeddedProvider.Storage.file(folder.file("provider.sqlite"))
    let provider = try TestProvider(
      .init(data: data, allowsFaults: true, faultPlan: [Fault(.create, times: nil, .before, .delay(milliseconds: 3_600_000))]))
    let port = provider.provider.publicPort
    let answers = await withTaskGroup { group in
      for _ in 0..<6 {
        group.addTask {
          try? await inBackground { try TestConnection(port: port).exchange("POST", "/oauth2/register", body: "{}") }
        }
      }
      while (try? provider.admin("GET", "/faults").json?["faults"]?[0]?["calls"]?.integer) != 6 { await Task.yield() }
      provider.provider.stop()
      return await group.reduce(into: []) { $0.append($1) }
    }
    #expect(answers.map { $0?.status } == [201, 201, 201, 201, 201, 201])
    let again = try TestProvider(.init(data: data))
    #expect(try again.admin("GET", "/clients").json?.array?.count == 6)
  }

  @Test("stopping twice is stopping once, and the port is free afterwards")
  func stoppingFreesThePort() throws {
    let provider = try TestProvider()
    let (port, adminPort) = (provider.provider.publicPort, try #require(provider.provider.adminPort))
    let idle = try provider.connection()
    provider.provider.stop()
    provider.provider.stop()
    #expect(idle.isAtEnd())
    #expect(throws: TestConnection.Failure.self) { try TestConnection(port: port) }
    let next = try TestProvider(.init(publicPort: port, adminPort: adminPort))
    #expect(next.provider.publicPort == port)
    #expect(next.provider.adminPort == adminPort)
  }

  @Test("a provider that nobody holds any more stops by itself")
  func releasingStops() throws {
    var provider: TestProvider? = try TestProvider()
    let port = try #require(provider?.provider.publicPort)
    provider = nil
    #expect(throws: TestConnection.Failure.self) { try TestConnection(port: port) }
  }

  struct Start: Sendable {
    let configuration: EmbeddedProvider.Configuration
    let code: EmbeddedProviderError.Code
    let words: String
  }

  @Test(
    "what cannot start says why",
    arguments: [
      Start(configuration: .init(host: "203.0.113.7"), code: .cannotListen, words: "203.0.113.7"),
      Start(configuration: .init(host: "not an address"), code: .cannotListen, words: "\"not an address\" is no address"),
      Start(configuration: .init(publicPort: 70_000), code: .cannotListen, words: "There is no port 70000"),
      Start(configuration: .init(publicURL: "demo.example.com"), code: .invalidPublicURL, words: "absolute URL"),
      Start(configuration: .init(publicURL: "http://x/?a"), code: .invalidPublicURL, words: "without query"),
      Start(
        configuration: .init(settings: ["oidc.enabled": true]), code: .unknownSetting, words: "no setting \"oidc.enabled\""),
      Start(
        configuration: .init(settings: ["oidc.dynamic_client_registration.enabled": "no"]), code: .invalidSetting,
        words: "takes true or false"),
      Start(
        configuration: .init(settings: ["oidc.dynamic_client_registration.default_scope": "openid"]), code: .invalidSetting,
        words: "takes a list of strings"),
      Start(
        configuration: .init(settings: ["oidc.subject_identifiers.supported_types": ["private"]]), code: .invalidSetting,
        words: "\"public\" and \"pairwise\""),
      Start(configuration: .init(settings: ["ttl.access_token": "1 hour"]), code: .invalidSetting, words: "a duration"),
      Start(
        configuration: .init(settings: ["webfinger.oidc_discovery.client_registration_url": 1]), code: .invalidSetting,
        words: "a URL or null"),
    ])
  func startFailures(_ start: Start) throws {
    let error = try #require(throws: EmbeddedProviderError.self) { try EmbeddedProvider.start(start.configuration) }
    #expect(error.code == start.code)
    #expect(error.description.contains(start.words), "\(error)")
  }

  @Test("a port in use is named")
  func portInUse() throws {
    let provider = try TestProvider()
    let port = provider.provider.publicPort
    let error = try #require(throws: EmbeddedProviderError.self) { try EmbeddedProvider.start(.init(publicPort: port)) }
    #expect(error.code == .portInUse)
    #expect(error.description.contains("Port \(port) of 127.0.0.1 is in use"))
  }

  @Test("the public URL is what is given, or the address")
  func publicURLs() throws {
    let plain = try TestProvider()
    #expect(plain.provider.publicURL == "http://127.0.0.1:\(plain.provider.publicPort)")
    #expect(plain.provider.publicURL == plain.provider.publicAddress)
    #expect(plain.provider.adminAddress == "http://127.0.0.1:\(try #require(plain.provider.adminPort))")
    let named = try TestProvider(.init(publicURL: "https://id.example.com/base/"))
    let discovery = try named.request("GET", "/.well-known/openid-configuration")
    #expect(discovery["issuer"] == "https://id.example.com/base/")
    #expect(discovery["registration_endpoint"] == "https://id.example.com/base/oauth2/register")
    let created = try named.request("POST", "/oauth2/register", body: "{}")
    #expect(created["registration_client_uri"] == "https://id.example.com/base/oauth2/register/" + (created["client_id"] ?? ""))
    #expect(named.provider.publicAddress == "http://127.0.0.1:\(named.provider.publicPort)")
  }

  @Test("it can be listened on IPv6, with brackets in its URL")
  func listensOnIPv6() throws {
    do throws(EmbeddedProviderError) {
      let provider = try EmbeddedProvider.start(.init(host: "::1"))
      #expect(provider.publicURL == "http://[::1]:\(provider.publicPort)")
      provider.stop()
    } catch {
      // A machine without IPv6 says so.
      #expect(error.code == .cannotListen)
    }
  }

  @Test("the log has a line for each request, and no credential in it")
  func logLines() throws {
    let lines = LogLines()
    let provider = try TestProvider(.init(faultPlan: [Fault(.delete, .before, .drop)], log: { lines.append($0) }))
    let client = try provider.register()
    _ = try provider.request("GET", "/oauth2/register/\(client.id)?access_token=\(client.token)")
    _ = try? provider.request("DELETE", "/oauth2/register/\(client.id)", token: client.token)
    provider.provider.stop()
    let words = lines.all.map { $0.split(separator: " ").dropLast(2).joined(separator: " ") }
    #expect(
      words.sorted() == [
        "DELETE /oauth2/register/\(client.id) no answer", "GET /oauth2/register/\(client.id) 200", "POST /oauth2/register 201",
      ])
    #expect(lines.all.allSatisfy { !$0.contains(client.token) && !$0.contains(client.secret) && $0.hasSuffix(" µs") })
  }

  private final class LogLines: Sendable {
    private let lines = Mutex<[String]>([])

    var all: [String] { lines.withLock { $0 } }

    func append(_ line: String) { lines.withLock { $0.append(line) } }
  }
}
