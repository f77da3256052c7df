import EmbeddedProvider
import Foundation
import OpenIDJSON
import Sealing
import Testing

@testable import Commands

@Suite struct BindingTests {
  private func applied() async throws -> Hydra {
    let hydra = try Hydra(hasAdmin: false)
    try hydra.declare(["a"])
    #expect(await hydra.apply().status == 0)
    return hydra
  }

  @Test("where a manifest names another endpoint plan makes no authenticated call and apply refuses until it is accepted")
  func endpoint() async throws {
    let hydra = try await applied()
    try hydra.writeRegistry(hasAdmin: false, host: "localhost")
    try hydra.declare(["a"], suffix: " 2")
    // A read that was made all the same would fail the plan.
    hydra.provider.setFaults([Fault(.get, times: nil, .before, .answer(status: 500))])
    let plan = await hydra.repository.run("plan")
    hydra.provider.setFaults([])
    #expect(plan.status == 0 && plan.output.contains("None of them was sent anywhere"))
    let refused = await hydra.apply()
    #expect(refused.status == 7)
    #expect(try await hydra.names() == ["a"])

    let accepted = await hydra.apply("--accept-registry-change")
    #expect(accepted.status == 0, "\(accepted.output)\(accepted.errors)")
    #expect(try await hydra.names() == ["a 2"])
    let bound = try hydra.state()["binding"]?["registration_endpoint"]?.string
    #expect(bound == "http://localhost:\(hydra.provider.publicPort)/oauth2/register")
    #expect(await hydra.repository.run("plan", "--detailed-exitcode").status == 0)
  }

  @Test("a change of the endpoint alone is recorded when it is accepted")
  func endpointAlone() async throws {
    let hydra = try await applied()
    try hydra.writeRegistry(hasAdmin: false, host: "localhost")
    #expect(await hydra.apply().status == 7)
    #expect(await hydra.apply("--accept-registry-change").status == 0)
    let after = await hydra.apply()
    #expect(after.status == 0 && after.output.contains("Nothing to do"))
  }

  @Test("other recipients than the file's are never taken in passing")
  func recipients() async throws {
    let hydra = try await applied()
    let other = AgeIdentity.generate().recipient.text
    try hydra.writeRegistry(hasAdmin: false, recipients: [hydra.repository.recipient, other])
    try hydra.declare(["a"], suffix: " 2")
    let plan = await hydra.repository.run("plan", "--gate")
    #expect(plan.status == 7 && plan.output.contains("sops updatekeys") && plan.output.contains(other), "\(plan)")
    let run = await hydra.apply()
    #expect(run.status == 7 && run.errors.contains("sops updatekeys") && run.errors.contains(other))
    #expect(try await hydra.names() == ["a"])
  }
}
