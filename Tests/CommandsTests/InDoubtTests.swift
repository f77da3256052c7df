import EmbeddedProvider
import Foundation
import OpenIDJSON
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

  @Test("with an admin API a create whose answer broke off is settled: one client, and the plan is empty", arguments: cuts)
  func createBrokenOffSettled(at bytes: Int) async throws {
    let hydra = try Hydra(hasAdmin: true)
    try hydra.declare(["a"])
    hydra.provider.setFaults([Fault(.create, .after, .truncate(bytes: bytes))])
    #expect(await hydra.apply().status == 0)
    #expect(try await hydra.names() == ["a"])
    #expect(await hydra.repository.run("plan", "--detailed-exitcode").status == 0)
  }

  @Test(
    "a set whose answer breaks off is done where its token had come, and else its token is lost and said so", arguments: cuts)
  func setBrokenOff(at bytes: Int) async throws {
    let hydra = try Hydra(hasAdmin: false)
    try hydra.declare(["a"])
    #expect(await hydra.apply().status == 0)
    try hydra.declare(["a"], suffix: "2")
    hydra.provider.setFaults([Fault(.set, .after, .truncate(bytes: bytes))])
    let applied = await hydra.apply()
    #expect(applied.status == (bytes == 1_200 ? 0 : 5), "\(applied.output)")
    #expect(try await hydra.names() == ["a2"])
    let plan = await hydra.repository.run("plan", "--detailed-exitcode", "--format", "json")
    #expect(plan.status == (bytes == 1_200 ? 0 : 2))
    #expect(plan.json?["problems"]?[0]?["kind"] == (bytes == 1_200 ? nil : "token_lost"))
  }

  @Test("what the provider puts off is waited for and sent again", arguments: [429, 503])
  func putOff(status: Int) async throws {
    let hydra = try Hydra(hasAdmin: false)
    try hydra.declare(["a"])
    hydra.provider.setFaults([Fault(.create, .before, .answer(status: status, headers: ["retry-after": "0"]))])
    #expect(await hydra.apply().status == 0)
    #expect(try await hydra.names() == ["a"])
  }
}
