import Foundation
import FoundationNetworking
import OpenIDCryptography
import OpenIDJSON
import Sealing
import Testing

@testable import Commands

/// A server that rotates the token at every set and names its registration endpoint only in
/// `/.well-known/oauth-authorization-server`.
@Suite struct DjangoOAuthToolkitTests {
  @Test(
    "the whole life of a client at a real server: plan, apply, change, drift, rename, removal",
    .enabled(if: RealServer.djangoOAuthToolkit != nil, "django-oauth-toolkit cannot be installed from PyPI here"),
    .timeLimit(.minutes(15)))
  func life() async throws {
    let server = try #require(RealServer.djangoOAuthToolkit)
    defer { server.stop() }
    let repository = try Repository()
    try repository.write(
      "registries.yaml",
      "apiVersion: clientsync/v1\nkind: Registry\nmetadata: { name: dot }\nspec:\n  issuer: \(server.issuer)\n  encryption: { age: [\(repository.recipient)] }\n"
    )
    let redirects = "redirect_uris: [https://a.example.com/cb], grant_types: [authorization_code, refresh_token]"
    try repository.write("a.yaml", Repository.client("a", "client_name: A, \(redirects)"))
    try repository.write("b.yaml", Repository.client("b", "client_name: B, \(redirects)"))

    let planned = await repository.run("plan", "--format", "json")
    #expect(planned.status == 0)
    #expect(planned.json?["summary"]?["create"] == 2)
    #expect(repository.read("state/dot.json") == nil)

    #expect(await repository.run("apply", "--auto-approve").status == 7)
    let applied = await repository.run("apply", "--auto-approve", "--new-state")
    #expect(applied.status == 0, "\(applied.output)\(applied.errors)")
    #expect(await repository.run("plan", "--detailed-exitcode").status == 0)

    let before = repository.files()
    #expect(await repository.run("apply", "--auto-approve").status == 0)
    #expect(repository.files() == before)

    // Every set rotates the token: two in a row show that the new one was kept.
    for name in ["A2", "A3"] {
      try repository.write("a.yaml", Repository.client("a", "client_name: \(name), \(redirects)"))
      #expect(await repository.run("plan", "--detailed-exitcode").status == 2)
      #expect(await repository.run("apply", "--auto-approve").status == 0)
      #expect(await repository.run("plan", "--detailed-exitcode").status == 0)
    }

    // Somebody else changes the client with a token of ours; at this server that rotates it, so the next read is a 401.
    let state = try JSONValue(parsing: Array(repository.read("state/dot.json")!))
    let sealed = try SOPSDocument(parsing: Array(repository.read("state/dot.json")!))
    let key = try sealed.dataKey(with: AgeIdentities(parsing: repository.identity.text.exposed, source: "test"))
    let token = try key.open(
      state["clients"]!["b"]!["sealed"]!["registration_access_token"]!.string!,
      at: ["clients", "b", "sealed", "registration_access_token"])
    var request = URLRequest(url: URL(string: state["clients"]!["b"]!["registration_client_uri"]!.string!)!)
    request.httpMethod = "PUT"
    request.setValue("Bearer \(token.exposed)", forHTTPHeaderField: "Authorization")
    request.setValue("application/json", forHTTPHeaderField: "Content-Type")
    request.httpBody = Data(#"{"client_name":"Foreign","redirect_uris":["https://a.example.com/cb"]}"#.utf8)
    let (_, response) = try await URLSession.shared.data(for: request)
    #expect((response as? HTTPURLResponse)?.statusCode == 200)
    let drift = await repository.run("drift", "--format", "json", "--detailed-exitcode")
    #expect(drift.status == 2)
    #expect(drift.json?["problems"]?[0]?["kind"] == "unauthorized")
    #expect(await repository.run("apply", "--auto-approve").status == 4)

    // A rename is a move; a removal a delete of that client alone. The client that answers 401 is neither created nor deleted.
    try repository.remove("a.yaml")
    try repository.write("c.yaml", Repository.client("c", "client_name: A3, \(redirects)", spec: "  previousNames: [a]\n"))
    let moved = await repository.run("plan", "--format", "json")
    #expect(moved.json?["changes"]?[0]?["action"] == "move")
    #expect(await repository.run("apply", "--auto-approve").status == 4)
    try repository.remove("c.yaml")
    let removal = await repository.run("plan")
    #expect(removal.output.contains("To be deleted: c"))
    #expect(await repository.run("apply", "--auto-approve").status == 4)
    let left = try JSONValue(parsing: Array(repository.read("state/dot.json")!))
    #expect(left["clients"]?.object?.names == ["b"])

    for secret in [token.exposed, repository.identity.text.exposed] {
      #expect(!repository.printed.contains(secret))
      for (file, data) in repository.files() { #expect(data.range(of: Data(secret.utf8)) == nil, "\(file)") }
    }
  }
}
