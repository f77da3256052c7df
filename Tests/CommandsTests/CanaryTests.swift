import Applying
import EmbeddedProvider
import Foundation
import OpenIDCryptography
import OpenIDJSON
import OpenIDRegistration
import Sealing
import State
import Testing

@testable import Commands

/// Every secret of a long life of runs is looked for in everything that they leave behind.
@Suite struct CanaryTests {
  private let initialToken = "canary-initial-access-token-5fd0"
  private let adminToken = "canary-admin-token-77ac"

  private func declareRegistry(_ hydra: Hydra) throws {
    let dump =
      "env > \(hydra.repository.folder)/child-environment; cat /proc/self/limits > \(hydra.repository.folder)/child-limits; echo \(initialToken)"
    try hydra.repository.write(
      "registry.yaml",
      """
      apiVersion: clientsync/v1
      kind: Registry
      metadata: { name: h }
      spec:
        registrationEndpoint: \(hydra.publicURL)/oauth2/register
        profile: hydra
        initialAccessToken: { command: [sh, -c, "\(dump)"] }
        admin: { endpoint: "\(hydra.adminURL)", token: { env: ADMIN_TOKEN } }
        encryption: { age: [\(hydra.repository.recipient)] }
      """)
  }

  @Test("no secret, token or identity stands in any file, output, error or child's environment that runs leave behind")
  func nothingLeaks() async throws {
    let hydra = try Hydra(hasAdmin: true)
    let wire = Wire()
    let repository = hydra.repository
    var texts: [String: Data] = [:]
    func look(_ moment: String) {
      // What a command line holds belongs to the test, and the manifests name the command that prints the token.
      for (name, data) in repository.files() where !name.hasPrefix("clients/") { texts["\(moment): \(name)"] = data }
    }
    func run(_ words: String..., environment: [String: String] = [:], gate: FaultGate? = nil, stop: StopSignal? = nil) async {
      _ = await repository.run(words, environment: environment.merging(["ADMIN_TOKEN": adminToken]) { $1 }) { context in
        context.transport = { wire.transport($0, gate) }
        if let gate { context.files = gate.files }
        if let stop { context.stop = stop }
      }
      look(words.joined(separator: " "))
    }
    try declareRegistry(hydra)
    try hydra.declare(["a", "b", "c"])
    await run("apply", "--auto-approve", "--new-state", "--allow-exec")
    try hydra.declare(["a", "b", "d"], suffix: " 2")
    for step in [6, 9, 14] {
      let stop = StopSignal()
      let gate = FaultGate(FaultPoint(kind: step == 9 ? .torn : .killed, step: step), stop: stop)
      await run("apply", "--auto-approve", "--allow-exec", gate: gate, stop: stop)
      try? FileManager.default.removeItem(atPath: repository.folder + "/state/h.lock")
    }
    await run("apply", "--auto-approve", "--allow-exec", "--format", "json")
    let other = AgeIdentity.generate()
    for environment in [
      [:], ["SOPS_AGE_KEY": ""], ["SOPS_AGE_KEY": other.text.exposed], ["SOPS_AGE_KEY": "AGE-SECRET-KEY-1WRONG"],
    ] {
      await run("plan", "--format", "json", environment: environment)
      await run("drift", environment: environment)
      for command in ["list", "show", "verify", "pull"] { await run("state", command, environment: environment) }
      await run("state", "show", "a", "--format", "json", environment: environment)
    }
    await run("state", "show", "--file", repository.folder + "/state/h.json")
    await run("state", "mv", "a", "z")
    await run("state", "rekey", "--age", repository.recipient, "--age", other.recipient.text, "--rotate-data-key")
    await run("state", "rm", "z", "--auto-approve")
    await run("state", "push", "--auto-approve", "--force", repository.folder + "/state/h.json.backup")
    hydra.provider.setFaults([Fault(.get, times: nil, .before, .answer(status: 500))])
    await run("plan")
    hydra.provider.setFaults([])

    let seen = wire.seen
    try #require(seen.secrets.count >= 4 && seen.tokens.count >= 4)
    let canaries =
      Array(seen.secrets.values) + Array(seen.tokens.values) + [
        initialToken, adminToken, repository.identity.text.exposed, other.text.exposed, "AGE-SECRET-KEY-1WRONG",
      ]
    texts["printed"] = Data(repository.printed.utf8)
    var found: [String] = []
    for (number, canary) in canaries.enumerated() {
      for form in [Data(canary.utf8), Data(canary.utf8).base64EncodedData().dropLast(4)] {
        for (name, data) in texts where data.range(of: form) != nil { found.append("canary \(number) in \(name)") }
      }
    }
    #expect(found.isEmpty)
    #expect(texts.keys.contains { $0.hasSuffix("h.journal") } && texts.keys.contains { $0.hasSuffix("h.json.backup") })
    #expect(repository.read("child-environment") != nil)
    print("canaries: looked for \(canaries.count) secrets in \(texts.count) files and outputs of 40 runs; found \(found.count)")
  }

  @Test("a process that holds secrets writes no core dump, and neither do its children", .timeLimit(.minutes(15)))
  func noCore() async throws {
    let repository = try Repository()
    let child = try Child(
      [Child.clientsync, "provider", "--port", "0", "--admin-port", "0"], environment: [:],
      output: repository.folder + "/output")
    defer { _ = child.end(by: SIGTERM) }
    while repository.read("output")?.isEmpty ?? true { try await Task.sleep(for: .milliseconds(20)) }
    let limits = String(decoding: FileManager.default.contents(atPath: "/proc/\(child.pid)/limits") ?? Data(), as: UTF8.self)
    let line = limits.split(separator: "\n").first { $0.hasPrefix("Max core file size") }?.split(separator: " ") ?? []
    #expect(line.dropFirst(4).prefix(2) == ["0", "0"])
  }
}
