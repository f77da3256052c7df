import Applying
import EmbeddedProvider
import Foundation
import Glibc
import OpenIDJSON
import OpenIDRegistration
import State
import Synchronization
import Testing

@testable import Commands

@Suite struct InDoubtTests {
  @Test("a create whose answer is lost leaves one client: its orphan is found by the marker, deleted, and created again")
  func createSettled() async throws {
    let hydra = try Hydra(hasAdmin: true)
    try hydra.declare(["a", "b"])
    hydra.provider.setFaults([Fault(.create, call: 2, .after, .drop)])
    let run = await hydra.apply()
    #expect(run.status == 0, "\(run.output)\(run.errors)")
    #expect(try await hydra.names() == ["a", "b"])
    #expect(await hydra.repository.run("plan", "--detailed-exitcode").status == 0)
  }

  @Test("a create that never reached the provider is sent again once its time has passed")
  func createNeverArrived() async throws {
    let hydra = try Hydra(hasAdmin: true, timeout: "1s")
    try hydra.declare(["a"])
    hydra.provider.setFaults([Fault(.create, .before, .drop)])
    #expect(await hydra.apply().status == 0)
    #expect(try await hydra.names() == ["a"])
  }

  @Test("without an admin API a lost create stays in doubt, exits 5, and is never sent a second time")
  func createInDoubt() async throws {
    let hydra = try Hydra(hasAdmin: false)
    try hydra.declare(["a", "b"])
    hydra.provider.setFaults([Fault(.create, call: 1, .after, .drop)])
    let run = await hydra.apply()
    #expect(run.status == 5, "\(run.output)\(run.errors)")
    #expect(try await hydra.names() == ["a", "b"])
    hydra.provider.setFaults([])
    for _ in 1...2 { #expect(await hydra.apply().status == 5) }
    #expect(try await hydra.names() == ["a", "b"])
    let plan = await hydra.repository.run("plan", "--format", "json")
    #expect(plan.json?["problems"]?[0]?["kind"] == "create_in_doubt")
  }

  @Test("a set whose answer is lost after it happened has lost the new token: exit 5, and the plan says so")
  func setLost() async throws {
    let hydra = try Hydra(hasAdmin: false)
    try hydra.declare(["a"])
    #expect(await hydra.apply().status == 0)
    try hydra.declare(["a"], suffix: " 2")
    hydra.provider.setFaults([Fault(.set, .after, .drop)])
    #expect(await hydra.apply().status == 5)
    hydra.provider.setFaults([])
    let plan = await hydra.repository.run("plan", "--format", "json")
    #expect(plan.json?["problems"]?[0]?["kind"] == "token_lost")
    #expect(await hydra.apply().status == 5)
    #expect(try await hydra.names() == ["a 2"])
  }

  @Test("a set whose answer is lost before it happened is proved so by a read, and sent again")
  func setRetried() async throws {
    let hydra = try Hydra(hasAdmin: false)
    try hydra.declare(["a"])
    #expect(await hydra.apply().status == 0)
    try hydra.declare(["a"], suffix: " 2")
    hydra.provider.setFaults([Fault(.set, .before, .drop)])
    #expect(await hydra.apply().status == 0)
    #expect(try await hydra.names() == ["a 2"])
    #expect(await hydra.repository.run("plan", "--detailed-exitcode").status == 0)
  }

  @Test("the doubt about a set ends with the next apply where what is declared is what is there", arguments: [true, false])
  func setForgotten(isTakenBack: Bool) async throws {
    let hydra = try Hydra(hasAdmin: false)
    try hydra.declare(["a"])
    #expect(await hydra.apply().status == 0)
    try hydra.declare(["a"], suffix: " 2")
    // The set gets no answer, and nothing can be read after it.
    hydra.provider.setFaults([Fault(.set, .before, .drop), Fault(.get, call: 2, times: nil, .before, .drop)])
    #expect(await hydra.apply().status == 5)
    #expect(try hydra.state()["clients"]?["a"]?["pending"]?["action"] == "set")
    hydra.provider.setFaults([])
    if isTakenBack { try hydra.declare(["a"]) }
    let plan = await hydra.repository.run("plan", "--detailed-exitcode", "--format", "json")
    #expect(plan.status == 2)
    #expect(plan.json?["changes"]?[0]?["action"] == (isTakenBack ? "remember" : "set"), "\(plan.output)")
    #expect(await hydra.apply().status == 0)
    #expect(try hydra.state()["clients"]?["a"]?["pending"] == nil)
    #expect(try await hydra.names() == [isTakenBack ? "a" : "a 2"])
    #expect(await hydra.repository.run("plan", "--detailed-exitcode").status == 0)
  }

  @Test("a delete whose answer is lost is done once a read says so", arguments: [true, false])
  func delete(hasAdmin: Bool) async throws {
    let hydra = try Hydra(hasAdmin: hasAdmin)
    try hydra.declare(["a", "b"])
    #expect(await hydra.apply().status == 0)
    try hydra.declare(["a"])
    hydra.provider.setFaults([Fault(.delete, .after, .drop)])
    let run = await hydra.apply()
    #expect(run.status == 0, "\(run.output)\(run.errors)")
    #expect(try await hydra.names() == ["a"])
    #expect(try hydra.state()["clients"]?.object?.names == ["a"])
  }

  /// Where answers are cut: before the id, behind the secret, behind the token and its URI.
  private static let cuts = [10, 300, 1_200]

  @Test(
    "a create whose answer breaks off is done where its token had come, and else in doubt with all that came", arguments: cuts)
  func createBrokenOff(at bytes: Int) async throws {
    let hydra = try Hydra(hasAdmin: false)
    try hydra.declare(["a"])
    hydra.provider.setFaults([Fault(.create, .after, .truncate(bytes: bytes))])
    let applied = await hydra.apply()
    let client = try #require(try hydra.state()["clients"]?["a"])
    #expect(try await hydra.names() == ["a"])
    if bytes == 1_200 {
      #expect(applied.status == 0, "\(applied.output)")
      #expect(await hydra.repository.run("plan", "--detailed-exitcode").status == 0)
    } else {
      #expect(applied.status == 5, "\(applied.output)")
      #expect(client["status"] == "in_doubt")
      #expect((client["client_id"] != nil) == (bytes == 300))
      // Nothing is created a second time, and the plan says what to do.
      #expect(await hydra.apply().status == 5)
      #expect(try await hydra.names() == ["a"])
      let plan = await hydra.repository.run("plan", "--format", "json")
      #expect(plan.json?["problems"]?[0]?["kind"] == "create_in_doubt")
    }
  }

  @Test(
    "an answer that breaks off anywhere leaves one client: with what arrived, made again, or in doubt and kept so",
    arguments: [1, 30, 90, 180, 300, 420, 540, 600, 640, 700, 760, 1_200], [true, false])
  func truncatedCreate(bytes: Int, hasAdmin: Bool) async throws {
    let hydra = try Hydra(hasAdmin: hasAdmin)
    try hydra.declare(["a"])
    hydra.provider.setFaults([Fault(.create, .after, .truncate(bytes: bytes))])
    let run = await hydra.apply()
    #expect(try await hydra.names() == ["a"])
    let plan = await hydra.repository.run("plan", "--detailed-exitcode", "--format", "json")
    if run.status == 0 {
      #expect(plan.status == 0 && plan.json?["registries"]?[0]?["read"] == 1, "\(plan.output)")
    } else {
      #expect(run.status == 5 && !hasAdmin, "\(run.output)\(run.errors)")
      #expect(plan.json?["problems"]?[0]?["kind"] == "create_in_doubt", "\(plan.output)")
      #expect(await hydra.apply().status == 5)
      #expect(try await hydra.names() == ["a"])
    }
  }

  @Test(
    "an answer to a set that breaks off gives its token, or leaves the set in doubt",
    arguments: [1, 180, 420, 540, 600, 640, 700, 760, 1_200])
  func truncatedSet(bytes: Int) async throws {
    let hydra = try Hydra(hasAdmin: false)
    try hydra.declare(["a"])
    #expect(await hydra.apply().status == 0)
    try hydra.declare(["a"], suffix: " 2")
    hydra.provider.setFaults([Fault(.set, .after, .truncate(bytes: bytes))])
    let run = await hydra.apply()
    let plan = await hydra.repository.run("plan", "--detailed-exitcode", "--format", "json")
    if run.status == 0 {
      #expect(plan.status == 0 && plan.json?["registries"]?[0]?["read"] == 1, "\(plan.output)")
    } else {
      #expect(run.status == 5, "\(run.output)\(run.errors)")
      #expect(plan.json?["problems"]?[0]?["kind"] == "token_lost", "\(plan.output)")
    }
    #expect(try await hydra.names() == ["a 2"])
  }

  @Test("an orphan that turns up after it was looked for in vain is found at the end of the run, and deleted")
  func late() async throws {
    let hydra = try Hydra(hasAdmin: true, timeout: "1s")
    try hydra.declare(["a"])
    let run = await hydra.repository.run(["apply", "--auto-approve", "--new-state"]) {
      $0.transport = { LateCreate(base: $0) }
    }
    #expect(run.status == 0, "\(run.output)")
    #expect(
      run.output.contains("a: the orphan of a create that got no answer turned up late, and was deleted."), "\(run.output)")
    #expect(try await hydra.names() == ["a"])
    #expect(await hydra.repository.run("plan", "--detailed-exitcode").status == 0)
  }

  /// The first create gets no answer, and reaches the provider only after the second one: no fault of the provider's own does that.
  private final class LateCreate: HTTPTransport {
    private let base: any HTTPTransport
    private let first = Mutex<HTTPRequest?>(nil)

    init(base: any HTTPTransport) { self.base = base }

    func send(_ request: HTTPRequest) async throws(HTTPTransportError) -> HTTPResponse {
      guard request.method == .post else { return try await base.send(request) }
      guard let late = first.withLock({ $0 }) else {
        first.withLock { $0 = request }
        throw HTTPTransportError(.connectionLost, effect: .unknown, "the connection was closed before an answer came")
      }
      let answer = try await base.send(request)
      _ = try await base.send(late)
      return answer
    }
  }

  @Test(
    "a client whose token came and whose secret did not is deleted and made again, in this run or the next",
    arguments: SecretLast.Then.allCases)
  func secretLost(_ then: SecretLast.Then) async throws {
    let hydra = try Hydra(hasAdmin: false)
    try hydra.declare(["a"])
    let transport = Mutex<SecretLast?>(nil)
    let run = await hydra.repository.run(["apply", "--auto-approve", "--new-state"]) {
      $0.transport = { base in
        transport.withLock { known in
          known = known ?? SecretLast(base: base, then)
          return known!
        }
      }
    }
    if then == .noDelete || then == .deletesUnanswered {
      #expect(run.status == 5, "\(run.output)")
      let plan = await hydra.repository.run("plan", "--no-refresh", "--format", "json")
      #expect(plan.json?["changes"]?[0]?["reason"] == "in_doubt", "\(plan.output)")
      #expect(await hydra.apply().status == 0)
    } else {
      #expect(run.status == 0, "\(run.output)\(run.errors)")
    }
    #expect(try await hydra.names() == ["a"])
    let client = try #require(try hydra.state()["clients"]?["a"])
    #expect(client["sealed"]?["client_secret"] != nil && client["status"] == "ok" && client["pending"] == nil)
    #expect(await hydra.repository.run("plan", "--detailed-exitcode").status == 0)
  }

  @Test("a kill behind the delete of such a client leaves no doubt: the next run takes the dead token for its end")
  func killedBehindDelete() async throws {
    let hydra = try Hydra(hasAdmin: false)
    try hydra.declare(["a"])
    let isDead = Atomic<Bool>(false)
    let stop = StopSignal()
    _ = await hydra.repository.run(["apply", "--auto-approve", "--new-state"]) { context in
      context.stop = stop
      context.files = PosixFiles(
        gate: .init(before: { _ in isDead.load(ordering: .sequentiallyConsistent) ? .fails(EIO) : .happens }))
      context.transport = { base in
        Killing(base: SecretLast(base: base, .deletesUnanswered)) {
          isDead.store(true, ordering: .sequentiallyConsistent)
          stop.request()
        }
      }
    }
    #expect(hydra.repository.read("state/h.json") == nil && hydra.repository.read("state/h.journal") != nil)
    #expect(try await hydra.names() == [])
    try buryOwner(in: hydra.repository.folder + "/state")
    let run = await hydra.apply()
    #expect(run.status == 0, "\(run.output)\(run.errors)")
    #expect(try await hydra.names() == ["a"])
    #expect(await hydra.repository.run("plan", "--detailed-exitcode").status == 0)
  }

  /// The process is killed once a delete was sent.
  private struct Killing: HTTPTransport {
    let base: any HTTPTransport
    let kill: @Sendable () -> Void

    func send(_ request: HTTPRequest) async throws(HTTPTransportError) -> HTTPResponse {
      guard request.method == .delete else { return try await base.send(request) }
      defer { kill() }
      return try await base.send(request)
    }
  }

  @Test("a dead token alone does not say that such a client is gone: where no delete went out, it stays in doubt")
  func deadTokenIsNoProof() async throws {
    let hydra = try Hydra(hasAdmin: false)
    try hydra.declare(["a"])
    let run = await hydra.repository.run(["apply", "--auto-approve", "--new-state"]) {
      $0.transport = { SecretLast(base: $0, .noDelete) }
    }
    #expect(run.status == 5, "\(run.output)")
    let id = try #require(try hydra.state()["clients"]?["a"]?["client_id"]?.string)
    try await hydra.replace(id, named: "a")
    for _ in 1...2 { #expect(await hydra.apply().status == 5) }
    #expect(try await hydra.names() == ["a"])
  }

  /// A provider that writes its token before its secret; the first answer breaks off between them.
  final class SecretLast: HTTPTransport {
    /// What becomes of the delete after it.
    enum Then: CaseIterable {
      case deleted, deleteUnanswered, noDelete, deletesUnanswered
    }

    private let base: any HTTPTransport
    private let then: Then
    private let counts = Mutex((creates: 0, deletes: 0))

    init(base: any HTTPTransport, _ then: Then) {
      self.base = base
      self.then = then
    }

    func send(_ request: HTTPRequest) async throws(HTTPTransportError) -> HTTPResponse {
      let count = counts.withLock { counts in
        if request.method == .post { counts.creates += 1 }
        if request.method == .delete { counts.deletes += 1 }
        return request.method == .post ? counts.creates : request.method == .delete ? counts.deletes : 0
      }
      if request.method == .delete, then == .noDelete {
        throw HTTPTransportError(.couldNotConnect, effect: .none, "connection refused")
      }
      var answer = try await base.send(request)
      if request.method == .delete, then == .deletesUnanswered || then == .deleteUnanswered && count == 1 {
        throw HTTPTransportError(.connectionLost, effect: .unknown, "the connection was closed before an answer came")
      }
      guard request.method == .post, count == 1, let whole = try? JSONValue(parsing: answer.body).object else { return answer }
      let text = JSONValue.object(whole.filter { $0.name != "client_secret" }).text()
      answer.body = Array(text.utf8.dropLast() + ",\"client_secr".utf8)
      throw HTTPTransportError(.connectionLost, effect: .unknown, "the answer broke off", partialAnswer: answer)
    }
  }

  @Test("what the provider puts off is waited for and sent again", arguments: [429, 503])
  func putOff(status: Int) async throws {
    let hydra = try Hydra(hasAdmin: false)
    try hydra.declare(["a"])
    hydra.provider.setFaults([Fault(.create, .before, .answer(status: status, headers: ["retry-after": "0"]))])
    #expect(await hydra.apply().status == 0)
    #expect(try await hydra.names() == ["a"])
  }

  @Test("an admin API that knows no filter by owner has no client deleted for an orphan's sake")
  func unfilteredList() async throws {
    let hydra = try Hydra(hasAdmin: true, timeout: "1s")
    try hydra.declare(["a", "b"])
    #expect(await hydra.apply().status == 0)
    try hydra.declare(["a", "b", "c"])
    hydra.provider.setFaults([Fault(.create, .after, .drop)])
    let run = await hydra.repository.run("apply", "--auto-approve") { context in
      context.transport = { Unfiltered(base: $0) }
    }
    #expect(run.status == 0, "\(run.output)\(run.errors)")
    #expect(try await hydra.names() == ["a", "b", "c"])
    #expect(await hydra.repository.run("plan", "--detailed-exitcode").status == 0)
  }

  /// A gateway that drops the filter on the way to the admin API.
  private struct Unfiltered: HTTPTransport {
    let base: any HTTPTransport

    func send(_ request: HTTPRequest) async throws(HTTPTransportError) -> HTTPResponse {
      var request = request
      if let start = request.url.range(of: "&owner=") { request.url.removeSubrange(start.lowerBound...) }
      return try await base.send(request)
    }
  }

  @Test("a delete without an answer whose client the admin API still knows is not taken for done, though its token is dead")
  func deleteOfStaleToken() async throws {
    let hydra = try Hydra(hasAdmin: true)
    try hydra.declare(["a", "b"])
    #expect(await hydra.apply().status == 0)
    let id = try #require(try hydra.state()["clients"]?["b"]?["client_id"]?.string)
    try await hydra.replace(id, named: "b")
    try hydra.declare(["a"])
    hydra.provider.setFaults([Fault(.delete, .before, .drop)])
    let run = await hydra.apply("--no-refresh")
    #expect(run.status == 4, "\(run.output)\(run.errors)")
    #expect(try await hydra.names() == ["a", "b"])
    #expect(try hydra.state()["clients"]?.object?.names == ["a", "b"])
  }

  @Test("without an admin API a delete in doubt is done after a second 401, and a token that works again deletes again")
  func deleteInDoubt() async throws {
    for isUnreachable in [false, true] {
      let hydra = try Hydra(hasAdmin: false)
      try hydra.declare(["a", "b"])
      #expect(await hydra.apply().status == 0)
      try hydra.declare(["a"])
      // The delete's answer is lost, and the reads that would settle it fail: it stays in doubt.
      hydra.provider.setFaults([
        Fault(.delete, isUnreachable ? .before : .after, .drop),
        Fault(.get, call: 3, times: nil, .before, .answer(status: 404, body: "nothing here")),
      ])
      let first = await hydra.apply()
      #expect(first.status == 5, "\(first.output)\(first.errors)")
      #expect(try hydra.state()["clients"]?["b"]?["pending"]?["action"] == "delete")
      // A database that cannot be reached makes the next reads a 401, which passes.
      hydra.provider.setFaults(
        isUnreachable ? [Fault(.get, call: 2, .before, .answer(status: 401, body: #"{"error":"request_unauthorized"}"#))] : [])
      // One at a time, so that the second read is the one of b.
      let second = await hydra.apply("--parallelism", "1")
      #expect(second.status == 0, "\(second.output)\(second.errors)")
      #expect(try await hydra.names() == ["a"])
      #expect(try hydra.state()["clients"]?.object?.names == ["a"])
      if !isUnreachable { #expect(second.output.contains("its token is not accepted since")) }
    }
  }

  @Test("a create in doubt is not moved to another name: it is settled under its own, and nobody is there twice")
  func renamed() async throws {
    let hydra = try Hydra(hasAdmin: false)
    try hydra.declare(["old"])
    hydra.provider.setFaults([Fault(.create, .after, .drop)])
    #expect(await hydra.apply().status == 5)
    hydra.provider.setFaults([])
    try hydra.writeRegistry(hasAdmin: true)
    try hydra.repository.write(
      "clients.yaml",
      Repository.client("new", "client_name: new, redirect_uris: [https://a.example.com/cb]", spec: "  previousNames: [old]\n"))
    let run = await hydra.apply("--accept-registry-change")
    #expect(run.status == 0, "\(run.output)\(run.errors)")
    #expect(try await hydra.names() == ["new"])
    #expect(try hydra.state()["clients"]?.object?.names == ["new"])
    #expect(await hydra.repository.run("plan", "--detailed-exitcode").status == 0)
  }

  @Test("a set in doubt stays so where its token is refused, also without a refresh")
  func setStaysInDoubt() async throws {
    let hydra = try Hydra(hasAdmin: false)
    try hydra.declare(["a"])
    #expect(await hydra.apply().status == 0)
    try hydra.declare(["a"], suffix: " 2")
    hydra.provider.setFaults([Fault(.set, .after, .drop)])
    #expect(await hydra.apply().status == 5)
    hydra.provider.setFaults([])
    #expect(await hydra.apply("--no-refresh").status == 5)
    #expect(try hydra.state()["clients"]?["a"]?["pending"]?["action"] == "set")
    let plan = await hydra.repository.run("plan", "--format", "json")
    #expect(plan.json?["problems"]?[0]?["kind"] == "token_lost")
  }
}
