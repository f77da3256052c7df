import Applying
import Commands
import EmbeddedProvider
import Foundation
import OpenIDJSON
import OpenIDRegistration
import Synchronization
import Testing

/// The file that keeps a client's credentials, where two commands meet at it, or something goes wrong with it.
@Suite struct OIDCFileTests {
  typealias Place = OIDCCommandTests.Place

  /// What a test does while a call is under way: before it goes out, or when its answer is there.
  private struct Meanwhile: HTTPTransport {
    let base: any HTTPTransport
    var before: @Sendable () async -> Void = {}
    var after: @Sendable () async -> Void = {}

    func send(_ request: HTTPRequest) async throws(HTTPTransportError) -> HTTPResponse {
      await before()
      let answer = try await base.send(request)
      await after()
      return answer
    }
  }

  private func registering(_ place: Place, _ file: String) -> [String] {
    [
      "oidc", "register", "--endpoint", place.endpoint, "--set", "client_name=App", "--set",
      "redirect_uris=https://app.example.com/cb", "--out", place.path(file),
    ]
  }

  /// The arguments of a register or a set that keeps its answer in `app.json`, where the set's client is by then.
  private func prepared(_ command: String, _ place: Place) async -> [String] {
    let register = registering(place, "app.json")
    if command == "register" { return register }
    #expect(await place.repository.run(register).status == 0)
    return ["oidc", "set", "--client", place.path("app.json"), "--set", "client_name=x"]
  }

  /// The client's own token works.
  private func isUsable(_ place: Place, _ file: String) async -> Bool {
    await place.repository.run("oidc", "get", "--client", place.path(file)).status == 0
  }

  /// A client is at the provider, whose answer may still be on its way.
  private func hasClient(_ place: Place) -> Bool {
    guard let admin = URL(string: "http://127.0.0.1:\(place.provider.adminPort ?? 0)/admin/clients"),
      let bytes = try? Data(contentsOf: admin)
    else { return false }
    return (try? JSONValue(parsing: Array(bytes)))?.array?.count == 1
  }

  private func names(in folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasPrefix("app.json") }.sorted()
  }

  @Test("where the stop came before the call, as while the input was waited for, nothing is sent")
  func stoppedBefore() async throws {
    let place = try Place()
    let stop = StopSignal()
    stop.request()
    let run = await place.repository.run(registering(place, "app.json")) { $0.stop = stop }
    #expect(run.status == 1 && run.json?["failure"]?["effect"] == "none", "\(run.errors)")
    #expect(!hasClient(place))
    #expect(try names(in: place.repository.folder).isEmpty)
  }

  @Test("of two registrations with one file the second is refused before it sends anything, and the first is kept")
  func twoRegistrations() async throws {
    let place = try Place()
    let other = Mutex<Run?>(nil)
    let first = await place.repository.run(registering(place, "app.json")) { context in
      context.transport = {
        Meanwhile(base: $0) {
          let run = await place.repository.run(registering(place, "app.json") + ["-v"])
          other.withLock { $0 = run }
        }
      }
    }
    let second = try #require(other.withLock { $0 })
    #expect(first.status == 0, "\(first.errors)")
    #expect(second.status == 6 && second.output.isEmpty, "\(second.errors)")
    #expect(second.errors.contains("another oidc register has claimed the file") && !second.errors.contains("> POST"))
    #expect(try place.json("app.json")["client_id"] == first.json?["client_id"])
    #expect(await isUsable(place, "app.json"))
    #expect(try names(in: place.repository.folder) == ["app.json"])
  }

  @Test("a claim goes where the provider refuses, or no answer comes, of discovery or of the call", arguments: 0...2)
  func noAnswer(_ index: Int) async throws {
    let faults = [
      Fault(.create, .before, .answer(status: 400, headers: [:], body: "{}")), Fault(.create, .before, .drop),
      Fault(.discovery, .before, .drop),
    ]
    let place = try Place(faults: [faults[index]])
    var words = registering(place, "app.json")
    if index == 2 { words.replaceSubrange(2...3, with: ["--issuer", place.provider.publicURL]) }
    let first = await place.repository.run(words)
    #expect(first.status == [1, 5, 1][index], "\(first.errors)")
    #expect(try names(in: place.repository.folder).isEmpty)
    let second = await place.repository.run(words)
    #expect(second.status == 0, "\(second.errors)")
  }

  @Test("a registration that was killed leaves an empty file, which is no client, and the words say what to do")
  func killed() async throws {
    let place = try Place(faults: [Fault(.create, .after, .delay(milliseconds: 60_000))])
    let child = try Child([Child.clientsync] + registering(place, "app.json"), environment: ["HOME": place.repository.folder])
    _ = await child.ended(by: SIGKILL) { place.repository.read("app.json") != nil }
    #expect(place.repository.read("app.json")?.isEmpty == true)
    try Data("{}".utf8).write(to: URL(filePath: place.path("app.json.1f.new")))
    let again = await place.repository.run(registering(place, "app.json"))
    #expect(again.status == 64 && again.errors.contains("is there already and empty"), "\(again.errors)")
    #expect(again.errors.contains("may be in app.json.1f.new beside it") && again.errors.contains("Remove it"))
    for command in [["set", "--set", "client_name=x"], ["get"], ["delete"]] {
      let run = await place.repository.run(["oidc"] + command + ["--client", place.path("app.json")])
      #expect(run.status == 1 && run.errors.contains("app.json is empty"), "\(run.errors)")
    }
  }

  @Test("of two sets with one file the second waits for the first, and goes on with its token")
  func twoSets() async throws {
    let place = try Place()
    #expect(await place.repository.run(registering(place, "app.json")).status == 0)
    let file = place.path("app.json")
    let other = Mutex<Task<Run, Never>?>(nil)
    let first = await place.repository.run("oidc", "set", "--client", file, "--set", "client_name=One") { context in
      context.transport = {
        Meanwhile(base: $0) {
          let (moves, move) = AsyncStream.makeStream(of: Void.self)
          let second = Task {
            await place.repository.run("oidc", "set", "--client", file, "--set", "client_name=Two") { context in
              let tell = context.printError
              context.printError = {
                tell($0)
                move.yield()
              }
              context.transport = { Meanwhile(base: $0) { move.yield() } }
            }
          }
          other.withLock { $0 = second }
          // It says that it waits, or sends something.
          for await _ in moves { return }
        }
      }
    }
    let second = try #require(await other.withLock { $0 }?.value)
    #expect(first.status == 0 && second.status == 0, "\(first.errors)\(second.errors)")
    #expect(second.errors.contains("another command works with \(file)"))
    let read = await place.repository.run("oidc", "get", "--client", file)
    #expect(read.status == 0 && read.json?["client_name"] == "Two", "\(read.errors)")
  }

  @Test("what waits for a file that another command has gives up after --timeout, and has sent nothing")
  func impatient() async throws {
    let place = try Place()
    #expect(await place.repository.run(registering(place, "app.json")).status == 0)
    let file = place.path("app.json")
    let other = Mutex<Run?>(nil)
    let first = await place.repository.run("oidc", "set", "--client", file, "--set", "client_name=One") { context in
      context.transport = {
        Meanwhile(base: $0) {
          let run = await place.repository.run(
            "oidc", "set", "--client", file, "--set", "client_name=Two", "--timeout", "10ms", "-v")
          other.withLock { $0 = run }
        }
      }
    }
    let second = try #require(other.withLock { $0 })
    #expect(first.status == 0, "\(first.errors)")
    #expect(second.status == 6 && second.errors.contains("Nothing was sent") && !second.errors.contains("> PUT"))
    #expect(await isUsable(place, "app.json"))
  }

  @Test("a pipe from get to set of one file comes to its end, and the set takes the token that the get left")
  func pipeline() async throws {
    let place = try Place()
    #expect(await place.repository.run(registering(place, "app.json")).status == 0)
    let file = place.path("app.json")
    #expect(mkfifo(place.path("pipe"), 0o600) == 0)
    async let set = place.repository.run("oidc", "set", "--client", file, place.path("pipe"))
    var end: Int32 = -1
    // It can be opened once the set has begun to read it.
    while end < 0 {
      try await Task.sleep(for: .milliseconds(5))
      end = open(place.path("pipe"), O_WRONLY | O_NONBLOCK)
    }
    let get = await place.repository.run("oidc", "get", "--client", file, "--timeout", "10s")
    #expect(get.status == 0, "\(get.errors)")
    FileHandle(fileDescriptor: end, closeOnDealloc: true).write(Data(get.output.utf8))
    let changed = await set
    #expect(changed.status == 0, "\(changed.errors)")
    #expect(await isUsable(place, "app.json"))
  }

  @Test("a file of another's beside it stays as it is, whatever its name", arguments: ["register", "set"])
  func foreignFile(_ command: String) async throws {
    let place = try Place()
    let words = await prepared(command, place)
    try Data("mine".utf8).write(to: URL(filePath: place.path("app.json.new")))
    #expect(await place.repository.run(words).status == 0)
    #expect(place.repository.read("app.json.new") == Data("mine".utf8))
    #expect(try names(in: place.repository.folder) == ["app.json", "app.json.new"])
  }

  @Test(
    "a file that somebody put there during the call stays as it is, and the credentials are kept beside it",
    arguments: ["register", "set"])
  func replaced(_ command: String) async throws {
    let place = try Place()
    let words = await prepared(command, place)
    let run = await place.repository.run(words) { context in
      context.transport = {
        Meanwhile(
          base: $0,
          after: {
            try? FileManager.default.removeItem(atPath: place.path("app.json"))
            try? Data("mine".utf8).write(to: URL(filePath: place.path("app.json")))
          })
      }
    }
    #expect(run.status == 4, "\(run.errors)")
    #expect(place.repository.read("app.json") == Data("mine".utf8))
    let kept = try #require(run.json?["kept_in"]?.string)
    #expect(run.errors.contains("is kept in \(kept)"))
    #expect(await place.repository.run("oidc", "get", "--client", kept).status == 0)
    #expect(run.json?["client_id"] != nil && run.json?["registration_access_token"] == nil)
  }

  @Test("an answer about another client is not written over a client's file", arguments: ["get", "set"])
  func another(_ command: String) async throws {
    let place = try Place()
    _ = await prepared("set", place)
    let file = place.repository.read("app.json")
    let answer = Fault.Action.answer(
      status: 200, headers: ["content-type": "application/json"],
      body: #"{"client_id":"another","registration_access_token":"t0ken"}"#)
    place.provider.setFaults([Fault(command == "get" ? .get : .set, .before, answer)])
    let words = ["oidc", command, "--client", place.path("app.json")] + (command == "set" ? ["--set", "client_name=x"] : [])
    let run = await place.repository.run(words)
    #expect(run.status == (command == "get" ? 1 : 5), "\(run.errors)")
    #expect(run.json?["failure"]?["code"] == "mismatch.client_id")
    #expect(run.json?["received"]?["registration_access_token"] == "t0ken")
    #expect(place.repository.read("app.json") == file)
  }

  @Test("a file that goes during the call is made again", arguments: ["register", "set"])
  func removed(_ command: String) async throws {
    let place = try Place()
    let words = await prepared(command, place)
    let run = await place.repository.run(words) { context in
      context.transport = {
        Meanwhile(base: $0, after: { try? FileManager.default.removeItem(atPath: place.path("app.json")) })
      }
    }
    #expect(run.status == 0, "\(run.errors)")
    #expect(await isUsable(place, "app.json"))
    #expect(try names(in: place.repository.folder) == ["app.json"])
  }

  @Test(
    "of an answer that broke off the credentials go into the file alone, and the words name it", arguments: ["register", "set"])
  func brokenOff(_ command: String) async throws {
    let place = try Place()
    let words = await prepared(command, place)
    place.provider.setFaults([Fault(command == "set" ? .set : .create, .after, .truncate())])
    let run = await place.repository.run(words)
    #expect(run.status == 5, "\(run.errors)")
    let kept = try place.json("app.json")
    let credentials = ["client_secret", "registration_access_token"].compactMap { kept[$0]?.string }
    #expect(!credentials.isEmpty)
    for credential in credentials { #expect(!(run.output + run.errors).contains(credential)) }
    let received = try #require(run.json?["received"])
    #expect(received["client_id"] == kept["client_id"] && received["kept_in"]?.string == place.path("app.json"))
    let names = Set(received.object?.names ?? [])
    #expect(names.isSubset(of: ["client_id", "registration_client_uri", "kept_in"]), "\(run.output)")
    #expect(run.errors.contains("What arrived is kept in \(place.path("app.json"))."), "\(run.errors)")
  }

  @Test("a read with --client prints no token, also where it brought a new one, which the file has", arguments: [false, true])
  func read(_ rotates: Bool) async throws {
    var profile = Profile.rfc7591
    profile.readRotatesToken = rotates ? .always : .never
    let place = try Place(profile: profile)
    #expect(await place.repository.run(registering(place, "app.json")).status == 0)
    let before = try place.json("app.json")
    let bytes = place.repository.read("app.json")
    let read = await place.repository.run("oidc", "get", "--client", place.path("app.json"))
    let after = try place.json("app.json")
    #expect(read.status == 0 && read.json?["client_name"] == "App", "\(read.errors)")
    #expect(read.json?["registration_access_token"] == nil && read.json?["registration_client_uri"] != nil)
    #expect(read.json?["client_secret"] == after["client_secret"], "a set may have to send it back")
    #expect((before["registration_access_token"] != after["registration_access_token"]) == rotates)
    if !rotates { #expect(place.repository.read("app.json") == bytes, "a read that brings nothing new writes nothing") }
  }

  @Test("a hang-up, and one more, let a registration that is on its way end, and what it brings is kept")
  func hangUp() async throws {
    let place = try Place(faults: [Fault(.create, .after, .delay(milliseconds: 1000))])
    let child = try Child(
      [Child.clientsync] + registering(place, "app.json"), environment: ["HOME": place.repository.folder],
      output: place.path("output"))
    let status = await child.ended(by: SIGHUP) {
      guard hasClient(place) else { return false }
      kill(child.pid, SIGHUP)
      return true
    }
    #expect(status == 0, "\(String(decoding: place.repository.read("output") ?? Data(), as: UTF8.self))")
    #expect(await isUsable(place, "app.json"))
  }

  @Test("what can neither be kept nor printed is said to be lost")
  func lost() async throws {
    let place = try Place(faults: [Fault(.create, .after, .delay(milliseconds: 1000))])
    try FileManager.default.createDirectory(atPath: place.path("sub"), withIntermediateDirectories: true)
    let child = try Child(
      [Child.clientsync] + registering(place, "sub/app.json"), environment: ["HOME": place.repository.folder],
      output: "/dev/full", errors: place.path("errors"))
    // Signal 0 sends none.
    let status = await child.ended(by: 0) {
      guard hasClient(place) else { return false }
      try? FileManager.default.removeItem(atPath: place.path("sub"))
      return true
    }
    let words = String(decoding: place.repository.read("errors") ?? Data(), as: UTF8.self)
    #expect(status >> 8 == 4 && words.contains("could not be printed: standard output: No space left"), "\(words)")
    #expect(words.contains("It is lost."))
  }

  @Test("a hang-up that is ignored when it starts, as under nohup, stays so", arguments: [false, true])
  func ignoredHangUp(_ isIgnored: Bool) async throws {
    let place = try Place(faults: [Fault(.discovery, .before, .delay(milliseconds: 60_000))])
    let words = "\(isIgnored ? "trap '' HUP; " : "")exec \"$0\" oidc discover \(place.provider.publicURL)"
    let child = try Child(["/bin/sh", "-c", words, Child.clientsync], environment: ["HOME": place.repository.folder])
    defer { _ = child.end(by: SIGKILL) }
    /// Bits of the signals that `/proc` lists under that name.
    func signals(_ name: String) -> UInt64 {
      let status = (try? String(contentsOfFile: "/proc/\(child.pid)/status", encoding: .utf8)) ?? ""
      let line = status.split(separator: "\n").first { $0.hasPrefix(name + ":") }
      return line.flatMap { UInt64($0.split(separator: "\t").last ?? "", radix: 16) } ?? 0
    }
    // SIGTERM is the last that is taken over.
    while signals("SigCgt") & (1 << UInt64(SIGTERM - 1)) == 0 { try await Task.sleep(for: .milliseconds(10)) }
    #expect((signals("SigIgn") & 1 == 1) == isIgnored)
    #expect((signals("SigCgt") & 1 == 1) == !isIgnored)
  }

  @Test(
    "whichever step of the disk fails, what was registered is in the file, beside it or printed", arguments: 1...12)
  func faults(_ step: Int) async throws {
    let place = try Place()
    let gate = FaultGate(FaultPoint(kind: .fails, step: step), stop: StopSignal())
    let run = await place.repository.run(registering(place, "app.json")) { $0.files = gate.files }
    let paths = [place.path("app.json"), run.json?["kept_in"]?.string].compactMap { $0 }
    let clients = paths.compactMap { FileManager.default.contents(atPath: $0) }.filter { !$0.isEmpty }
    switch run.status {
    case 0: #expect(clients.count == 1)
    case 1: #expect(clients.isEmpty && run.errors.contains("Nothing was sent"), "\(run.errors)")
    case 4:
      let printed = run.json?["received"]?["registration_access_token"]
      #expect(printed != nil || clients.count == 1, "\(run.output)\(run.errors)")
      if clients.isEmpty { #expect(try names(in: place.repository.folder).isEmpty) }
    default: Issue.record("exit \(run.status): \(run.errors)")
    }
  }
}
