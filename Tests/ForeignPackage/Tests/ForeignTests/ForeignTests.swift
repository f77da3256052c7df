import CCurl
import CSQLite
import EmbeddedProvider
import Foundation
import HTTP
import JSON
import OpenIDRegistration
import OpenIDRegistrationCurl
import Synchronization
import Testing

/// Somebody else's tests, with our provider in their process and modules of their own beside ours.
@Suite struct ForeignTests {
  @Test func `a client is made, read, set and deleted at the embedded provider`() async throws {
    let provider = try EmbeddedProvider.start()
    defer { provider.stop() }
    let client = OpenIDRegistrationClient(transport: CurlTransport())
    let metadata = try await client.discoverOidcConfiguration(issuer: provider.publicURL)
    let endpoint = try #require(Profile.hydra.registrationEndpoint(of: metadata))

    let created = try await client.createOidcDynamicClient(
      ["client_name": "App", "redirect_uris": ["https://app.example.com/callback"]], at: endpoint)
    let uri = try #require(created.registrationClientURI)
    let token = try #require(created.registrationAccessToken)
    let read = try await client.getOidcDynamicClient(at: uri, authentication: .registrationAccessToken(token))
    #expect(read.metadata.clientName == "App")

    let body = Profile.hydra.setBody(declared: ["client_name": "Renamed"], clientID: created.clientID)
    let changed = try await client.setOidcDynamicClient(body, at: uri, authentication: .registrationAccessToken(token))
    let next = try #require(changed.registrationAccessToken)
    #expect(changed.metadata.clientName == "Renamed" && next != token)

    do {
      _ = try await client.getOidcDynamicClient(at: uri, authentication: .registrationAccessToken(token))
      Issue.record("the old token still works")
    } catch {
      #expect(error.code == .unauthorized && error.effect == Effect.none)
    }
    try await client.deleteOidcDynamicClient(at: uri, authentication: .registrationAccessToken(next))
  }

  @Test func `a client that was kept is managed on from its file`() async throws {
    let provider = try EmbeddedProvider.start()
    defer { provider.stop() }
    let folder = FileManager.default.temporaryDirectory.appending(path: "kept-\(UUID())")
    try FileManager.default.createDirectory(
      at: folder, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = ClientFile(url: folder.appending(path: "app.json"))
    let client = OpenIDRegistrationClient(transport: CurlTransport())
    _ = try await client.createOidcDynamicClient(
      ["client_name": "App"], at: provider.publicURL + "/oauth2/register", persist: { try file.keep($0) })
    let kept = try #require(try file.client())
    var body = Profile.hydra.setBody(changing: kept)
    body.clientName = "Renamed"
    _ = try await client.setOidcDynamicClient(body, of: kept, persist: { try file.keep($0) })
    let newest = try #require(try file.client())
    #expect(newest.metadata.clientName == "Renamed" && newest.registrationAccessToken != kept.registrationAccessToken)
    #expect(newest.clientSecret == kept.clientSecret)
    try await client.deleteOidcDynamicClient(of: newest)
  }

  @Test func `a transport of their own stands before ours`() async throws {
    let provider = try EmbeddedProvider.start()
    defer { provider.stop() }
    let lines = Mutex<[String]>([])
    let transport = TimedTransport(base: CurlTransport()) { line in lines.withLock { $0.append(line) } }
    let client = OpenIDRegistrationClient(transport: transport)
    _ = try await client.createOidcDynamicClient(["client_name": "App"], at: provider.publicURL + "/oauth2/register")
    #expect(lines.withLock { $0.count == 1 && $0[0].hasPrefix("POST: 201 after ") })
  }

  @Test func `names that both sides have do no harm`() {
    let theirs = HTTP.HTTPRequest(path: "/", body: JSON.list([.text("a")]))
    let ours = OpenIDRegistration.HTTPRequest(.get, "https://a.example.com/")
    #expect(theirs.body == .list([.text("a")]) && ours.method == .get)
    #expect(JSONValue.array(["a"])[0] == "a")
  }

  @Test func `both sides' bindings of one C library work in one program`() throws {
    var database: OpaquePointer?
    #expect(sqlite3_open(":memory:", &database) == SQLITE_OK)
    sqlite3_close(database)
    #expect(curl_version() != nil)
    // Ours, over the same library.
    let provider = try EmbeddedProvider.start()
    provider.stop()
  }
}
