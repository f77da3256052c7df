import Applying
import EmbeddedProvider
import Foundation
import FoundationNetworking
import OpenIDJSON
import Synchronization
import Testing

@testable import Commands

/// `clientsync provider` as a shell, a test suite or a pipeline starts it.
@Suite struct ProviderCommandTests {
  @Test("it prints one line with where it listens, whatever its public URL, and ends on SIGTERM", .timeLimit(.minutes(15)))
  func startsAndEnds() async throws {
    let provider = try await RunningProvider("--public-url", "https://id.example.com/base/")
    #expect(provider.ready.object?.names == ["public", "admin"])
    #expect(provider.publicURL.hasPrefix("http://127.0.0.1:") && provider.adminURL.hasPrefix("http://127.0.0.1:"))
    let discovery = try await provider.call("GET", provider.publicURL + "/.well-known/openid-configuration")
    #expect(discovery.json?["issuer"] == "https://id.example.com/base/")
    #expect(provider.errors.contains("For development and tests") && provider.errors.contains("in memory"))
    #expect(!provider.errors.contains("warning"))
    #expect(await provider.end() == 0)
    #expect(provider.output.split(separator: "\n").count == 1)
  }

  @Test(
    "SIGTERM while answers are pending: each call is done, durable and answered, and the exit code is 0",
    .timeLimit(.minutes(15)))
  func endsWithAnswersPending() async throws {
    let folder = try TemporaryDirectory()
    let plan = folder.path + "/plan.json"
    try Data(#"{"faults":[{"operation":"create","times":null,"action":"delay","milliseconds":3600000}]}"#.utf8)
      .write(to: URL(filePath: plan))
    let options = ["--data", folder.path + "/provider.db", "--faults"]
    let provider = try await RunningProvider(options + ["--fault-plan", plan])
    let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
      for _ in 0..<5 {
        group.addTask { try await provider.call("POST", provider.publicURL + "/oauth2/register", body: "{}").status }
      }
      while try await provider.call("GET", provider.adminURL + "/faults").json?["faults"]?[0]?["calls"]?.integer != 5 {}
      #expect(await provider.end() == 0)
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(statuses == [201, 201, 201, 201, 201])
    let again = try await RunningProvider(options)
    #expect(try await again.call("GET", again.adminURL + "/clients").json?.array?.count == 5)
    #expect(await again.end() == 0)
  }

  @Test("/faults is there where it was asked for, and nowhere else", .timeLimit(.minutes(15)))
  func controlEndpoint() async throws {
    let plain = try await RunningProvider()
    #expect(try await plain.call("GET", plain.adminURL + "/faults").status == 404)
    #expect(await plain.end() == 0)
    let provider = try await RunningProvider("--faults")
    #expect(provider.errors.contains("/faults on the admin port is open"))
    let plan = #"{"faults":[{"operation":"create","action":"answer","status":503,"headers":{"retry-after":"7"}}]}"#
    #expect(try await provider.call("PUT", provider.adminURL + "/faults", body: plan).status == 200)
    let refused = try await provider.call("POST", provider.publicURL + "/oauth2/register", body: "{}")
    #expect(refused.status == 503 && refused.retryAfter == "7")
    #expect(try await provider.call("POST", provider.publicURL + "/oauth2/register", body: "{}").status == 201)
    #expect(await provider.end() == 0)
  }

  @Test("--verbose tells each request and nothing secret; without it nothing is told", .timeLimit(.minutes(15)))
  func verbose() async throws {
    for options in [["--verbose"], []] {
      let provider = try await RunningProvider(options)
      let created = try await provider.call("POST", provider.publicURL + "/oauth2/register", body: "{}")
      let token = try #require(created.json?["registration_access_token"]?.string)
      let secret = try #require(created.json?["client_secret"]?.string)
      _ = try await provider.call("GET", provider.publicURL + "/userinfo?access_token=\(token)")
      #expect(await provider.end() == 0)
      #expect(provider.errors.contains("POST /oauth2/register 201 ") == !options.isEmpty)
      #expect(provider.errors.contains("GET /userinfo 401 ") == !options.isEmpty)
      #expect(!provider.errors.contains(token) && !provider.errors.contains(secret))
    }
  }

  @Test("a setting by Hydra's key changes what Hydra's key changes", .timeLimit(.minutes(15)))
  func settings() async throws {
    let provider = try await RunningProvider(
      "--setting", "oidc.dynamic_client_registration.enabled=false", "--setting",
      #"oidc.subject_identifiers.supported_types=["public","pairwise"]"#)
    #expect(try await provider.call("POST", provider.publicURL + "/oauth2/register", body: "{}").status == 404)
    let discovery = try await provider.call("GET", provider.publicURL + "/.well-known/openid-configuration")
    #expect(discovery.json?["subject_types_supported"] == ["public", "pairwise"])
    #expect(await provider.end() == 0)
  }

  @Test("with --profile rfc7591 a plan, an apply and a change go as at any provider", .timeLimit(.minutes(15)))
  func profile() async throws {
    let provider = try await RunningProvider("--profile", "rfc7591")
    let repository = try Repository()
    try repository.write(
      "registry.yaml",
      "apiVersion: clientsync/v1\nkind: Registry\nmetadata: { name: r }\nspec:\n  issuer: \(provider.publicURL)\n  encryption: { age: [\(repository.recipient)] }\n"
    )
    for name in ["One", "Two"] {
      try repository.write(
        "client.yaml", Repository.client("app", "client_name: \(name), redirect_uris: [https://a.example.com/cb]"))
      let applied = await repository.run("apply", "--auto-approve", "--new-state")
      #expect(applied.status == 0, "\(applied.output)\(applied.errors)")
      let plan = await repository.run("plan", "--detailed-exitcode")
      #expect(plan.status == 0, "\(plan.output)\(plan.errors)")
    }
    try repository.remove("client.yaml")
    let emptied = await repository.run("apply", "--auto-approve", "--allow-empty")
    #expect(emptied.status == 0, "\(emptied.output)\(emptied.errors)")
    #expect(await provider.end() == 0)
  }

  struct Mistake: Sendable, CustomTestStringConvertible {
    let arguments: [String]
    let status: Int32
    let words: String
    var input: String?

    init(_ arguments: String..., status: Int32, words: String, input: String? = nil) {
      (self.arguments, self.status, self.words, self.input) = (arguments, status, words, input)
    }

    var testDescription: String { arguments.joined(separator: " ") + (input.map { " < \($0)" } ?? "") }
  }

  @Test(
    "what cannot start says why in a sentence, and prints no address",
    arguments: [
      Mistake("--port", "70000", status: 64, words: "65535"),
      Mistake("--setting", "ttl.access_token=10s", status: 64, words: "A text wants its quotes: ttl.access_token='\"...\"'"),
      Mistake("--setting", "ttl.access_token=10", status: 1, words: "takes a duration such as"),
      Mistake("--setting", "ttl=1", status: 1, words: "There is no setting \"ttl\" at the embedded provider. It has: oidc."),
      Mistake("--public-url", "id.example.com", status: 1, words: "The public URL has to be an absolute URL"),
      Mistake("--data", "/nowhere/provider.db", status: 1, words: "/nowhere/provider.db cannot be opened"),
      Mistake("--data", "/dev/null", status: 1, words: "/dev/null"),
      Mistake("--listen", "not an address", status: 1, words: "\"not an address\" is no address to listen on"),
      Mistake("--listen", "203.0.113.7", status: 1, words: "203.0.113.7, port 0, cannot be listened on"),
      Mistake("--fault-plan", "/nowhere/plan.json", status: 1, words: "/nowhere/plan.json cannot be read"),
      Mistake("--fault-plan", "-", status: 64, words: "--fault-plan -: The plan is no JSON", input: "{"),
      Mistake("--fault-plan", "-", status: 64, words: "\"operation\" is one of create, get", input: #"{"faults":[{}]}"#),
      Mistake(
        "--fault-plan", "-", status: 64, words: "faults[0]: there is no member \"status_code\"",
        input: #"{"faults":[{"operation":"get","action":"answer","status_code":500}]}"#),
      Mistake("--profile", "keycloak", status: 64, words: "--profile takes"),
      Mistake("--faulty", status: 64, words: "--faults"),
    ])
  func mistakes(_ mistake: Mistake) async throws {
    let repository = try Repository()
    let stop = StopSignal()
    // Where it does start after all, it ends at once.
    stop.request()
    let run = await repository.run(
      ["provider", "--port", "0", "--admin-port", "0"] + mistake.arguments, input: mistake.input
    ) { $0.stop = stop }
    #expect(run.status == mistake.status)
    #expect(run.errors.contains(mistake.words), "\(run.errors)")
    #expect(run.output.isEmpty)
  }

  @Test("a port in use is named, with what to do")
  func portInUse() async throws {
    let other = try EmbeddedProvider.start()
    defer { other.stop() }
    let run = await (try Repository()).run("provider", "--port", "\(other.publicPort)", "--admin-port", "0")
    #expect(run.status == 1 && run.output.isEmpty)
    #expect(run.errors.contains("Port \(other.publicPort) of 127.0.0.1 is in use by another program. Name another port"))
  }

  // Nothing connects here, and it has ended before anything could.
  @Test("beyond loopback it goes by name alone, warns, and wants to be told its public URL")
  func beyondLoopback() async throws {
    let repository = try Repository()
    let stop = StopSignal()
    stop.request()
    let arguments = ["provider", "--port", "0", "--admin-port", "0", "--listen", "0.0.0.0"]
    let unnamed = await repository.run(arguments) { $0.stop = stop }
    #expect(unnamed.status == 1 && unnamed.output.isEmpty)
    #expect(unnamed.errors.contains("0.0.0.0 is every address of this machine"))
    #expect(unnamed.errors.contains("named with --public-url URL"), "\(unnamed.errors)")
    let named = await repository.run(arguments + ["--public-url", "http://id.test:4444"]) { $0.stop = stop }
    #expect(named.status == 0)
    #expect(named.errors.contains("warning: it listens on 0.0.0.0: other machines can register"))
    #expect(named.json?["public"]?.string?.hasPrefix("http://0.0.0.0:") == true)
    let local = await repository.run(["provider", "--port", "0", "--admin-port", "0", "--listen", "localhost"]) {
      $0.stop = stop
    }
    #expect(local.status == 0 && !local.errors.contains("warning"))
  }
}

/// `clientsync provider` in a process of its own, with free ports.
private final class RunningProvider: Sendable {
  private let child: Child
  private let folder: TemporaryDirectory
  private let isRunning = Mutex(true)
  let ready: JSONValue

  struct Answer: Sendable {
    let status: Int
    let retryAfter: String?
    let json: JSONValue?
  }

  convenience init(_ options: String...) async throws { try await self.init(options) }

  init(_ options: [String]) async throws {
    let folder = try TemporaryDirectory()
    let child = try Child(
      [Child.clientsync, "provider", "--port", "0", "--admin-port", "0"] + options, environment: [:],
      output: folder.path + "/output", errors: folder.path + "/errors")
    (self.child, self.folder) = (child, folder)
    while !folder.text("output").hasSuffix("\n") {
      var status: Int32 = 0
      try #require(waitpid(child.pid, &status, WNOHANG) == 0, "\(folder.text("errors"))")
      try await Task.sleep(for: .milliseconds(10))
    }
    ready = try JSONValue(parsing: folder.text("output"))
  }

  deinit { if isRunning.withLock({ $0 }) { _ = child.end(by: SIGKILL) } }

  var output: String { folder.text("output") }
  var errors: String { folder.text("errors") }
  var publicURL: String { ready["public"]?.string ?? "" }
  var adminURL: String { ready["admin"]?.string ?? "" }

  /// Sends SIGTERM and waits for the end; the exit status.
  func end() async -> Int32 {
    isRunning.withLock { $0 = false }
    return await child.ended(by: SIGTERM) { true }
  }

  func call(_ method: String, _ url: String, body: String? = nil) async throws -> Answer {
    var request = URLRequest(url: try #require(URL(string: url)), timeoutInterval: 90)
    request.httpMethod = method
    request.httpBody = body.map { Data($0.utf8) }
    let (data, response) = try await URLSession.shared.data(for: request)
    let answer = try #require(response as? HTTPURLResponse)
    return Answer(
      status: answer.statusCode, retryAfter: answer.value(forHTTPHeaderField: "retry-after"),
      json: try? JSONValue(parsing: data))
  }
}

/// A folder that is gone with its owner.
private final class TemporaryDirectory: Sendable {
  let path = FileManager.default.temporaryDirectory.appending(path: "clientsync-\(UUID().uuidString)").path

  init() throws { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func text(_ file: String) -> String {
    String(decoding: FileManager.default.contents(atPath: path + "/" + file) ?? Data(), as: UTF8.self)
  }
}
