import EmbeddedProvider
import Foundation
import OpenIDJSON
import Testing

@testable import Commands

@Suite struct ValidateOnlineTests {
  private func repository(_ registry: String, _ client: String) throws -> Repository {
    let repository = try Repository()
    try repository.write(
      "registry.yaml",
      "apiVersion: clientsync/v1\nkind: Registry\nmetadata: { name: r }\nspec:\n  profile: rfc7591\n\(registry)\n")
    try repository.write("web.yaml", Repository.client("web", "redirect_uris: [https://a.example.com/cb], \(client)"))
    return repository
  }

  @Test func `what the discovery document does not offer is told at its member`() async throws {
    let provider = try EmbeddedProvider.start(.init())
    defer { provider.stop() }
    let repository = try repository(
      "  issuer: http://127.0.0.1:\(provider.publicPort)\n  headers: { X-A: { env: NEVER_SET }, X-B: b }\n  initialAccessToken: { env: NEVER_SET }",
      "grant_types: [authorization_code, 'urn:openid:params:grant-type:ciba'], subject_type: public")
    #expect(await repository.run("validate").status == 0)
    let run = await repository.run("validate", "--online", "--format", "json")
    #expect(run.status == 0, "\(run.output)\(run.errors)")
    let found = run.json?["diagnostics"]?.array ?? []
    #expect(found.map { $0["rule"] } == ["not-supported-online"], "\(run.output)")
    #expect(found.first?["message"]?.string?.contains("urn:openid:params:grant-type:ciba") == true)
    #expect(found.first?["place"]?["line"] == 5)
    let text = await repository.run("validate", "--online")
    #expect(text.output.contains("^~~~~~~~~~~"), "\(text.output)")
    let config = repository.folder + "/clientsync.yaml"
    try Data("rules: { not-supported-online: error }\n".utf8).write(to: URL(filePath: config))
    #expect(await repository.run("validate", "--online", "--config", config).status == 65)
    try Data("rules: { not-supported-online: off }\n".utf8).write(to: URL(filePath: config))
    let off = await repository.run("validate", "--online", "--config", config)
    #expect(off.status == 0)
    #expect(off.output.contains("lets 1 finding pass"), "\(off.output)")
  }

  @Test(arguments: [(200, "<html>"), (404, ""), (500, "")])
  func `a document that cannot be had exits 1, in every format`(_ status: Int, _ body: String) async throws {
    let provider = try FaultyProvider(status: status, contentType: "text/html", body: body)
    let repository = try repository("  issuer: \(provider.url)\n  http: { maxRetries: 0 }", "scope: openid")
    for format in ["text", "json", "sarif"] {
      let run = await repository.run("validate", "--online", "--format", format)
      #expect(run.status == 1, "\(run.output)")
      #expect(run.output.contains("unreadable-online"))
    }
  }

  @Test func `invalid manifests ask nobody, and an embedded registry has nobody to ask`() async throws {
    let invalid = try repository("  issuer: http://127.0.0.1:9/", "scop: openid")
    #expect(await invalid.run("validate", "--online").status == 65)
    let embedded = try repository("  embedded: {}", "scope: openid")
    #expect(await embedded.run("validate", "--online").status == 0)
  }
}
