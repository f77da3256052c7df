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

  @Test("an answer that breaks off still gives its token: nothing that reached us is lost")
  func truncated() async throws {
    let hydra = try Hydra(hasAdmin: true)
    try hydra.declare(["a"])
    hydra.provider.setFaults([Fault(.create, .after, .truncate())])
    #expect(await hydra.apply().status == 0)
    #expect(try await hydra.names() == ["a"])
    #expect(await hydra.repository.run("plan", "--detailed-exitcode").status == 0)
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
