import EmbeddedProvider
import Foundation
import Glibc
import OpenIDCryptography
import OpenIDJSON
import Programs
import Sealing
import Testing

@testable import Commands

/// The executable itself, killed with SIGKILL right after any of its writes, syncs, renames and removals below the state's folder.
@Suite(.serialized, .enabled(if: FaultLibrary.isThere, "there is no C compiler to make the fault layer with"))
struct KilledProcessTests {
  private static let stride = ProcessInfo.processInfo.environment["CLIENTSYNC_FAULTS"] == "all" ? 1 : 5

  private struct Scene {
    let hydra: Hydra
    var repository: Repository { hydra.repository }

    init() throws { hydra = try Hydra(hasAdmin: true, timeout: "1s") }

    /// - Returns: whether the process was killed, rather than come to its end.
    func run(_ words: [String], step: Int, kind: String) async throws -> Bool {
      let child = try Child(
        [Child.clientsync] + words + ["--state", repository.folder + "/state"],
        environment: [
          "HOME": repository.folder + "/home", "SOPS_AGE_KEY": repository.identity.text.exposed,
          "LD_PRELOAD": FaultLibrary.path ?? "", "FAULT_FOLDER": repository.folder + "/state", "FAULT_STEP": "\(step)",
          "FAULT_KIND": kind,
        ], output: repository.folder + "/output")
      let status = await child.ended()
      if status & 0x7f == SIGKILL { return true }
      #expect(status == 0, "\(String(decoding: repository.read("output") ?? Data(), as: UTF8.self))")
      return false
    }
  }

  private func check(_ scene: Scene, _ names: [String], _ moment: String) async throws {
    let again = await scene.hydra.apply()
    #expect(again.status == 0, "\(moment): \(again.output)\(again.errors)")
    #expect(try await scene.hydra.names() == names, "\(moment)")
    #expect(try scene.hydra.state()["clients"]?.object?.names == names, "\(moment)")
    let plan = await scene.repository.run("plan", "--detailed-exitcode", "--format", "json")
    #expect(plan.status == 0, "\(moment): \(plan.output)\(plan.errors)")
    #expect(plan.json?["registries"]?[0]?["read"]?.integer == names.count, "\(moment)")
    #expect(await scene.repository.run("state", "verify").status == 0, "\(moment)")
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: scene.repository.folder + "/state").allSatisfy {
        ["h.json", "h.json.backup"].contains($0) || $0.hasPrefix("h.lock.")
      }, "\(moment)")
  }

  @Test("apply, killed anywhere: the next one comes to the same end, and no client is there twice", .timeLimit(.minutes(15)))
  func apply() async throws {
    let names = (1...4).map { "c\($0)" }
    var met = 0
    for kind in ["whole", "torn"] {
      var step = 1
      while true {
        let scene = try Scene()
        try scene.hydra.declare(names)
        let words = ["apply", "--auto-approve", "--new-state", "-f", scene.repository.folder + "/clients"]
        guard try await scene.run(words, step: step, kind: kind) else { break }
        try await check(scene, names, "\(kind) at step \(step)")
        met += 1
        step += Self.stride
      }
    }
    #expect(met > 5)
    print("fault points, apply as a process of its own: killed at \(met); nothing was lost")
  }

  @Test(
    "state rekey, mv, rm and push, killed anywhere: every token works, and the command can be given again",
    .timeLimit(.minutes(15)), arguments: StateFaultTests.cases.filter { $0.words[1] != "--all" })
  func state(_ test: StateFaultTests.Case) async throws {
    let scene = try Scene()
    let repository = scene.repository
    try scene.hydra.declare(["a", "b"])
    #expect(await scene.hydra.apply().status == 0)
    try repository.read("state/h.json")?.write(to: URL(filePath: repository.folder + "/old.json"))
    try scene.hydra.declare(["a", "b", "c"])
    #expect(await scene.hydra.apply().status == 0)
    let saved = repository.files().filter { $0.key.hasPrefix("state/") }
    let words = test.words.map {
      $0.replacingOccurrences(of: "RECIPIENT", with: repository.recipient)
        .replacingOccurrences(of: "FOLDER", with: repository.folder)
    }
    var step = 1
    while true {
      for folder in ["state", "home"] { try? FileManager.default.removeItem(atPath: "\(repository.folder)/\(folder)") }
      try FileManager.default.createDirectory(atPath: repository.folder + "/state", withIntermediateDirectories: true)
      for (path, data) in saved { try data.write(to: URL(filePath: repository.folder + "/" + path)) }
      guard try await scene.run(["state"] + words, step: step, kind: "whole") else { break }
      let verify = await repository.run("state", "verify")
      #expect(verify.status == 0, "step \(step): \(verify.output)\(verify.errors)")
      let plan = await repository.run("plan", "--format", "json")
      let read = plan.json?["registries"]?[0]?["read"]?.integer
      #expect(read == test.before.count || read == test.after.count, "step \(step): \(plan.output)\(plan.errors)")
      let again = await repository.run(["state"] + words)
      #expect([0, test.again].contains(again.status), "step \(step): \(again.output)\(again.errors)")
      let list = await repository.run("state", "list", "--format", "json")
      let names = list.json?["states"]?[0]?["clients"]?.array?.compactMap { $0["name"]?.string }
      #expect(names == test.after, "step \(step)")
      step += Self.stride
    }
    #expect(step > 10)
  }
}

/// The fault layer, built once with the C compiler that is there.
enum FaultLibrary {
  static var isThere: Bool { path != nil }

  static let path: String? = {
    let source = Bundle.module.resourceURL!.appending(path: "Fixtures/faults.c").path
    let library = Child.clientsync + "-faults.so"
    for compiler in ["cc", "clang"] where Program.path(of: compiler) != nil {
      let arguments = ["-shared", "-fPIC", "-O1", "-o", library, source, "-ldl"]
      if (try? Program.run(compiler, arguments))?.status == 0 { return library }
    }
    return nil
  }()
}
