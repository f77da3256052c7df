import Applying
import EmbeddedProvider
import Foundation
import OpenIDJSON
import State
import Testing

@testable import Commands

/// Every command that changes a state meets every fault of the disk; after each of them all tokens that the state has work, and the
/// same command, given again, comes to its end.
@Suite(.serialized) struct StateFaultTests {
  struct Case: CustomTestStringConvertible, Sendable {
    var words: [String]
    /// The clients that the state knows before, and after.
    var before = ["a", "b", "c"]
    var after = ["a", "b", "c"]
    /// The status of the command where it was done before already.
    var again: Int32 = 0

    var testDescription: String { words.joined(separator: " ") }
  }

  static let cases: [Case] = [
    Case(words: ["mv", "a", "z"], after: ["b", "c", "z"], again: 1),
    Case(words: ["rm", "a", "--auto-approve"], after: ["b", "c"], again: 64),
    Case(words: ["rm", "--all", "--registry", "h", "--auto-approve"], after: [], again: 64),
    Case(words: ["rekey", "--age", "RECIPIENT", "--rotate-data-key"]),
    Case(words: ["push", "FOLDER/old.json", "--force", "--auto-approve"], after: ["a", "b"]),
  ]

  /// An applied repository, its state folder anew for each fault.
  private struct Scene {
    let hydra: Hydra
    let saved: [String: Data]
    let old: Data
    let words: [String]
    var state: String { hydra.repository.folder + "/state" }

    init(_ words: [String]) async throws {
      hydra = try Hydra(hasAdmin: true)
      try hydra.declare(["a", "b"])
      #expect(await hydra.apply().status == 0)
      old = try #require(hydra.repository.read("state/h.json"))
      try hydra.declare(["a", "b", "c"])
      #expect(await hydra.apply().status == 0)
      try old.write(to: URL(filePath: hydra.repository.folder + "/old.json"))
      saved = hydra.repository.files().filter { $0.key.hasPrefix("state/") }
      let repository = hydra.repository
      self.words = words.map {
        $0.replacingOccurrences(of: "RECIPIENT", with: repository.recipient)
          .replacingOccurrences(of: "FOLDER", with: repository.folder)
      }
    }

    func restore() throws {
      try FileManager.default.removeItem(atPath: state)
      try FileManager.default.createDirectory(atPath: state, withIntermediateDirectories: true)
      for (path, data) in saved { try data.write(to: URL(filePath: hydra.repository.folder + "/" + path)) }
    }

    func run(_ point: FaultPoint?, memory: String) async -> (run: Run, gate: FaultGate) {
      let stop = StopSignal()
      let gate = FaultGate(point, stop: stop)
      let run = await hydra.repository.run(["state"] + words, environment: ["XDG_STATE_HOME": memory]) { context in
        context.files = gate.files
        context.stop = stop
      }
      return (run, gate)
    }

    /// The clients that the state knows, what a journal says of them included.
    func known(memory: String) async -> [String] {
      let list = await hydra.repository.run("state", "list", "--format", "json", environment: ["XDG_STATE_HOME": memory])
      return list.json?["states"]?[0]?["clients"]?.array?.compactMap { $0["name"]?.string } ?? []
    }
  }

  private func broken(_ scene: Scene, _ test: Case, memory: String) async throws -> [String] {
    var broken: [String] = []
    try buryOwner(in: scene.state)
    let known = await scene.known(memory: memory)
    if known != test.before && known != test.after { broken.append("the state knows \(known)") }
    if !known.isEmpty {
      let environment = ["XDG_STATE_HOME": memory]
      let verify = await scene.hydra.repository.run("state", "verify", environment: environment)
      if verify.status != 0 { broken.append("verify exits \(verify.status): \(verify.output)\(verify.errors)") }
      let plan = await scene.hydra.repository.run("plan", "--format", "json", environment: environment)
      if plan.json?["registries"]?[0]?["read"]?.integer != known.count {
        broken.append("not every token works: \(plan.output)\(plan.errors)")
      }
    }
    let again = await scene.run(nil, memory: memory).run
    if again.status != 0 && again.status != test.again {
      broken.append("again it exits \(again.status): \(again.output)\(again.errors)")
    }
    let end = await scene.known(memory: memory)
    if end != test.after { broken.append("at the end the state knows \(end)") }
    return broken
  }

  @Test("whatever step fails, or is the last of a killed process, the state is whole", arguments: cases)
  func faults(_ test: Case) async throws {
    let scene = try await Scene(test.words)
    var met = 0
    for kind in FaultPoint.Kind.allCases {
      var step = 1
      while true {
        try scene.restore()
        let memory = "\(scene.hydra.repository.folder)/memory-\(kind.rawValue)-\(step)"
        let (_, gate) = await scene.run(FaultPoint(kind: kind, step: step), memory: memory)
        guard gate.steps.count >= step else { break }
        let broken = try await broken(scene, test, memory: memory)
        #expect(broken.isEmpty, "\(kind) at step \(step), \(gate.steps[step - 1])")
        met += 1
        step += 1
      }
    }
    #expect(met > 12)
    print("fault points, state \(test.words[0]): went through \(met)")
  }
}

/// The next process finds the lock of one that has ended.
func buryOwner(in folder: String) throws {
  for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] where name.hasPrefix("h.lock") {
    guard let data = FileManager.default.contents(atPath: "\(folder)/\(name)"),
      var owner = try? JSONValue(parsing: data).object
    else { continue }
    owner["started"] = "1"
    try Data(owner.text().utf8).write(to: URL(filePath: "\(folder)/\(name)"))
  }
}
