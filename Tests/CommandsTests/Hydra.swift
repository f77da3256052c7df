import EmbeddedProvider
import Foundation
import FoundationNetworking
import OpenIDJSON

/// An embedded provider with faults to plan, and a repository that manages clients at it.
final class Hydra: Sendable {
  let provider: EmbeddedProvider
  let repository: Repository

  /// - Parameter hasAdmin: whether the registry may ask the admin API.
  init(hasAdmin: Bool, timeout: String = "30s") throws {
    provider = try EmbeddedProvider.start(.init(allowsFaults: true))
    repository = try Repository()
    try writeRegistry(hasAdmin: hasAdmin, timeout: timeout)
  }

  deinit { provider.stop() }

  var publicURL: String { "http://127.0.0.1:\(provider.publicPort)" }
  var adminURL: String { "http://127.0.0.1:\(provider.adminPort ?? 0)" }

  /// - Parameter isClear: whether the state is to stand in clear.
  func writeRegistry(
    hasAdmin: Bool, timeout: String = "30s", host: String = "127.0.0.1", recipients: [String]? = nil, isClear: Bool = false
  ) throws {
    let recipients = (recipients ?? [repository.recipient]).joined(separator: ", ")
    let encryption = isClear ? "none" : "{ age: [\(recipients)] }"
    let admin = hasAdmin ? "  admin: { endpoint: \"\(adminURL)\" }\n" : ""
    try repository.write(
      "registry.yaml",
      "apiVersion: clientsync/v1\nkind: Registry\nmetadata: { name: h }\nspec:\n  registrationEndpoint: http://\(host):\(provider.publicPort)/oauth2/register\n  profile: hydra\n\(admin)  http: { timeout: \(timeout), maxConcurrency: 2 }\n  encryption: \(encryption)\n"
    )
  }

  /// Declares clients of those names, and no others.
  func declare(_ names: [String], suffix: String = "") throws {
    let documents = names.map {
      Repository.client($0, "client_name: \($0)\(suffix), redirect_uris: [https://a.example.com/cb]")
    }
    try repository.write("clients.yaml", documents.joined(separator: "---\n"))
  }

  /// The `client_name` of every client at the provider, sorted.
  func names() async throws -> [String] { try await clients().compactMap { $0["client_name"]?.string }.sorted() }

  func clients() async throws -> [JSONValue] {
    let (data, _) = try await URLSession.shared.data(from: URL(string: adminURL + "/admin/clients?page_size=500")!)
    return try JSONValue(parsing: data).array ?? []
  }

  /// A foreign change that leaves the token alive.
  func changeLifespans(of id: String) async throws {
    var request = URLRequest(url: URL(string: "\(adminURL)/admin/clients/\(id)/lifespans")!)
    request.httpMethod = "PUT"
    request.httpBody = Data(#"{"client_credentials_grant_access_token_lifespan":"2h"}"#.utf8)
    _ = try await URLSession.shared.data(for: request)
  }

  /// A foreign set, which kills the token.
  func replace(_ id: String, named name: String) async throws {
    var request = URLRequest(url: URL(string: "\(adminURL)/admin/clients/\(id)")!)
    request.httpMethod = "PUT"
    request.httpBody = Data(#"{"client_name":"\#(name)","redirect_uris":["https://a.example.com/cb"]}"#.utf8)
    let (_, response) = try await URLSession.shared.data(for: request)
    guard (response as? HTTPURLResponse)?.statusCode == 200 else { throw CocoaError(.fileWriteUnknown) }
  }

  /// A client that somebody else registered through the admin API.
  func register(named name: String, owner: String) async throws {
    var request = URLRequest(url: URL(string: "\(adminURL)/admin/clients")!)
    request.httpMethod = "POST"
    request.httpBody = Data(
      #"{"client_name":"\#(name)","owner":"\#(owner)","redirect_uris":["https://a.example.com/cb"]}"#.utf8)
    let (_, response) = try await URLSession.shared.data(for: request)
    guard (response as? HTTPURLResponse)?.statusCode == 201 else { throw CocoaError(.fileWriteUnknown) }
  }

  func state() throws -> JSONValue { try JSONValue(parsing: Array(repository.read("state/h.json") ?? Data())) }

  func apply(_ more: String...) async -> Run {
    await repository.run(["apply", "--auto-approve", "--new-state"] + more)
  }
}
