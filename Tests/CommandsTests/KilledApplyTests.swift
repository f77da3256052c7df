import EmbeddedProvider
import Foundation
import Glibc
import OpenIDJSON
import Testing

@testable import Commands

@Suite struct KilledApplyTests {
  /// Starts `clientsync apply` and kills it once the condition holds.
  private func killed(_ hydra: Hydra, when isTime: () async throws -> Bool) async throws {
    let repository = hydra.repository
    let child = try repository.start("apply", "--auto-approve", "--new-state")
    while try await !isTime() {
      var status: Int32 = 0
      try #require(waitpid(child.pid, &status, WNOHANG) == 0, "apply ended before it could be killed")
      try await Task.sleep(for: .milliseconds(10))
    }
    #expect(child.end(by: SIGKILL) & 0x7f == SIGKILL)
  }

  private func journalLines(_ hydra: Hydra, with member: String) -> Int {
    let text = String(decoding: hydra.repository.read("state/h.journal") ?? Data(), as: UTF8.self)
    return text.components(separatedBy: "\"\(member)\":").count - 1
  }

  @Test("after a kill with answers outstanding every client is there once, with a token that works", .timeLimit(.minutes(15)))
  func betweenCalls() async throws {
    let hydra = try Hydra(hasAdmin: true)
    let names = (1...8).map { "c\($0)" }
    try hydra.declare(names)
    // Three creates are answered; what follows is done at the provider, and its answers never come.
    hydra.provider.setFaults([Fault(.create, call: 4, times: nil, .after, .delay(milliseconds: 600_000))])
    try await killed(hydra) { try await hydra.clients().count == 5 && journalLines(hydra, with: "outcome") >= 3 }
    hydra.provider.setFaults([])
    let again = await hydra.apply()
    #expect(again.status == 0, "\(again.output)\(again.errors)")
    #expect(try await hydra.names() == names)
    #expect(try hydra.state()["clients"]?.object?.names == names)
    let plan = await hydra.repository.run("plan", "--detailed-exitcode", "--format", "json")
    #expect(plan.status == 0)
    #expect(plan.json?["registries"]?[0]?["read"] == 8)
  }

  @Test(
    "a client that a kill left without its read back is read back by the next apply, so that drift is seen again",
    .timeLimit(.minutes(15)))
  func beforeReadBack() async throws {
    let hydra = try Hydra(hasAdmin: true)
    try hydra.declare(["a"])
    hydra.provider.setFaults([Fault(.get, times: nil, .before, .delay(milliseconds: 600_000))])
    try await killed(hydra) { journalLines(hydra, with: "outcome") >= 1 }
    hydra.provider.setFaults([])
    #expect(await hydra.apply().status == 0)
    #expect(try hydra.state()["clients"]?["a"]?["status"] == "ok")
    #expect(await hydra.repository.run("drift", "--detailed-exitcode").status == 0)
    let id = try #require(try await hydra.clients().first?["client_id"]?.string)
    try await hydra.changeLifespans(of: id)
    let drift = await hydra.repository.run("drift", "--detailed-exitcode")
    #expect(drift.status == 2, "\(drift.output)")
    #expect(await hydra.apply().status == 0)
    #expect(await hydra.repository.run("plan", "--detailed-exitcode").status == 0)
  }

  @Test(
    "the first SIGTERM or SIGHUP lets what is in flight end, records it, and begins nothing new", .timeLimit(.minutes(15)),
    arguments: [SIGTERM, SIGHUP])
  func terminated(by signal: Int32) async throws {
    let hydra = try Hydra(hasAdmin: true)
    // All of them would take half a minute, so that the signal comes in the middle on a busy machine too.
    try hydra.declare((10...29).map { "c\($0)" })
    hydra.provider.setFaults([Fault(.create, times: nil, .after, .delay(milliseconds: 3000))])
    let repository = hydra.repository
    let child = try repository.start("apply", "--auto-approve", "--new-state")
    let status = await child.ended(by: signal) { repository.read("state/h.journal")?.isEmpty == false }
    #expect(status == 4 << 8)
    let known = try hydra.state()["clients"]?.object?.names ?? []
    #expect(try await hydra.names() == known)
    #expect(!known.isEmpty && known.count < 20)
    #expect(repository.read("state/h.journal") == nil && repository.read("state/h.lock") == nil)
  }
}
