import Foundation
import OpenIDJSON
import Testing

@testable import EmbeddedProvider

/// What the recordings do not show: bytes, leniency, and what happens between callers.
@Suite struct RegistrationTests {
  @Test("answers are written as Go writes them: one line, escaped for HTML, a newline at the end")
  func bytesAreGos() throws {
    let provider = try TestProvider()
    let answer = try provider.request("POST", "/oauth2/register", body: #"{"client_name":"A & B <c> \u2028"}"#)
    #expect(answer.text.contains(#""client_name":"A \u0026 B \u003cc\u003e \u2028""#))
    #expect(answer.text.hasSuffix("}\n"))
    #expect(!answer.text.dropLast().contains("\n"))
    let refused = try provider.request("POST", "/oauth2/register", body: "[")
    #expect(refused.text.hasSuffix("\"Unable to decode the request body: unexpected EOF\"}\n"))
  }

  struct Lenient: Sendable {
    let body: String
    let member: String
    let value: JSONValue
  }

  @Test(
    "bodies are read as leniently as Go reads them",
    arguments: [
      Lenient(body: #"{"CLIENT_NAME":"x"}"#, member: "client_name", value: "x"),
      Lenient(body: "{\"\u{212a}ind\":1,\"\u{17f}cope\":\"a\"}", member: "scope", value: "a"),
      Lenient(body: #"{"client_name":"x","Client_Name":"y"}"#, member: "client_name", value: "y"),
      Lenient(body: #"{"client_name":"x","client_name":null}"#, member: "client_name", value: "x"),
      Lenient(body: #"{"contacts":["x"],"contacts":null}"#, member: "contacts", value: .null),
      Lenient(body: #"{"contacts":["x",null]}"#, member: "contacts", value: ["x", ""]),
      Lenient(body: #"{"client_name":"x"} and more"#, member: "client_name", value: "x"),
      Lenient(body: "null", member: "client_name", value: ""),
      Lenient(body: #"  {"client_name":"\ud800x\udc00"}"#, member: "client_name", value: "\u{fffd}x\u{fffd}"),
      Lenient(body: #"{"client_name":"\ud83d\ude00"}"#, member: "client_name", value: "\u{1f600}"),
      Lenient(body: #"{"client_secret":""}"#, member: "client_name", value: ""),
      Lenient(body: #"{"client_secret_expires_at":77}"#, member: "client_secret_expires_at", value: 0),
      Lenient(body: #"{"skip_logout_consent":false}"#, member: "skip_logout_consent", value: false),
      Lenient(
        body: #"{"allowed_cors_origins":["HTTPS://a.example.com//"]}"#, member: "allowed_cors_origins",
        value: ["https://a.example.com"]),
      Lenient(body: #"{"jwks":{"keys":null}}"#, member: "jwks", value: ["keys": .null]),
      Lenient(body: #"{"jwks":{"other":1}}"#, member: "jwks", value: [:]),
    ])
  func bodiesAreReadLeniently(_ lenient: Lenient) throws {
    let provider = try TestProvider()
    let answer = try provider.request("POST", "/oauth2/register", body: lenient.body)
    #expect(answer.status == 201, "\(answer.text)")
    #expect(answer.json?[lenient.member] == lenient.value)
  }

  @Test("broken UTF-8 becomes U+FFFD")
  func brokenTextIsReplaced() throws {
    let provider = try TestProvider()
    let connection = try provider.connection()
    let body = Array("{\"client_name\":\"".utf8) + [0x41, 0xff, 0x42] + Array("\"}".utf8)
    try connection.send(Array("POST /oauth2/register HTTP/1.1\r\nHost: x\r\nContent-Length: \(body.count)\r\n\r\n".utf8) + body)
    #expect(try connection.answer()["client_name"] == "A\u{fffd}B")
  }

  @Test("of four simultaneous sets with one token exactly one succeeds", arguments: [false, true])
  func setsAreSerialised(inFile: Bool) async throws {
    let folder = try TemporaryFolder()
    let provider = try TestProvider(.init(data: inFile ? .file(folder.file("provider.sqlite")) : .memory))
    let port = provider.provider.publicPort
    for _ in 0..<10 {
      let client = try provider.register()
      let answers = await withTaskGroup { group in
        for number in 0..<4 {
          group.addTask {
            try? await inBackground {
              try TestConnection(port: port).exchange(
                "PUT", "/oauth2/register/\(client.id)", headers: ["Authorization": "Bearer \(client.token)"],
                body: "{\"client_name\":\"\(number)\"}")
            }
          }
        }
        return await group.reduce(into: []) { $0.append($1) }.compactMap { $0 }
      }
      #expect(answers.map(\.status).sorted() == [200, 401, 401, 401])
      let winner = try #require(answers.first { $0.status == 200 })
      let read = try provider.read(client.id, try #require(winner["registration_access_token"]))
      #expect(read.status == 200)
      #expect(read["client_name"] == winner["client_name"])
    }
  }

  @Test("a delete and a set at once: one of them succeeds")
  func deleteAndSetAreSerialised() async throws {
    let provider = try TestProvider()
    let port = provider.provider.publicPort
    for _ in 0..<20 {
      let client = try provider.register()
      let headers = ["Authorization": "Bearer \(client.token)"]
      async let deleted = inBackground {
        try TestConnection(port: port).exchange("DELETE", "/oauth2/register/\(client.id)", headers: headers)
      }
      async let set = inBackground {
        try TestConnection(port: port).exchange("PUT", "/oauth2/register/\(client.id)", headers: headers, body: "{}")
      }
      let statuses = try await [deleted.status, set.status]
      #expect([[204, 401], [401, 200]].contains(statuses))
    }
  }

  @Test("many clients at once all get in, each with an id and a token of its own")
  func manyCreatesShareCommits() async throws {
    let folder = try TemporaryFolder()
    let provider = try TestProvider(.init(data: .file(folder.file("provider.sqlite"))))
    let port = provider.provider.publicPort
    let tokens = try await withThrowingTaskGroup { group in
      for _ in 0..<8 {
        group.addTask {
          try await inBackground {
            let connection = try TestConnection(port: port)
            return try (0..<25).map { _ in
              try connection.exchange("POST", "/oauth2/register", body: "{}")["registration_access_token"]
            }
          }
        }
      }
      return try await group.reduce(into: []) { $0 += $1 }
    }
    #expect(Set(tokens.compactMap { $0 }).count == 200)
    let list = try provider.admin("GET", "/admin/clients?page_size=500")
    #expect(list.json?.array?.count == 200)
  }

  @Test(
    "a refused set changes nothing, whatever the reason",
    arguments: ["{", "{\"client_secret\":\"secret\"}", "{\"tos_uri\":\"x\"}"])
  func refusedSetChangesNothing(body: String) throws {
    let provider = try TestProvider()
    let client = try provider.register("{\"client_name\":\"before\"}")
    let before = try provider.read(client.id, client.token)
    #expect(
      try (400..<404).contains(provider.request("PUT", "/oauth2/register/\(client.id)", token: client.token, body: body).status)
    )
    #expect(try provider.read(client.id, client.token).body == before.body)
  }

  @Test("a set never changes the time of creation, though its answer repeats what was sent")
  func creationTimeStays() throws {
    let provider = try TestProvider()
    let client = try provider.register()
    let before = try provider.read(client.id, client.token)
    let set = try provider.request(
      "PUT", "/oauth2/register/\(client.id)", token: client.token, body: #"{"created_at":"2001-02-03T04:05:06+01:00"}"#)
    #expect(set["created_at"] == "2001-02-03T03:05:06Z")
    let after = try provider.read(client.id, try #require(set["registration_access_token"]))
    #expect(after["created_at"] == before["created_at"])
  }

  @Test("a token of another client, without its prefix, with another signature")
  func tokensAreBound() throws {
    let provider = try TestProvider()
    let (a, b) = (try provider.register(), try provider.register())
    #expect(try provider.read(a.id, b.token).status == 401)
    #expect(try provider.read(a.id, String(a.token.dropFirst("ory_at_".count))).status == 200)
    let parts = a.token.split(separator: ".")
    #expect(try provider.read(a.id, "\(parts[0]).\(b.token.split(separator: ".")[1])").status == 401)
    #expect(try provider.read(a.id, a.token + "A").status == 401)
  }

  @Test("ids with odd characters, as the admin API lets them be chosen, are reached by their escaped form")
  func oddIDs() throws {
    let provider = try TestProvider()
    let created = try provider.admin("POST", "/admin/clients", body: #"{"client_id":"a/b ü"}"#)
    #expect(created["registration_client_uri"] == provider.provider.publicURL + "/oauth2/register/a%2Fb%20%C3%BC")
    #expect(created.headers["location"] == "/admin/clients/a%2Fb%20%C3%BC")
    let token = try #require(created["registration_access_token"])
    #expect(try provider.read("a%2Fb%20%C3%BC", token)["client_id"] == "a/b ü")
    #expect(try provider.admin("GET", "/admin/clients/a%2Fb%20%C3%BC").status == 200)
  }
}
