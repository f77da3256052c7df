import Applying
import Commands
import EmbeddedProvider
import Foundation
import OpenIDJSON
import OpenIDRegistration
import Testing

@Suite struct OIDCCommandTests {
  /// A provider and a folder of its own for one test.
  final class Place: Sendable {
    let provider: EmbeddedProvider
    let repository: Repository

    init(faults: [Fault] = [], profile: Profile = .hydra) throws {
      provider = try EmbeddedProvider.start(.init(profile: profile, allowsFaults: true, faultPlan: faults))
      repository = try Repository()
    }

    deinit { provider.stop() }

    var endpoint: String { provider.publicURL + "/oauth2/register" }
    func path(_ name: String) -> String { repository.folder + "/" + name }
    func json(_ name: String) throws -> JSONValue { try JSONValue(parsing: Array(repository.read(name) ?? Data())) }

    func register(_ more: String...) async -> Run {
      await repository.run(
        ["oidc", "register", "--endpoint", endpoint, "--set", "redirect_uris=https://app.example.com/cb"] + more)
    }
  }

  @Test("a client's life by hand: registered into a file, read, set, read with the new token, deleted")
  func life() async throws {
    let place = try Place()
    let file = place.path("app.json")
    let created = await place.repository.run(
      "oidc", "register", "--issuer", place.provider.publicURL, "--out", file, "--set", "client_name=no", "--set",
      "redirect_uris=https://a.example.com/cb", "--set", "redirect_uris=https://b.example.com/cb")
    #expect(created.status == 0)
    let first = try place.json("app.json")
    #expect(created.json == ["client_id": first["client_id"] ?? .null])
    #expect(first["client_name"] == "no")
    #expect(first["redirect_uris"] == ["https://a.example.com/cb", "https://b.example.com/cb"])
    let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int
    #expect(mode == 0o600)

    let set = await place.repository.run("oidc", "set", "--client", file, "--set", "client_name=Two")
    #expect(set.status == 0)
    let second = try place.json("app.json")
    #expect(second["registration_access_token"] != first["registration_access_token"])
    #expect(second["client_secret"] == first["client_secret"])
    #expect(second["registration_client_uri"] == first["registration_client_uri"])
    #expect(second["redirect_uris"] != first["redirect_uris"], "a set replaces everything")

    let read = await place.repository.run("oidc", "get", "--client", file)
    #expect(read.status == 0 && read.json?["client_name"] == "Two")
    let deleted = await place.repository.run("oidc", "delete", "--client", file)
    #expect(deleted.status == 0 && deleted.output.isEmpty)
    let again = await place.repository.run("oidc", "delete", "--client", file)
    #expect(again.status == 1)
    #expect(again.json?["failure"]?["status"] == 401 && again.json?["failure"]?["code"] == "unauthorized")
  }

  @Test("JSON comes from a file, from standard input and from --set, which wins; the whole answer is printed without --out")
  func inputs() async throws {
    let place = try Place()
    try Data(#"{"client_name": "from a file", "scope": "openid"}"#.utf8).write(to: URL(filePath: place.path("client.json")))
    let fromFile = await place.register(place.path("client.json"), "--set", "client_name=from the command line")
    #expect(fromFile.json?["client_name"] == "from the command line" && fromFile.json?["scope"] == "openid")
    #expect(fromFile.json?["client_secret"]?.string?.count == 26 && fromFile.json?["registration_access_token"] != nil)
    let piped = await place.repository.run(
      "oidc", "register", "--endpoint", place.endpoint, "-", input: #"{"client_name": "piped"}"#)
    #expect(piped.json?["client_name"] == "piped")
  }

  @Test(
    "--set reads a value by the member's type",
    arguments: [
      (["client_name=123"], ["client_name": "123"]), (["client_name=true"], ["client_name": "true"]),
      (["client_name="], ["client_name": ""]), (["contacts=a@example.com"], ["contacts": ["a@example.com"]]),
      (["contacts=[\"a\",\"b\"]"], ["contacts": ["a", "b"]]), (["contacts=a", "contacts=b"], ["contacts": ["a", "b"]]),
      (["frontchannel_logout_session_required=true"], ["frontchannel_logout_session_required": true]),
      (["jwks={\"keys\":[]}"], ["jwks": ["keys": []]]), (["contacts=[]"], ["contacts": []]),
    ] as [([String], JSONObject)])
  func typing(_ settings: [String], _ expected: JSONObject) async throws {
    let place = try Place()
    let run = await place.register(contentsOf: settings.flatMap { ["--set", $0] })
    for member in expected { #expect(run.json?[member.name] == member.value) }
  }

  @Test(
    "a token comes from the environment, a file or standard input",
    arguments: ["env:RAT", "file:rat", "-"])
  func sources(_ source: String) async throws {
    let place = try Place()
    let created = await place.register()
    let token = try #require(created.json?["registration_access_token"]?.string)
    let uri = try #require(created.json?["registration_client_uri"]?.string)
    try Data("\(token)\n".utf8).write(to: URL(filePath: place.path("rat")))
    let run = await place.repository.run(
      "oidc", "get", "--uri", uri, "--token", source == "file:rat" ? "file:" + place.path("rat") : source,
      environment: ["RAT": token], input: token + "\n")
    #expect(run.status == 0 && run.json?["client_id"] == created.json?["client_id"])
  }

  @Test(
    "what cannot be run is said before anything is sent, and a credential that was typed is not repeated",
    arguments: [
      (["get", "--uri", "URI", "--token", "ory_at_typed"], 64, "--token takes env:NAME"),
      (["get", "--uri", "URI", "--token", "env:NOT_SET"], 1, "NOT_SET is not set"),
      (["get", "--uri", "URI", "--token", "file:/nowhere"], 1, "--token: /nowhere cannot be read: no such file or directory"),
      (["register", "--endpoint", "URI", "/"], 1, "/ cannot be read: is a directory"),
      (["get", "--uri", "URI", "--token", "-"], 1, "nothing in standard input"),
      (["get", "--uri", "URI"], 64, "there is no token"),
      (["get"], 64, "which client?"), (["get", "--client", "/nowhere"], 1, "there is no file /nowhere"),
      (["get", "--uri", "URI", "--auth", "client_secret_basic", "--token", "env:HOME"], 64, "--client-id"),
      (["set", "--uri", "URI", "--token", "env:HOME"], 64, "there is no metadata"),
      (["set", "--uri", "URI", "--token", "-", "-"], 64, "standard input can be read once"),
      (["register", "--endpoint", "URI", "--set", "client_secret=ory_at_typed"], 64, "does not belong on a command line"),
      (["register", "--set", "client_name=x"], 64, "where to?"),
      (["register", "--endpoint", "URI", "--out", "/dev/null", "--set", "client_name=x"], 64, "is there already"),
      (["register", "--endpoint", "URI", "--set", "frontchannel_logout_session_required=maybe"], 64, "takes true or false"),
      (["register", "--endpoint", "URI", "/nowhere"], 1, "/nowhere cannot be read"),
      (["get", "--header", "X-Key: ory_at_typed"], 64, "--header takes NAME=SOURCE."),
      (["get", "--header", "X-Key=ory_at_typed", "--uri", "URI", "--token", "env:HOME"], 64, "never the credential itself"),
      (["register", "--endpoint", "URI", "--set", "client_nam=x"], 64, "did you mean client_name?"),
      (["register", "--endpoint", "URI", "--set", "redirect_uris=[x"], 64, "takes a list as JSON"),
      (["register", "--endpoint", "URI", "--set", "client_name"], 64, "--set takes NAME=VALUE, not \"client_name\""),
      (["get", "--uri", "URI", "--token", "env:HOME", "--timeout", "0s"], 64, "--timeout takes a time that is longer"),
      (
        ["get", "--uri", "URI", "--token", "env:HOME", "--ca-file", "/nowhere"], 1,
        "--ca-file: /nowhere cannot be read: no such"
      ),
      (
        ["get", "--uri", "URI", "--token", "env:HOME", "--certificate-file", "/"], 1,
        "--certificate-file: / cannot be read: is a"
      ),
      (["discover", "URI", "--key-file", "/nowhere"], 1, "--key-file: /nowhere cannot be read"),
      (["discover"], 64, "which provider?"), (["discover", "URI", "--issuer", "URI"], 64, "Name the provider once"),
      (
        ["get", "--header", "X ory_at_typed=env:HOME", "--uri", "URI", "--token", "env:HOME"], 64,
        "--header: what stands before"
      ),
      (["get", "--header", "Content-Length=env:HOME", "--uri", "URI", "--token", "env:HOME"], 64, "--header Content-Length"),
      (["register", "--endpoint", "URI", "--out", "-", "--set", "client_name=x"], 64, "is printed where there is no --out"),
      (["get", "--client", "-"], 64, "--client takes the name of a file"),
      (["credential", "--endpoint", "URI", "--token", "env:HOME", "--key-out", "-"], 64, "--key-out takes the name of a file"),
    ])
  func mistakes(_ arguments: [String], _ status: Int32, _ words: String) async throws {
    let place = try Place()
    let full = ["oidc"] + arguments.map { $0 == "URI" ? place.endpoint + "/x" : $0 } + ["--verbose"]
    let run = await place.repository.run(full)
    #expect(run.status == status && run.errors.contains(words), "\(run.errors)")
    #expect(!run.errors.contains("> "), "something was sent")
    #expect(!(run.output + run.errors).contains("ory_at_typed"))
  }

  @Test(
    "a credential that no call can carry is named with its option and never sent",
    arguments: [
      (["get", "--uri", "URI", "--token", "SOURCE"], "--token"), (["set", "--uri", "URI", "--token", "SOURCE"], "--token"),
      (["register", "--endpoint", "URI", "--token", "SOURCE"], "--token"),
      (["userinfo", "--endpoint", "URI", "--token", "SOURCE"], "--token"),
      (["credential", "--endpoint", "URI", "--token", "SOURCE", "--key-out", "KEY"], "--token"),
      (["logout", "--endpoint", "URI", "--cookie", "SOURCE"], "--cookie"),
      (["register", "--endpoint", "URI", "--header", "X-Key=SOURCE"], "--header X-Key"),
      (["get", "--client", "CLIENT"], "--client"),
    ], ["a\r\nX-Other: b", "a\u{7f}b", "long"])
  func unsendable(_ given: ([String], String), _ kind: String) async throws {
    let place = try Place()
    let (arguments, option) = given
    let isLong = kind == "long"
    let credential = isLong ? String(repeating: "a", count: 70_000) : kind
    for source in ["file:" + place.path("credential"), "-"] {
      try Data(credential.utf8).write(to: URL(filePath: place.path("credential")))
      let client: JSONObject = [
        "registration_client_uri": .string(place.endpoint + "/x"), "registration_access_token": .string(credential),
      ]
      try Data(client.text().utf8).write(to: URL(filePath: place.path("client.json")))
      let words = arguments.map {
        switch $0 {
        case "URI": place.endpoint
        case "KEY": place.path("key.json")
        case "CLIENT": place.path("client.json")
        default: $0.replacingOccurrences(of: "SOURCE", with: source)
        }
      }
      let more = ["register", "set"].contains(words[0]) ? ["--set", "client_name=x"] : []
      let run = await place.repository.run(["oidc"] + words + more + ["-v"], input: credential)
      #expect(run.status == 1 && run.output.isEmpty, "\(run.errors)")
      #expect(run.errors.contains("\(option): ") && run.errors.contains(isLong ? "64 KiB" : "no header field"), "\(run.errors)")
      #expect(!run.errors.contains("> ") && !run.errors.contains("X-Other"))
      #expect(place.repository.read("key.json") == nil, "no key is left behind")
    }
  }

  @Test("a client secret goes where it is encoded, and so may have any character")
  func encoded() async throws {
    let place = try Place()
    for method in ["client_secret_basic", "client_secret_post"] {
      let run = await place.repository.run(
        "oidc", "get", "--uri", place.endpoint + "/x", "--auth", method, "--client-id", "a", "--token", "env:SECRET",
        environment: ["SECRET": "a\tb\nc"])
      #expect(run.json?["failure"]?["status"] == 401, "\(run.errors)")
    }
  }

  @Test("the provider that is asked about itself may be named as everywhere else")
  func discoverByIssuer() async throws {
    let place = try Place()
    let run = await place.repository.run("oidc", "discover", "--issuer", place.provider.publicURL)
    #expect(run.status == 0 && run.json?["issuer"]?.string == place.provider.publicURL, "\(run.errors)")
  }

  @Test("what a read printed can be changed and sent: the client is named in it, and what only the provider writes is left out")
  func pipe() async throws {
    let place = try Place()
    let file = place.path("app.json")
    _ = await place.register("--out", file, "--set", "client_name=One", "--set", "contacts=a@example.com")
    let read = await place.repository.run("oidc", "get", "--client", file)
    let changed = read.output.replacingOccurrences(of: "\"One\"", with: "\"Two\"")
      .replacingOccurrences(of: "{\n", with: "{\n  \"registration_access_token\": \"ory_at_in_the_body\",\n")
    let set = await place.repository.run("oidc", "set", "--client", file, "-", "-v", input: changed)
    #expect(set.status == 0, "\(set.errors)")
    let sent = try #require(set.errors.split(separator: "\n").first { $0.hasPrefix("> {") })
    let body = try JSONValue(parsing: String(sent.dropFirst(2)))
    #expect(body["client_id"] == read.json?["client_id"] && body["client_name"] == "Two")
    for name in ["registration_access_token", "registration_client_uri", "client_secret_expires_at", "client_id_issued_at"] {
      #expect(body[name] == nil)
    }
    let now = await place.repository.run("oidc", "get", "--client", file)
    #expect(now.json?["client_name"] == "Two" && now.json?["contacts"] == ["a@example.com"])
  }

  @Test("a set names its client, as RFC 7592 wants it, from the file or from --client-id")
  func setNamesClient() async throws {
    let place = try Place()
    let file = place.path("app.json")
    _ = await place.register("--out", file)
    let kept = try place.json("app.json")
    let id = try #require(kept["client_id"]?.string)
    let first = await place.repository.run("oidc", "set", "--client", file, "--set", "client_name=a", "-v")
    #expect(first.errors.contains(#"> {"client_id":"\#(id)","client_name":"a"}"#), "\(first.errors)")
    let token = try #require(try place.json("app.json")["registration_access_token"]?.string)
    let second = await place.repository.run(
      "oidc", "set", "--uri", kept["registration_client_uri"]?.string ?? "", "--token", "env:RAT", "--client-id", id, "--set",
      "client_name=b", "-v", environment: ["RAT": token])
    #expect(second.errors.contains(#"> {"client_id":"\#(id)","client_name":"b"}"#), "\(second.errors)")
  }

  @Test("a member in a language, and one that nobody knows, are sent")
  func furtherMembers() async throws {
    let place = try Place()
    let run = await place.register("--set", "client_name#fr=App", "--set", "x_tier={\"a\":1}", "--set", "x_word=gold", "-v")
    #expect(
      run.status == 0 && run.errors.contains(#""client_name#fr":"App","x_tier":{"a":1},"x_word":"gold""#), "\(run.errors)")
  }

  @Test(
    "at the first Ctrl-C a read ends at once, and a create that is on its way is waited for and kept",
    .timeLimit(.minutes(15)), arguments: ["get", "register"])
  func interrupted(_ command: String) async throws {
    let place = try Place()
    let stop = StopSignal()
    let arguments =
      command == "get"
      ? ["oidc", "get", "--uri", place.endpoint + "/x", "--token", "env:HOME", "--timeout", "1h"]
      : ["oidc", "register", "--endpoint", place.endpoint, "--set", "client_name=x", "--out", place.path("app.json")]
    let run = await place.repository.run(arguments) { context in
      context.stop = stop
      context.transport = { StoppingTransport(base: $0, stop: stop) }
    }
    if command == "get" {
      #expect(run.status == 1 && run.json?["failure"]?["code"] == "transport.cancelled", "\(run.errors)")
      #expect(run.json?["failure"]?["effect"] == "none")
    } else {
      #expect(run.status == 0, "\(run.errors)")
      #expect(try place.json("app.json")["registration_access_token"] != nil)
    }
  }

  @Test("an answer that could not be written is no success: a secret that is shown once was in it", arguments: ["/dev/full"])
  func lostOutput(to output: String) async throws {
    let place = try Place()
    let errors = place.path("errors")
    let child = try Child(
      [Child.clientsync, "oidc", "register", "--endpoint", place.endpoint, "--set", "client_name=App"],
      environment: ["HOME": place.repository.folder], output: output, errors: errors)
    #expect(await child.ended() >> 8 == 4)
    let words = String(decoding: place.repository.read("errors") ?? Data(), as: UTF8.self)
    #expect(words.contains("No space left on device"), "\(words)")
    let discovery = try Child(
      [Child.clientsync, "oidc", "discover", place.provider.publicURL],
      environment: ["HOME": place.repository.folder], output: output)
    #expect(await discovery.ended() >> 8 == 1)
  }

  @Test("what is no file is refused before anything is read or sent")
  func noFile() async throws {
    let place = try Place()
    #expect(mkfifo(place.path("pipe"), 0o600) == 0)
    for other in [place.path("pipe"), "/dev/zero"] {
      let made = await place.repository.run(
        "oidc", "register", "--endpoint", place.endpoint, "--out", other, "--set", "client_name=x")
      #expect(made.status == 64 && made.errors.contains("is there already"), "\(made)")
      let read = await place.repository.run("oidc", "get", "--client", other)
      #expect(read.status == 64 && read.errors.contains("is no file"), "\(read)")
    }
    try Data([0xff, 0xfe]).write(to: URL(fileURLWithPath: place.path("token")))
    let token = await place.repository.run(
      "oidc", "get", "--uri", place.endpoint + "/x", "--token", "file:" + place.path("token"))
    #expect(token.status == 1 && token.errors.contains("no text in UTF-8"), "\(token)")
  }

  @Test("a link to the file of a client stays one, and the file gets the new token")
  func link() async throws {
    let place = try Place()
    let file = place.path("app.json")
    #expect(
      await place.repository.run("oidc", "register", "--endpoint", place.endpoint, "--out", file, "--set", "client_name=x")
        .status
        == 0)
    let before = try place.json("app.json")["registration_access_token"]
    try FileManager.default.createSymbolicLink(atPath: place.path("link.json"), withDestinationPath: file)
    let set = await place.repository.run("oidc", "set", "--client", place.path("link.json"), "--set", "client_name=y")
    #expect(set.status == 0, "\(set)")
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: place.path("link.json")) == file)
    #expect(try place.json("app.json")["registration_access_token"] != before)
  }

  @Test("a file that cannot be made is told before anything is sent")
  func noFolder() async throws {
    let place = try Place()
    let run = await place.register("--out", place.path("missing/app.json"))
    #expect(run.status == 1 && run.output.isEmpty && run.errors.contains("Nothing was sent"), "\(run.output)\(run.errors)")
  }

  @Test("a file may be what a shell puts in its place: a pipe, by its number")
  func pipes() async throws {
    let place = try Place()
    let metadata = Pipe()
    let token = Pipe()
    for (pipe, text) in [(metadata, #"{"client_name": "piped"}"#), (token, "initial\n")] {
      pipe.fileHandleForWriting.write(Data(text.utf8))
      try pipe.fileHandleForWriting.close()
    }
    let run = await place.repository.run(
      "oidc", "register", "--endpoint", place.endpoint, "--token",
      "file:/proc/self/fd/\(token.fileHandleForReading.fileDescriptor)",
      "/proc/self/fd/\(metadata.fileHandleForReading.fileDescriptor)", "-v")
    #expect(run.status == 0 && run.json?["client_name"] == "piped", "\(run.errors)")
    #expect(run.errors.contains("Authorization: Bearer (sensitive)"))
  }

  @Test("JSON that is none is named with its line and column")
  func brokenJSON() async throws {
    let place = try Place()
    let run = await place.repository.run(
      "oidc", "register", "--endpoint", place.endpoint, "-", input: "{\n  \"client_name\": x\n}")
    #expect(run.status == 1 && run.errors.contains("standard input:2:18:"), "\(run.errors)")
  }

  @Test("--verbose shows the exchange and no credential: not the token, not the secret, not what the answer brings")
  func verbose() async throws {
    let place = try Place()
    let created = await place.register("--verbose", "--header", "X-Gateway=env:GATEWAY")
    #expect(created.status == 1, "the gateway's variable is not set")
    let first = await place.repository.run(
      "oidc", "register", "--endpoint", place.endpoint, "--set", "client_name=App", "--token", "env:IAT", "--header",
      "X-Gateway=env:GATEWAY", "--verbose", environment: ["IAT": "the-initial-token", "GATEWAY": "the-gateway-key"])
    let secret = try #require(first.json?["client_secret"]?.string)
    let token = try #require(first.json?["registration_access_token"]?.string)
    let uri = try #require(first.json?["registration_client_uri"]?.string)
    #expect(first.errors.contains("> POST \(place.endpoint)\n") && first.errors.contains("< 201 after"))
    #expect(first.errors.contains("Authorization: Bearer (sensitive)") && first.errors.contains("X-Gateway: (sensitive)"))
    #expect(first.errors.contains(#""client_name":"App""#) && first.errors.contains(#""client_secret":"(sensitive)""#))
    let set = await place.repository.run(
      "oidc", "set", "--uri", uri, "--token", "-", "--set", "client_name=\(token)", "-v", input: token)
    let new = try #require(set.json?["registration_access_token"]?.string)
    for canary in [secret, token, new, "the-initial-token", "the-gateway-key"] {
      #expect(!(first.errors + set.errors).contains(canary))
    }
  }

  @Test("a lost answer is exit 5: it was sent, and nobody knows")
  func inDoubt() async throws {
    let place = try Place(faults: [Fault(.create, .after, .drop)])
    let run = await place.register()
    #expect(run.status == 5)
    #expect(run.json?["failure"]?["effect"] == "unknown")
    #expect(run.errors.contains("do not simply repeat the call"))
  }

  @Test("an answer that cannot be kept is exit 4, and is printed, for it is shown once")
  func notKept() async throws {
    let place = try Place()
    try FileManager.default.createDirectory(atPath: place.path("sub"), withIntermediateDirectories: true)
    let run = await place.repository.run(
      ["oidc", "register", "--endpoint", place.endpoint, "--set", "client_name=App", "--out", place.path("sub/app.json")]
    ) {
      $0.transport = { Obstructing(base: $0, path: place.path("sub")) }
    }
    #expect(run.status == 4)
    #expect(run.json?["received"]?["client_secret"]?.string?.count == 26)
    #expect(run.json?["received"]?["registration_access_token"] != nil)
    #expect(run.json?["failure"]?["code"] == "persist")
    let secret = try #require(run.json?["received"]?["client_secret"]?.string)
    #expect(!run.errors.contains(secret))
  }

  /// While the call is under way, the folder of the new file goes.
  private struct Obstructing: HTTPTransport {
    let base: any HTTPTransport
    let path: String

    func send(_ request: HTTPRequest) async throws(HTTPTransportError) -> HTTPResponse {
      let answer = try await base.send(request)
      try? FileManager.default.removeItem(atPath: path)
      return answer
    }
  }
}

extension OIDCCommandTests.Place {
  fileprivate func register(contentsOf more: [String]) async -> Run {
    await repository.run(["oidc", "register", "--endpoint", endpoint] + more)
  }
}

/// Asks for the stop once a request is there; a read then gets no answer, as from a server that hangs.
private struct StoppingTransport: HTTPTransport {
  let base: any HTTPTransport
  let stop: StopSignal

  func send(_ request: HTTPRequest) async throws(HTTPTransportError) -> HTTPResponse {
    stop.request()
    guard request.method == .get else { return try await base.send(request) }
    let (never, keep) = AsyncStream.makeStream(of: Void.self)
    for await _ in never {}
    keep.finish()
    throw HTTPTransportError(.cancelled, effect: .unknown, "cancelled")
  }
}
