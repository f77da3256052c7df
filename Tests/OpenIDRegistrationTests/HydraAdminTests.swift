import Synchronization
import Testing

@testable import OpenIDRegistration

/// Hydra's admin API.
@Suite struct HydraAdminTests {
  private func admin(_ transport: StubTransport, _ endpoint: String = "http://127.0.0.1:4445/", token: Secret? = nil)
    -> HydraAdmin
  {
    HydraAdmin(endpoint: endpoint, token: token, client: OpenIDRegistrationClient(transport: transport))
  }

  @Test func `the list follows its pages by their tokens and nowhere else`() async throws {
    let transport = StubTransport(
      .json(
        200, [["client_id": "a", "owner": "clientsync/x y/&"], ["client_id": "b", "owner": "clientsync/x y/&"]],
        [
          "link":
            "</admin/clients?page_size=500&page_token=first>; rel=\"first\", <https://evil.example.com/?page_token=n%2F1%3D>; rel=\"next\""
        ]),
      .json(
        200, [["client_id": "c", "owner": "clientsync/x y/&", "metadata": ["k": 1]]],
        ["link": "</admin/clients?page_token=first>; rel=\"first\""]))
    let found = try await admin(transport).list(owner: "clientsync/x y/&")
    #expect(found.map(\.clientID) == ["a", "b", "c"])
    #expect(found[2].metadata.owner == "clientsync/x y/&" && found[2].metadata.metadata == ["k": 1])
    #expect(
      transport.requests.map(\.url) == [
        "http://127.0.0.1:4445/admin/clients?page_size=500&owner=clientsync%2Fx%20y%2F%26",
        "http://127.0.0.1:4445/admin/clients?page_size=500&owner=clientsync%2Fx%20y%2F%26&page_token=n%2F1%3D",
      ])
  }

  @Test func `a server that knows no filter by owner gives nobody's client for an owner's`() async throws {
    let all: [JSONValue] = [
      ["client_id": "a"], ["client_id": "b", "owner": "you"], ["client_id": "c", "owner": "me"],
      ["client_id": "d", "owner": "me too"],
    ]
    let transport = StubTransport(.json(200, .array(all)), .json(200, .array(all)))
    #expect(try await admin(transport).list(owner: "me").map(\.clientID) == ["c"])
    #expect(try await admin(transport).list().count == 4)
  }

  @Test func `a list that names a next page for ever ends`() async throws {
    let link: HTTPFields = ["link": "</admin/clients?page_token=again>; rel=next"]
    let repeating = StubTransport { _ throws(HTTPTransportError) in .json(200, [["client_id": "a"]], link) }
    #expect(try await admin(repeating).list().count == 2)
    let empty = StubTransport { _ throws(HTTPTransportError) in .json(200, [], link) }
    #expect(try await admin(empty).list().isEmpty)
    #expect(empty.requests.count == 1)
  }

  @Test(arguments: [
    "http://127.0.0.1:4445", "http://127.0.0.1:4445/", "http://127.0.0.1:4445/admin", "http://127.0.0.1:4445/admin/",
  ])
  func `the endpoint may be written with and without its prefix`(_ endpoint: String) async throws {
    let transport = StubTransport(.json(200, ["client_id": "a b"]))
    let found = try await admin(transport, endpoint, token: Secret("ory_pat_x")).get("a b")
    #expect(found?.clientID == "a b")
    #expect(transport.requests[0].url == "http://127.0.0.1:4445/admin/clients/a%20b")
    #expect(transport.requests[0].headers["authorization"] == "Bearer ory_pat_x")
  }

  @Test func `what is not there is no error, and a path that is not there is one`() async throws {
    let gone = JSONValue.object(["error": "Unable to locate the resource", "error_description": ""])
    #expect(try await admin(StubTransport(.json(404, gone))).get("x") == nil)
    #expect(try await admin(StubTransport(.json(404, gone))).delete("x") == false)
    #expect(try await admin(StubTransport(.text(204, ""))).delete("x"))
    let elsewhere = HTTPResponse.json(
      404, ["error": ["code": 404, "message": "Not Found", "reason": "The route does not exist."]])
    let error = await failure { _ = try await admin(StubTransport(elsewhere)).get("x") }
    #expect(error?.code == .notFound)
    #expect(error?.description.contains("Not Found): The route does not exist.") ?? false, "\(String(describing: error))")
    let page = await failure { _ = try await admin(StubTransport(.text(404, "404 page not found"))).delete("x") }
    #expect(page?.code == .notFound)
  }

  @Test func `a list that is none is an error`() async {
    for answer in [HTTPResponse.json(200, ["clients": []]), .json(200, ["a"]), .json(200, [["client_name": "x"]])] {
      let error = await failure { _ = try await admin(StubTransport(answer)).list() }
      #expect(error?.code == .invalidAnswer)
    }
  }

  @Test func `the recorded admin conversations are understood`() async throws {
    let conversation = try #require(Conversation.named("hydra/admin-list"))
    for step in conversation.steps where step.to == "admin" {
      let transport = StubTransport(step.response)
      let admin = admin(transport, Conversation.adminURL)
      switch step.id {
      case "by-owner":
        let owner = try JSONValue(parsing: step.response.body)[0]?["owner"]?.string
        let found = try await admin.list(owner: owner)
        #expect(found.count == 1 && found[0].clientSecret == nil && found[0].registrationAccessToken == nil)
      case "nobody": #expect(try await admin.list(owner: "nobody-at-all").isEmpty)
      case "get": #expect(try await admin.get("x")?.metadata.clientName == "Billing")
      case "missing": #expect(try await admin.get("x") == nil)
      default: Issue.record("unknown step \(step.id)")
      }
    }
  }
}
