import Foundation
import OpenIDCryptography
import OpenIDJSON
import Testing

@testable import EmbeddedProvider

/// The data file: what outlives a provider, who may share it, and what is refused.
@Suite struct StorageTests {
  @Test("clients, tokens and the server's keys outlive a provider")
  func fileOutlivesTheProvider() throws {
    let folder = try TemporaryFolder()
    let data = EmbeddedProvider.Storage.file(folder.file("provider.sqlite"))
    let first = try TestProvider(.init(data: data, publicURL: "http://demo.embedded.localhost"))
    let client = try first.register(#"{"client_name":"kept"}"#)
    let before = try first.read(client.id, client.token)
    let next = try first.admin("GET", "/clients").headers["link"]?.dropFirst().prefix { $0 != ">" }
    first.provider.stop()
    let second = try TestProvider(.init(data: data, publicURL: "http://demo.embedded.localhost"))
    #expect(try second.read(client.id, client.token).body == before.body)
    #expect(try second.admin("GET", String(try #require(next))).status == 200)
    #expect(second.provider.publicURL == "http://demo.embedded.localhost")
  }

  @Test("two providers have one file open at once and see each other's clients")
  func fileIsShared() throws {
    let folder = try TemporaryFolder()
    let data = EmbeddedProvider.Storage.file(folder.file("provider.sqlite"))
    let providers = try [TestProvider(.init(data: data)), TestProvider(.init(data: data))]
    var client = try providers[0].register()
    for turn in 0..<6 {
      let set = try providers[turn % 2].request("PUT", "/oauth2/register/\(client.id)", token: client.token, body: "{}")
      #expect(set.status == 200)
      #expect(try providers[(turn + 1) % 2].read(client.id, client.token).status == 401)
      client.token = try #require(set["registration_access_token"])
      #expect(try providers[(turn + 1) % 2].read(client.id, client.token).status == 200)
    }
  }

  @Test("two processes write to one file at once, and no client is lost")
  func fileIsSharedByProcesses() async throws {
    let folder = try TemporaryFolder()
    let path = folder.file("provider.sqlite")
    let provider = try TestProvider(.init(data: .file(path)))
    let port = provider.provider.publicPort
    async let writing = inBackground {
      let connection = try TestConnection(port: port)
      return try (0..<40).map { _ in try connection.exchange("POST", "/oauth2/register", body: "{}").status }
    }
    await #expect(processExitsWith: .success) { [path = path as String] in
      let other = try TestProvider(.init(data: .file(path)))
      let connection = try other.connection()
      for number in 0..<40 {
        let answer = try connection.exchange("POST", "/oauth2/register", body: #"{"owner":"child"}"#)
        guard answer.status == 201 else { throw TestConnection.Failure(description: "\(number): \(answer.text)") }
      }
      other.provider.stop()
    }
    #expect(try await writing == [Int](repeating: 201, count: 40))
    #expect(try provider.admin("GET", "/clients?owner=child&page_size=500").json?.array?.count == 40)
    #expect(try provider.admin("GET", "/clients?page_size=500").json?.array?.count == 80)
  }

  @Test("the file holds no token and no secret in clear, and is for its owner alone")
  func fileHoldsNoCredentials() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("provider.sqlite")
    let provider = try TestProvider(.init(data: .file(path)))
    let client = try provider.register()
    _ = try provider.admin("POST", "/clients", body: #"{"client_secret":"a-secret-of-my-choice"}"#)
    provider.provider.stop()
    var bytes: [UInt8] = []
    for file in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
      bytes += try Data(contentsOf: URL(filePath: folder.file(file)))
    }
    #expect(bytes.firstRange(of: Array(client.id.utf8)) != nil)
    for credential in [client.token, String(client.token.dropFirst(7).prefix(43)), client.secret, "a-secret-of-my-choice"] {
      #expect(bytes.firstRange(of: Array(credential.utf8)) == nil)
    }
    let attributes = try FileManager.default.attributesOfItem(atPath: path)
    #expect(attributes[.posixPermissions] as? Int == 0o600)
  }

  @Test("in memory nothing is kept, and two providers share nothing")
  func memoryIsPrivate() throws {
    let providers = try [TestProvider(), TestProvider()]
    let client = try providers[0].register()
    #expect(try providers[1].read(client.id, client.token).status == 401)
    #expect(try providers[1].admin("GET", "/clients").text == "[]\n")
  }

  /// Starts a provider that must not start; what it says.
  private func failure(_ configuration: EmbeddedProvider.Configuration) throws -> EmbeddedProviderError {
    try #require(throws: EmbeddedProviderError.self) { try EmbeddedProvider.start(configuration) }
  }

  @Test("a file that is no database is refused and left as it was")
  func noDatabase() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("notes.txt")
    let content = String(repeating: "These are notes, no database.\n", count: 100)
    try content.write(toFile: path, atomically: true, encoding: .utf8)
    let error = try failure(.init(data: .file(path)))
    #expect(error.code == .notADatabase)
    #expect(error.description.contains(path))
    #expect(try String(contentsOfFile: path, encoding: .utf8) == content)
  }

  @Test("another program's database is refused and left as it was")
  func foreignDatabase() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("other.sqlite")
    try SQLiteConnection(path: path).execute("CREATE TABLE something (else_ TEXT); PRAGMA user_version = 1")
    let before = try Data(contentsOf: URL(filePath: path))
    let error = try failure(.init(data: .file(path)))
    #expect(error.code == .notADatabase)
    #expect(error.description.contains("another program"))
    #expect(try Data(contentsOf: URL(filePath: path)) == before)
  }

  @Test("a file of a newer version is refused")
  func fileFromTheFuture() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("provider.sqlite")
    try TestProvider(.init(data: .file(path))).provider.stop()
    try SQLiteConnection(path: path).execute("PRAGMA user_version = 999")
    let error = try failure(.init(data: .file(path)))
    #expect(error.code == .dataFromTheFuture)
    #expect(error.description.contains("999"))
  }

  @Test("a folder that does not exist, and a path that is a folder")
  func pathsThatCannotBeOpened() throws {
    let folder = try TemporaryFolder()
    let missing = try failure(.init(data: .file(folder.file("missing/provider.sqlite"))))
    #expect(missing.code == .cannotOpenData)
    #expect(missing.description.contains("no such file or directory"))
    let directory = try failure(.init(data: .file(folder.path)))
    #expect(directory.code == .cannotOpenData)
    #expect(directory.description.contains(folder.path))
  }

  @Test("a file that may only be read is refused", .enabled(if: geteuid() != 0, "root may write to every file"))
  func readOnlyFile() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("provider.sqlite")
    try TestProvider(.init(data: .file(path))).provider.stop()
    try FileManager.default.setAttributes([.posixPermissions: 0o400], ofItemAtPath: path)
    #expect(try failure(.init(data: .file(path))).code == .dataNotWritable)
  }

  @Test("a provider that cannot start leaves its ports free")
  func failureFreesPorts() throws {
    let blocker = try TestProvider()
    let port = try TestProvider().provider.publicPort
    let error = try failure(.init(publicPort: port, adminPort: blocker.provider.publicPort))
    #expect(error.code == .portInUse)
    #expect(try TestProvider(.init(publicPort: port)).provider.publicPort == port)
  }

  @Test("while another process holds the file a create says that it may be repeated")
  func busyFile() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("provider.sqlite")
    let provider = try TestProvider(.init(data: .file(path)))
    let client = try provider.register()
    let other = try SQLiteConnection(path: path)
    try provider.store.writing.use { connection throws(StoreError) in try connection.execute("PRAGMA busy_timeout = 50") }
    try other.execute("BEGIN IMMEDIATE")
    let refused = try provider.request("POST", "/oauth2/register", body: "{}")
    #expect(refused.status == 400)
    #expect(refused["error"] == "Unable to serialize access due to a concurrent update in another session")
    #expect(try provider.read(client.id, client.token).status == 200)
    try other.execute("ROLLBACK")
    #expect(try provider.request("POST", "/oauth2/register", body: "{}").status == 201)
  }

  @Test("a disk that is full answers 500, and the others of the group are told as well")
  func fullDisk() throws {
    let folder = try TemporaryFolder()
    let provider = try TestProvider(.init(data: .file(folder.file("provider.sqlite"))))
    let pages = try provider.store.writing.use { connection throws(StoreError) in try connection.number("PRAGMA page_count") }
    try provider.store.writing.use { connection throws(StoreError) in
      _ = try connection.number("PRAGMA max_page_count = \(pages)")
    }
    let large = "{\"client_name\":\"" + String(repeating: "x", count: 100_000) + "\"}"
    let refused = try provider.request("POST", "/oauth2/register", body: large)
    #expect(refused.status == 500)
    #expect(refused["error"] == "error")
    #expect(refused["error_description"] == "The error is unrecognizable")
    try provider.store.writing.use { connection throws(StoreError) in
      _ = try connection.number("PRAGMA max_page_count = 100000")
    }
    #expect(try provider.request("POST", "/oauth2/register", body: large).status == 201)
  }

  @Test("a secret's hash fits that secret alone, and says how it was made")
  func secretHashes() throws {
    for isRandom in [true, false] {
      let hash = SecretHash(Secret("correct"), isRandom: isRandom)
      let stored = try #require(SecretHash(hash.description))
      #expect(stored.matches(Secret("correct")))
      #expect(!stored.matches(Secret("Correct")))
      #expect(hash.description.hasPrefix("$pbkdf2-sha256$i=\(isRandom ? 1 : 25_000),l=32$"))
    }
    #expect(SecretHash(Secret("x"), isRandom: true) != SecretHash(Secret("x"), isRandom: true))
    for text in ["", "x", "$pbkdf2-sha256$i=1,l=32$AAAA$", "$pbkdf2-sha256$i=x,l=32$AAAA$AAAA", "$other$i=1,l=32$AAAA$AAAA"] {
      #expect(SecretHash(text) == nil)
    }
  }

  @Test("whoever is signed in stays so, and tokens and keys hold, when a provider starts anew")
  func signInsOutliveTheProvider() throws {
    let folder = try TemporaryFolder()
    let configuration = EmbeddedProvider.Configuration(
      data: .file(folder.file("provider.sqlite")), publicURL: "http://demo.embedded.localhost")
    let first = try TestProvider(configuration)
    let client = try first.registerApplication()
    let browser = try first.code(client.id)
    let unused = try first.code(client.id).code
    let tokens = try first.exchange(browser.code, client)
    let keys = try first.publishedKeys()
    first.provider.stop()
    let second = try TestProvider(configuration)
    #expect(try second.publishedKeys() == keys)
    #expect(try second.userInfo(tokens["access_token"])["sub"] == "alice")
    #expect(try second.claims(tokens["id_token"])["sub"] == "alice")
    #expect(try second.authorize(client.id, ["login_hint": ""], cookie: browser.cookie).status == 303)
    #expect(try second.refresh(try #require(tokens["refresh_token"]), client).status == 200)
    #expect(try second.exchange(unused, client).status == 200)
    #expect(try second.exchange(browser.code, client)["error"] == "invalid_grant")
  }

  @Test("providers that share a file make one key of ID tokens")
  func keyIsShared() throws {
    let folder = try TemporaryFolder()
    let data = EmbeddedProvider.Storage.file(folder.file("provider.sqlite"))
    let providers = try [TestProvider(.init(data: data)), TestProvider(.init(data: data))]
    #expect(try providers[0].publishedKeys() == providers[1].publishedKeys())
  }

  @Test("no code, token or cookie is in the file in clear, nor is what proves a key")
  func fileHoldsNoTokens() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("provider.sqlite")
    let provider = try TestProvider(.init(data: .file(path)))
    let client = try provider.registerApplication()
    let browser = try provider.code(client.id)
    let tokens = try provider.exchange(browser.code, client)
    let unused = try provider.code(client.id).code
    provider.provider.stop()
    var bytes: [UInt8] = []
    for file in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
      bytes += try Data(contentsOf: URL(filePath: folder.file(file)))
    }
    #expect(bytes.firstRange(of: Array("alice".utf8)) != nil)
    let cookie = try #require(browser.cookie.split(separator: "=").last)
    for credential in [
      browser.code, unused, String(cookie), try #require(tokens["access_token"]), try #require(tokens["refresh_token"]),
    ] {
      // The part before the dot is what is secret in it.
      let first = try #require(credential.split(separator: ".").first)
      let secret = first.hasPrefix("ory_") ? first.dropFirst(7) : first
      #expect(bytes.firstRange(of: Array(secret.utf8)) == nil)
    }
  }

  @Test("a file of the version before is brought up to date, with its clients")
  func olderFile() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("provider.sqlite")
    let configuration = EmbeddedProvider.Configuration(data: .file(path), publicURL: "http://demo.embedded.localhost")
    let first = try TestProvider(configuration)
    let client = try first.registerApplication()
    let before = try first.read(client.id, client.token)
    first.provider.stop()
    try SQLiteConnection(path: path).execute(
      """
      DROP TABLE used_assertion; DROP TABLE token; DROP TABLE client_grant; DROP TABLE browser_session;
      DELETE FROM server_secret WHERE name IN ('sign_in', 'id_token_key'); PRAGMA user_version = 1
      """)
    let second = try TestProvider(configuration)
    #expect(try second.read(client.id, client.token).body == before.body)
    #expect(try second.userInfo(try second.signIn(client)["access_token"])["sub"] == "alice")
  }

  @Test("what ended long ago is forgotten at the next start, and nothing else")
  func forgetting() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("provider.sqlite")
    let first = try TestProvider(.init(data: .file(path)))
    let client = try first.registerApplication()
    _ = try first.signIn(client)
    first.provider.stop()
    let connection = try SQLiteConnection(path: path)
    func counts() throws -> [Int] {
      try ["token", "client_grant", "browser_session"].map { try connection.number("SELECT count(*) FROM \($0)") }
    }
    try TestProvider(.init(data: .file(path))).provider.stop()
    #expect(try counts() == [3, 1, 1])
    try connection.execute(
      """
      UPDATE token SET expires_at = expires_at - 3000000; UPDATE client_grant SET requested_at = requested_at - 3000000;
      UPDATE browser_session SET authenticated_at = authenticated_at - 3000000
      """)
    try TestProvider(.init(data: .file(path))).provider.stop()
    #expect(try counts() == [0, 0, 0])
  }

  @Test("a job of several statements leaves nothing behind where one of them fails")
  func atomicJobs() throws {
    let connection = try SQLiteConnection(path: ":memory:")
    try connection.execute("CREATE TABLE number (value INTEGER PRIMARY KEY); BEGIN")
    #expect(throws: StoreError.self) {
      try connection.atomically { () throws(StoreError) in
        try connection.run("INSERT INTO number VALUES (1)")
        try connection.run("INSERT INTO number VALUES (1)")
      }
    }
    try connection.atomically { () throws(StoreError) in _ = try connection.run("INSERT INTO number VALUES (2)") }
    try connection.execute("COMMIT")
    #expect(try connection.rows("SELECT value FROM number") { $0.integer(0) } == [2])
  }
}
