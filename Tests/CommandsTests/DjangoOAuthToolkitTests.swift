import Foundation
import FoundationNetworking
import Glibc
import OpenIDCryptography
import OpenIDJSON
import Sealing
import Testing

@testable import Commands

/// A real django-oauth-toolkit on loopback, from PyPI. It rotates the token at every set and names its registration endpoint only in
/// `/.well-known/oauth-authorization-server`.
final class DjangoOAuthToolkit: Sendable {
  let issuer: String
  private let folder: String
  private static let scripts = Bundle.module.resourceURL!.appending(path: "Fixtures/servers/django-oauth-toolkit")

  /// The one server of this run; `nil` where it cannot be installed.
  static let shared: DjangoOAuthToolkit? = try? DjangoOAuthToolkit()

  private init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "dot-\(UUID().uuidString)").path
    let port = try Self.freePort()
    issuer = "http://127.0.0.1:\(port)"
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    guard
      try Self.bash(
        ["start.sh", String(port)],
        ["WORKDIR": folder, "PEER_VENV": root.appending(path: ".build/tools/django-oauth-toolkit").path]) == 0
    else { throw CocoaError(.fileReadUnknown) }
  }

  func stop() {
    _ = try? Self.bash(["stop.sh"], ["WORKDIR": folder])
    try? FileManager.default.removeItem(atPath: folder)
  }

  static func bash(_ arguments: [String], _ environment: [String: String]) throws -> Int32 {
    let words = ["/bin/bash", scripts.appending(path: arguments[0]).path] + arguments.dropFirst()
    return try Child(words, environment: ProcessInfo.processInfo.environment.merging(environment) { $1 }).wait()
  }

  private static func freePort() throws -> Int {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    _ = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
        bind(descriptor, pointer, length) + getsockname(descriptor, pointer, &length)
      }
    }
    return Int(UInt16(bigEndian: address.sin_port))
  }
}

@Suite struct DjangoOAuthToolkitTests {
  @Test(
    "the whole life of a client at a real server: plan, apply, change, drift, rename, removal",
    .enabled(if: DjangoOAuthToolkit.shared != nil, "django-oauth-toolkit cannot be installed from PyPI here"),
    .timeLimit(.minutes(3)))
  func life() async throws {
    let server = try #require(DjangoOAuthToolkit.shared)
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
