import Foundation
import OpenIDJSON
import Testing

/// Any conforming provider works: what a pipeline does, at servers that nobody of ours wrote, under the plain profile.
@Suite(.timeLimit(.minutes(15))) struct RealServerTests {
  @Test(
    "Authlib: register, plan nothing, change, remove",
    .enabled(if: RealServer.authlib != nil, "Authlib cannot be installed from PyPI here"))
  func authlib() async throws { try await live(at: RealServer.authlib) }

  @Test(
    "pyoidc, whose client URIs carry a query and whose set deletes a secret left out: register, plan nothing, change, remove",
    .enabled(if: RealServer.pyoidc != nil, "pyoidc cannot be installed from PyPI here"))
  func pyoidc() async throws { try await live(at: RealServer.pyoidc) }

  @Test(
    "glewlwyd, which answers a registration with what was sent and a set with a new secret: register, plan nothing, change, remove",
    .enabled(if: RealServer.glewlwyd != nil, "glewlwyd cannot be installed from Debian here"))
  func glewlwyd() async throws {
    // Two registrations at once meet a locked database there, and one of them a 500.
    let secrets = try await live(at: RealServer.glewlwyd, "--parallelism", "1")
    #expect(secrets.before != secrets.after, "the new secret of the set is kept")
  }

  /// The sealed secret of the changed client before and after the set.
  @discardableResult
  private func live(at server: RealServer?, _ options: String...) async throws -> (before: String?, after: String?) {
    let server = try #require(server)
    defer { server.stop() }
    let repository = try Repository()
    try repository.write(
      "registry.yaml",
      "apiVersion: clientsync/v1\nkind: Registry\nmetadata: { name: r }\nspec:\n  issuer: \(server.issuer)\n  encryption: { age: [\(repository.recipient)] }\n"
    )
    func declare(_ name: String, _ title: String) throws {
      try repository.write(
        "\(name).yaml",
        Repository.client(
          name,
          "client_name: \(title), redirect_uris: [https://\(name).example.com/cb], grant_types: [authorization_code], response_types: [code], token_endpoint_auth_method: client_secret_basic"
        ))
    }
    func secret() throws -> String? {
      let state = try JSONValue(parsing: Array(repository.read("state/r.json") ?? .init()))
      return state["clients"]?["web"]?["sealed"]?["client_secret"]?.string
    }
    func expectNothingToDo() async {
      let plan = await repository.run("plan", "--detailed-exitcode")
      #expect(plan.status == 0, "\(plan.output)\(plan.errors)")
    }

    try declare("web", "Web")
    try declare("job", "Job")
    let applied = await repository.run(["apply", "--auto-approve", "--new-state"] + options)
    #expect(applied.status == 0, "\(applied.output)\(applied.errors)")
    await expectNothingToDo()
    let before = try secret()
    #expect(before != nil)

    try declare("web", "Renamed")
    let changed = await repository.run("apply", "--auto-approve")
    #expect(changed.status == 0 && changed.output.contains("1 set"), "\(changed.output)\(changed.errors)")
    await expectNothingToDo()
    let after = try secret()
    #expect(after != nil)

    try repository.remove("job.yaml")
    let removed = await repository.run("apply", "--auto-approve")
    #expect(removed.status == 0 && removed.output.contains("1 deleted"), "\(removed.output)\(removed.errors)")
    await expectNothingToDo()
    return (before, after)
  }
}
