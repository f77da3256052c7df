import EmbeddedProvider
import Foundation
import FoundationNetworking
import OpenIDJSON
import Testing

/// What the README shows is what is printed, but for the time that it took.
@Suite struct ReadmeTests {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..").standardized

  @Test("the README's plan of a drift is the one that the examples print")
  func drift() async throws {
    let repository = try Repository()
    try FileManager.default.removeItem(atPath: repository.folder + "/clients")
    try FileManager.default.copyItem(
      atPath: Self.root.path + "/examples/clients", toPath: repository.folder + "/clients")
    let applied = await repository.run("apply", "--auto-approve")
    #expect(applied.status == 0, "\(applied.errors)")
    let state = try JSONValue(parsing: Array(repository.read("state/customers.json") ?? Data()))
    let id = try #require(state["clients"]?["billing-web"]?["client_id"]?.string)
    try await changeLifespan(of: id, in: repository)

    let drift = await repository.run("drift", "--detailed-exitcode")
    #expect(drift.status == 2)
    let printed = drift.output.replacing(repository.folder + "/", with: "")
    let readme = try String(contentsOf: Self.root.appending(path: "README.md"), encoding: .utf8)
    let shown = try #require(readme.firstMatch(of: /\$ clientsync drift --detailed-exitcode\n([^`]+)```/)?.output.1)
    #expect(withoutTimes(String(shown)) == withoutTimes(printed))
  }

  /// A foreign change, through the admin port of a provider on the same data.
  private func changeLifespan(of id: String, in repository: Repository) async throws {
    let provider = try EmbeddedProvider.start(
      .init(
        data: .file(repository.folder + "/state/embedded/customers.db"), publicURL: "http://customers.embedded.localhost"))
    defer { provider.stop() }
    let port = try #require(provider.adminPort)
    var request = URLRequest(url: try #require(URL(string: "http://127.0.0.1:\(port)/admin/clients/\(id)/lifespans")))
    request.httpMethod = "PUT"
    request.httpBody = Data(#"{"authorization_code_grant_access_token_lifespan":"720h0m0s"}"#.utf8)
    let (_, answer) = try await URLSession.shared.data(for: request)
    #expect((answer as? HTTPURLResponse)?.statusCode == 200)
  }

  private func withoutTimes(_ text: String) -> String { text.replacing(/in [0-9.]+ s/, with: "in a moment") }
}
