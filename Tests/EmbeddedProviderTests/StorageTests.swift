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
}
