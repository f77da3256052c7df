import EmbeddedProvider
import OpenIDRegistration
import Testing

@testable import Commands

/// A provider whose every read hands out a new token and ends the old one, as RFC 7592, section 3, allows.
@Suite struct RotatingReadTests {
  @Test("tokens that reads hand out are kept, many at once, and an apply goes on from them", .timeLimit(.minutes(15)))
  func rotatingReads() async throws {
    var profile = Profile.rfc7591
    profile.readRotatesToken = .always
    let provider = try EmbeddedProvider.start(.init(profile: profile))
    defer { provider.stop() }
    let repository = try Repository()
    try repository.write(
      "registry.yaml",
      "apiVersion: clientsync/v1\nkind: Registry\nmetadata: { name: r }\nspec:\n  registrationEndpoint: \(provider.publicURL)/oauth2/register\n  profile: rfc7591\n  encryption: { age: [\(repository.recipient)] }\n"
    )
    let names = (1...12).map { "c\($0)" }
    func declare(_ suffix: String) throws {
      let documents = names.map {
        Repository.client($0, "client_name: \($0)\(suffix), redirect_uris: [https://a.example.com/cb]")
      }
      try repository.write("clients.yaml", documents.joined(separator: "---\n"))
    }
    try declare("")
    let first = await repository.run("apply", "--auto-approve", "--new-state")
    #expect(first.status == 0, "\(first.output)\(first.errors)")
    for _ in 1...3 {
      let plan = await repository.run("plan", "--detailed-exitcode", "--format", "json")
      #expect(plan.status == 0, "\(plan.output)\(plan.errors)")
      #expect(plan.json?["registries"]?[0]?["read"] == 12)
    }
    try declare(" 2")
    let second = await repository.run("apply", "--auto-approve")
    #expect(second.status == 0, "\(second.output)\(second.errors)")
    #expect(await repository.run("plan", "--detailed-exitcode").status == 0)
  }
}
