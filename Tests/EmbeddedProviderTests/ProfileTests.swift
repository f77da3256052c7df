import Foundation
import OpenIDJSON
import OpenIDRegistration
import Synchronization
import Testing

@testable import EmbeddedProvider

/// A provider that is played by a profile, and not from recordings of Hydra.
@Suite struct ProfileTests {
  private static let body = #"{"client_name":"App","redirect_uris":["https://app.example.com/cb"],"x_unknown":[1,{"a":null}]}"#

  private func provider(_ change: (inout Profile) -> Void = { _ in }) throws -> TestProvider {
    var profile = Profile.rfc7591
    change(&profile)
    return try TestProvider(.init(profile: profile))
  }

  @Test("by the RFCs a read says what the registration said, credentials and unknown members as well, and the token lives on")
  func life() throws {
    let provider = try provider()
    let created = try provider.request("POST", "/oauth2/register", body: Self.body)
    #expect(created.status == 201)
    #expect(created.headers["cache-control"] == "no-store")
    let id = try #require(created["client_id"])
    let token = try #require(created["registration_access_token"])
    #expect(created["registration_client_uri"] == provider.provider.publicURL + "/oauth2/register/\(id)")
    #expect(created.json?["client_secret_expires_at"] == 0)
    #expect(created.json?["x_unknown"] == [1, ["a": .null]])
    // RFC 7591, section 2.
    #expect(created["token_endpoint_auth_method"] == "client_secret_basic")
    #expect(created.json?["grant_types"] == ["authorization_code"])
    for _ in 0..<2 {
      let read = try provider.read(id, token)
      #expect(read.status == 200)
      #expect(read.json == created.json)
    }
    let set = try provider.request(
      "PUT", "/oauth2/register/\(id)", token: token,
      body: #"{"client_id":"\#(id)","redirect_uris":["https://app.example.com/other"]}"#)
    #expect(set.status == 200)
    #expect(set["registration_access_token"] == token)
    #expect(set["client_secret"] == created["client_secret"])
    #expect(set["client_name"] == nil, "a set replaces everything")
    #expect(try provider.read(id, token).json == set.json)
    #expect(try provider.request("DELETE", "/oauth2/register/\(id)", token: token).status == 204)
    let gone = try provider.read(id, token)
    #expect(gone.status == 401)
    #expect(gone["error"] == "invalid_token")
    #expect(gone.headers["www-authenticate"] == #"Bearer error="invalid_token""#)
  }

  struct BadSet: Sendable {
    let members: JSONObject
    let words: String
  }

  @Test(
    "what the body of a set has to have, and must not, is held to",
    arguments: [
      BadSet(members: ["client_id": .null], words: "needs client_id"),
      BadSet(members: ["client_id": "other"], words: "client_id is not the client's"),
      BadSet(members: ["client_secret": "other"], words: "client_secret is not the client's"),
      BadSet(members: ["registration_access_token": "x"], words: "must not have registration_access_token"),
      BadSet(members: ["client_secret_expires_at": 0], words: "must not have client_secret_expires_at"),
      BadSet(members: ["redirect_uris": []], words: "need redirect_uris"),
    ])
  func badSets(_ set: BadSet) throws {
    let provider = try provider()
    let client = try provider.register(Self.body)
    let standard: JSONObject = [
      "client_id": .string(client.id), "client_secret": .string(client.secret), "redirect_uris": ["https://app.example.com/2"],
    ]
    let body = standard.merging(set.members).filter { $0.value != .null }
    let answer = try provider.request("PUT", "/oauth2/register/\(client.id)", token: client.token, body: body.text())
    #expect(answer.status == 400)
    #expect(answer["error_description"]?.contains(set.words) == true, "\(answer.text)")
    #expect(try provider.read(client.id, client.token)["client_name"] == "App")
    let right = try provider.request("PUT", "/oauth2/register/\(client.id)", token: client.token, body: standard.text())
    #expect(right.status == 200)
  }

  @Test(
    "metadata that no provider should take are refused in a sentence",
    arguments: [
      ("", "invalid_client_metadata", "no JSON"), ("[]", "invalid_client_metadata", "has to be a JSON object"),
      (
        #"{"redirect_uris":"https://a.example.com/cb"}"#, "invalid_client_metadata", "redirect_uris has to be a list of strings"
      ),
      (#"{"redirect_uris":["/cb"]}"#, "invalid_redirect_uri", "/cb is no absolute URI"),
      (#"{"redirect_uris":["https://a.example.com/#x"]}"#, "invalid_redirect_uri", "without a fragment"),
      ("{}", "invalid_redirect_uri", "need redirect_uris"),
      (#"{"grant_types":["client_credentials"],"client_name":7}"#, "invalid_client_metadata", "client_name has to be a string"),
    ])
  func badMetadata(body: String, code: String, words: String) throws {
    let provider = try provider()
    let answer = try provider.request("POST", "/oauth2/register", body: body)
    #expect(answer.status == 400)
    #expect(answer["error"] == code)
    #expect(answer["error_description"]?.contains(words) == true, "\(answer.text)")
  }

  @Test("a profile whose reads rotate hands out another token each time, and of several reads with one token one succeeds")
  func rotatingReads() async throws {
    let provider = try provider { $0.readRotatesToken = .always }
    let client = try provider.register(Self.body)
    let read = try provider.read(client.id, client.token)
    let second = try #require(read["registration_access_token"])
    #expect(second != client.token)
    #expect(read["client_secret"] == client.secret)
    #expect(try provider.read(client.id, client.token).status == 401)
    let port = provider.provider.publicPort
    let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
      for _ in 0..<4 {
        group.addTask {
          try await inBackground {
            try TestConnection(port: port).exchange(
              "GET", "/oauth2/register/\(client.id)", headers: ["Authorization": "Bearer \(second)"]
            ).status
          }
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(statuses.sorted() == [200, 401, 401, 401])
  }

  @Test("a profile may rotate at sets, show nothing at reads, refuse members, drop them and fill in its own")
  func otherProfiles() throws {
    let provider = try provider {
      $0.setRotatesToken = .always
      $0.readReturnsToken = false
      $0.readReturnsSecret = false
      $0.setClientID = .forbidden
      $0.refused = ["owner": .whenNotEmpty]
      $0.dropped = ["software_id"]
      $0.kept = ["client_name", "redirect_uris", "software_id", "tos_uri", "grant_types"]
      $0.defaults = ["tos_uri": "https://default.example.com/"]
    }
    let refused = try provider.request("POST", "/oauth2/register", body: #"{"owner":"me"}"#)
    #expect(refused.status == 400 && refused["error_description"]?.contains("owner") == true)
    let client = try provider.register(
      #"{"client_name":"App","redirect_uris":["https://a.example.com/cb"],"software_id":"s","contacts":["c"],"owner":""}"#)
    let read = try provider.read(client.id, client.token)
    #expect(read["registration_access_token"] == nil && read["client_secret"] == nil)
    #expect(read["software_id"] == nil && read.json?["contacts"] == nil)
    #expect(read["tos_uri"] == "https://default.example.com/")
    let path = "/oauth2/register/\(client.id)"
    let body = #"{"redirect_uris":["https://a.example.com/cb"]}"#
    let named = try provider.request(
      "PUT", path, token: client.token, body: body.dropLast() + #","client_id":"\#(client.id)"}"#)
    #expect(named.status == 400)
    let set = try provider.request("PUT", path, token: client.token, body: body)
    #expect(set.status == 200)
    #expect(set["client_secret"] == nil)
    let next = try #require(set["registration_access_token"])
    #expect(try provider.read(client.id, client.token).status == 401)
    #expect(try provider.read(client.id, next).status == 200)
  }

  @Test("whoever is a public client gets no secret, and people are signed in at clients of any profile")
  func signingIn() throws {
    let provider = try provider()
    let open = try provider.request(
      "POST", "/oauth2/register", body: #"{"token_endpoint_auth_method":"none","redirect_uris":["https://a.example.com/cb"]}"#)
    #expect(open.status == 201 && open["client_secret"] == nil && open.json?["client_secret_expires_at"] == nil)
    let client = try provider.registerApplication()
    let tokens = try provider.signIn(client)
    #expect(try provider.claims(tokens["id_token"])["sub"] == "alice")
    #expect(try provider.userInfo(tokens["access_token"])["sub"] == "alice")
  }

  @Test("it is not taken for Hydra, and has none of Hydra's admin API")
  func isNotHydra() throws {
    let plain = try TestProvider(.init(profile: .rfc7591, allowsFaults: true, faultPlan: [Fault(.get, .before, .drop)]))
    let document = try #require(try plain.request("GET", "/.well-known/openid-configuration").json?.object)
    #expect(Profile.detect(from: ProviderMetadata(document)) == nil)
    #expect(document["registration_endpoint"]?.string == plain.provider.publicURL + "/oauth2/register")
    #expect(try plain.admin("GET", "/clients").status == 404)
    #expect(try plain.admin("GET", "/admin/clients").status == 404)
    // Faults are there all the same.
    let client = try plain.register(Self.body)
    #expect(throws: TestConnection.Failure.self) { try plain.read(client.id, client.token) }
    #expect(try plain.read(client.id, client.token).status == 200)
    let hydra = try TestProvider()
    let own = try #require(try hydra.request("GET", "/.well-known/openid-configuration").json?.object)
    #expect(Profile.detect(from: ProviderMetadata(own))?.name == "hydra")
  }

  @Test("a file belongs to one profile, keeps its clients over a restart, and holds no credential in clear")
  func files() throws {
    let folder = try TemporaryFolder()
    let data = EmbeddedProvider.Storage.file(folder.file("provider.db"))
    let first = try TestProvider(.init(data: data, profile: .rfc7591))
    let client = try first.register(Self.body)
    first.provider.stop()
    var bytes: [UInt8] = []
    for file in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
      bytes += try Data(contentsOf: URL(filePath: folder.file(file)))
    }
    #expect(bytes.firstRange(of: Array(client.id.utf8)) != nil)
    for credential in [client.token, client.secret, String(client.token.dropFirst(7).prefix(43))] {
      #expect(bytes.firstRange(of: Array(credential.utf8)) == nil)
    }
    let again = try TestProvider(.init(data: data, profile: .rfc7591))
    let read = try again.read(client.id, client.token)
    #expect(read.status == 200 && read["client_secret"] == client.secret)
    again.provider.stop()
    let error = try #require(throws: EmbeddedProviderError.self) { try EmbeddedProvider.start(.init(data: data)) }
    #expect(error.code == .dataOfAnotherProfile && error.description.contains("the profile rfc7591"))

    let hydras = EmbeddedProvider.Storage.file(folder.file("hydra.db"))
    let hydra = try TestProvider(.init(data: hydras))
    _ = try hydra.register()
    hydra.provider.stop()
    let other = try #require(throws: EmbeddedProviderError.self) {
      try EmbeddedProvider.start(.init(data: hydras, profile: .rfc7591))
    }
    #expect(other.code == .dataOfAnotherProfile && other.description.contains("the profile hydra"))
  }
}
