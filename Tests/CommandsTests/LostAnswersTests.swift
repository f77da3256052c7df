import Foundation
import FoundationNetworking
import Glibc
import OpenIDCryptography
import OpenIDJSON
import Sealing
import Testing

@testable import Commands

/// Both programs as people run them: `clientsync provider --faults` in a process of its own, and `clientsync apply` against it.
@Suite struct LostAnswersTests {
  /// The provider's process and a repository that manages clients at it.
  private final class Scene: Sendable {
    let repository: Repository
    let publicURL: String
    let adminURL: String
    private let provider: Child

    init() async throws {
      let repository = try Repository()
      self.repository = repository
      provider = try Child(
        [Child.clientsync, "provider", "--port", "0", "--admin-port", "0", "--faults"], environment: [:],
        output: repository.folder + "/provider")
      var said: JSONValue?
      while said?["admin"] == nil {
        try await Task.sleep(for: .milliseconds(20))
        let lines = String(decoding: repository.read("provider") ?? Data(), as: UTF8.self).split(separator: "\n")
        said = lines.lazy.compactMap { try? JSONValue(parsing: String($0)) }.first
      }
      publicURL = try #require(said?["public"]?.string)
      adminURL = try #require(said?["admin"]?.string)
      try repository.write(
        "registry.yaml",
        """
        apiVersion: clientsync/v1
        kind: Registry
        metadata: { name: h }
        spec:
          issuer: \(publicURL)
          admin: { endpoint: "\(adminURL)" }
          http: { timeout: 2s }
          encryption: { age: [\(repository.recipient)] }
        """)
    }

    deinit { _ = provider.end(by: SIGTERM) }

    func declare(_ clients: [String: String]) throws {
      let documents = clients.sorted { $0.key < $1.key }.map {
        Repository.client($0.key, "client_name: \($0.value), redirect_uris: [https://a.example.com/cb]")
      }
      try repository.write("clients.yaml", documents.joined(separator: "---\n"))
    }

    func faults(_ plan: String) async throws {
      var request = URLRequest(url: URL(string: adminURL + "/faults")!)
      request.httpMethod = "PUT"
      request.httpBody = Data(#"{"faults":[\#(plan)]}"#.utf8)
      let (data, response) = try await URLSession.shared.data(for: request)
      #expect((response as? HTTPURLResponse)?.statusCode == 200, "\(String(decoding: data, as: UTF8.self))")
    }

    func names() async throws -> [String] {
      let (data, _) = try await URLSession.shared.data(from: URL(string: adminURL + "/admin/clients")!)
      return try JSONValue(parsing: Array(data)).array?.compactMap { $0["client_name"]?.string }.sorted() ?? []
    }

    /// - Returns: the exit status.
    func apply() async throws -> Int32 {
      let child = try repository.start("apply", "--auto-approve", "--new-state")
      return await child.ended() >> 8 & 0xff
    }

    var printed: String { String(decoding: repository.read("output") ?? Data(), as: UTF8.self) }
  }

  @Test(
    "lost answers to creates and deletes leave nobody twice and nothing behind; one to a set is shown and kept",
    .timeLimit(.minutes(15)))
  func lost() async throws {
    let scene = try await Scene()
    try scene.declare(["a": "A", "b": "B", "c": "C"])
    try await scene.faults(
      #"{"operation":"create","call":1,"when":"after","action":"drop"},{"operation":"create","call":3,"when":"before","action":"drop"}"#
    )
    #expect(try await scene.apply() == 0, "\(scene.printed)")
    #expect(try await scene.names() == ["A", "B", "C"])
    #expect(await scene.repository.run("plan", "--detailed-exitcode").status == 0)

    try scene.declare(["a": "A", "c": "C 2"])
    try await scene.faults(
      #"{"operation":"delete","when":"after","action":"drop"},{"operation":"set","when":"before","action":"drop"}"#)
    #expect(try await scene.apply() == 0, "\(scene.printed)")
    #expect(try await scene.names() == ["A", "C 2"])
    #expect(await scene.repository.run("plan", "--detailed-exitcode").status == 0)

    try scene.declare(["a": "A 2", "c": "C 2"])
    try await scene.faults(#"{"operation":"set","when":"after","action":"drop"}"#)
    #expect(try await scene.apply() == 5, "\(scene.printed)")
    let plan = await scene.repository.run("plan", "--format", "json")
    #expect(plan.json?["problems"]?[0]?["kind"] == "token_lost" && plan.json?["problems"]?.array?.count == 1, "\(plan.output)")
    #expect(try await scene.names() == ["A 2", "C 2"])
  }

  @Test(
    "killed while the provider thinks about a create, a set or a delete, the next apply goes on", .timeLimit(.minutes(15)),
    arguments: ["create", "set", "delete"], ["before", "after"])
  func killed(operation: String, when: String) async throws {
    let scene = try await Scene()
    try scene.declare(["a": "A", "b": "B"])
    #expect(try await scene.apply() == 0, "\(scene.printed)")
    switch operation {
    case "create": try scene.declare(["a": "A", "b": "B", "c": "C"])
    case "set": try scene.declare(["a": "A", "b": "B 2"])
    default: try scene.declare(["a": "A"])
    }
    try await scene.faults(#"{"operation":"\#(operation)","when":"\#(when)","action":"delay","milliseconds":1500}"#)
    let child = try scene.repository.start("apply", "--auto-approve")
    let repository = scene.repository
    let status = await child.ended(by: SIGKILL) {
      String(decoding: repository.read("state/h.journal") ?? Data(), as: UTF8.self).contains("\"intent\"")
    }
    #expect(status & 0x7f == SIGKILL)
    // What was under way at the provider comes to its end, or not, before the next run looks.
    try await Task.sleep(for: .milliseconds(2500))
    try await scene.faults("")
    let again = try await scene.apply()
    let expected = ["create": ["A", "B", "C"], "set": ["A", "B 2"], "delete": ["A"]][operation]
    #expect(try await scene.names() == expected, "\(scene.printed)")
    // A set that happened after the kill has taken the new token with it.
    let plan = await scene.repository.run("plan", "--detailed-exitcode", "--format", "json")
    if operation == "set", again == 5 {
      #expect(plan.json?["problems"]?[0]?["kind"] == "token_lost", "\(plan.output)")
    } else {
      #expect(again == 0, "\(scene.printed)")
      #expect(plan.status == 0, "\(plan.output)")
    }
  }
}
