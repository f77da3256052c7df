import OpenIDRegistration
import Testing

/// The operations at a client by what its last answer said.
@Suite struct KnownClientTests {
  private let created = ClientInformation(
    clientID: "1", clientSecret: Secret("s3cret"), clientSecretExpiresAt: 5, clientIDIssuedAt: 4,
    registrationAccessToken: Secret("t0ken"), registrationClientURI: "https://a.example.com/r/1")

  @Test func `each call goes to the client's URI with its token`() async throws {
    let transport = StubTransport(
      .json(200, ["client_id": "1"]), .json(200, ["client_id": "1", "registration_access_token": "new"]), .text(204, ""))
    let client = OpenIDRegistrationClient(transport: transport)
    var known = try await client.getOidcDynamicClient(of: created)
    known = try await client.setOidcDynamicClient(["client_name": "Two"], of: known)
    try await client.deleteOidcDynamicClient(of: known)
    #expect(transport.requests.map(\.method) == [.get, .put, .delete])
    #expect(transport.requests.allSatisfy { $0.url == "https://a.example.com/r/1" })
    #expect(transport.requests.map { $0.headers["Authorization"] } == ["Bearer t0ken", "Bearer t0ken", "Bearer new"])
  }

  @Test func `what an answer leaves out comes along, to persist too`() async throws {
    let answer: JSONValue = ["client_id": "1", "registration_access_token": "new", "client_name": "Two"]
    let client = OpenIDRegistrationClient(transport: StubTransport(.json(200, answer), .json(200, answer)))
    let kept = Kept()
    let set = try await client.setOidcDynamicClient(["client_name": "Two"], of: created, persist: kept.persist)
    let read = try await client.getOidcDynamicClient(of: set, persist: kept.persist)
    for whole in [set, read] + kept.all {
      #expect(whole.clientSecret == Secret("s3cret") && whole.clientSecretExpiresAt == 5 && whole.clientIDIssuedAt == 4)
      #expect(whole.registrationAccessToken == Secret("new") && whole.registrationClientURI == "https://a.example.com/r/1")
      #expect(whole.metadata.clientName == "Two")
    }
    #expect(kept.all.count == 2)
  }

  @Test func `a new secret takes the place of the old one with its expiry, and another client's are never mixed in`() {
    let renewed = ClientInformation(clientID: "1", clientSecret: Secret("new")).filled(from: created)
    #expect(renewed.clientSecret == Secret("new") && renewed.clientSecretExpiresAt == nil)
    let other = ClientInformation(clientID: "2")
    #expect(other.filled(from: created) == other)
  }

  @Test func `a set names its client, whatever the body says already`() async throws {
    let transport = StubTransport(.json(200, ["client_id": "1"]), .json(200, ["client_id": "1"]))
    let client = OpenIDRegistrationClient(transport: transport)
    _ = try await client.setOidcDynamicClient(["client_name": "Two"], of: created)
    _ = try await client.setOidcDynamicClient(["client_id": "other", "client_name": "Two"], of: created)
    let bodies = try transport.requests.map { try JSONValue(parsing: $0.body ?? []) }
    #expect(bodies == [["client_name": "Two", "client_id": "1"], ["client_id": "other", "client_name": "Two"]])
  }

  @Test func `an answer about another client is an error, and takes nothing's place`() async {
    let answer: JSONValue = ["client_id": "2", "registration_access_token": "n3w-token"]
    let client = OpenIDRegistrationClient(transport: StubTransport(.json(200, answer), .json(200, answer)))
    let kept = Kept()
    let set = await failure { _ = try await client.setOidcDynamicClient([:], of: created, persist: kept.persist) }
    let read = await failure { _ = try await client.getOidcDynamicClient(of: created) }
    for error in [set, read] {
      #expect(error?.code == .mismatch("client_id") && error?.received?.registrationAccessToken == Secret("n3w-token"))
      #expect(error?.description.contains("it is about another client, 2") ?? false)
    }
    #expect(set?.effect == .unknown && read?.effect == Effect.none)
    #expect(kept.all.isEmpty)
  }

  @Test(arguments: ["registration_client_uri", "registration_access_token"])
  func `a client without URI or token is an error that says so, and nothing is sent`(_ missing: String) async {
    var known = created
    if missing == "registration_client_uri" { known.registrationClientURI = nil } else { known.registrationAccessToken = nil }
    let transport = StubTransport()
    let client = OpenIDRegistrationClient(transport: transport)
    let errors = [
      await failure { _ = try await client.getOidcDynamicClient(of: known) },
      await failure { _ = try await client.setOidcDynamicClient([:], of: known) },
      await failure { try await client.deleteOidcDynamicClient(of: known) },
    ]
    #expect(errors.map { $0?.operation } == [.getOidcDynamicClient, .setOidcDynamicClient, .deleteOidcDynamicClient])
    #expect(errors.allSatisfy { $0?.code == .transport(.invalidRequest) && $0?.effect == Effect.none })
    #expect(errors.allSatisfy { $0?.description.contains("the client 1 has no \(missing)") ?? false })
    #expect(transport.requests.isEmpty)
  }
}
