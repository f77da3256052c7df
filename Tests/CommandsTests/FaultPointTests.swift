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

/// Runs an apply that meets one fault, then what people do next, and checks the promise: no client twice, no secret or token lost,
/// nothing deleted that nobody named, and an apply after which the plan is empty.
@Suite(.serialized) struct FaultPointTests {
  /// All of them where `CLIENTSYNC_FAULTS` is `all` (`make faults`); else some of each kind, evenly.
  private static let wantsAll = ProcessInfo.processInfo.environment["CLIENTSYNC_FAULTS"] == "all"

  private let names = (10..<30).map { "c\($0)" }

  /// One repository and provider, ready for the run that meets the fault.
  private struct Scene {
    let hydra: Hydra
    let wire = Wire()

    init() throws { hydra = try Hydra(hasAdmin: true) }

    func apply(_ point: FaultPoint? = nil, width: Int = 1, isLate: Bool = false) async -> (run: Run, gate: FaultGate) {
      let stop = StopSignal()
      let gate = FaultGate(point, stop: stop)
      let wire = wire
      let run = await hydra.repository.run(
        ["apply", "--auto-approve", "--new-state", "--parallelism", "\(width)"]
      ) { context in
        context.files = gate.files
        context.stop = stop
        context.transport = { wire.transport($0, gate) }
        // What was in doubt may have been under way until its time limit: by now it has passed.
        if isLate { context.now = { Date().addingTimeInterval(600) } }
      }
      return (run, gate)
    }

    func buryOwner() throws { try CommandsTests.buryOwner(in: hydra.repository.folder + "/state") }
  }

  /// What the promise says after the fault and the apply that follows it; the sentences of what does not hold.
  private func broken(_ scene: Scene, expected: [String], named: Set<String> = [], mayBeInDoubt: Bool = false) async throws
    -> [String]
  {
    var broken: [String] = []
    try scene.buryOwner()
    let again = await scene.apply(isLate: true).run
    let isInDoubt = again.status == 5 && mayBeInDoubt
    if again.status != 0 && !isInDoubt { broken.append("the next apply exits \(again.status): \(again.output)\(again.errors)") }
    let live = try await scene.hydra.names()
    if live != expected && !isInDoubt { broken.append("the provider has \(live)") }
    if Set(live).count != live.count { broken.append("a client was created twice: \(live)") }
    let state = try scene.hydra.state()
    let known = state["clients"]?.object ?? [:]
    if known.names.map({ $0 }).count != live.count { broken.append("the state knows \(known.names)") }

    let plan = await scene.hydra.repository.run("plan", "--detailed-exitcode", "--format", "json")
    let problems = plan.json?["problems"]?.array ?? []
    if isInDoubt {
      if problems.isEmpty || problems.count > 1 { broken.append("the plan does not show what is in doubt: \(problems.count)") }
    } else {
      if plan.status != 0 { broken.append("plan after apply exits \(plan.status): \(plan.output)") }
      if plan.json?["registries"]?[0]?["read"]?.integer != expected.count { broken.append("not every token works") }
    }

    let document = try SOPSDocument(parsing: Array(scene.hydra.repository.read("state/h.json") ?? Data()))
    let key = try document.dataKey(
      with: try AgeIdentities(parsing: scene.hydra.repository.identity.text.exposed, source: "test"))
    try document.verify(with: key)
    for member in known {
      guard let id = member.value["client_id"]?.string, let secret = scene.wire.seen.secrets[id] else { continue }
      let sealed = member.value["sealed"]?["client_secret"]?.string ?? ""
      let kept = try? key.open(sealed, at: ["clients", member.name, "sealed", "client_secret"])
      if kept != Secret(secret) { broken.append("the secret of \(member.name) was lost") }
    }
    for url in scene.wire.seen.deleted where !named.contains(where: { url.hasSuffix($0) }) {
      if known.contains(where: { url.hasSuffix($0.value["client_id"]?.string ?? "-") }) { broken.append("\(url) was deleted") }
      // Only the admin API is ever asked to delete what no plan named: an orphan that its marker proved to be ours.
      if !url.hasPrefix(scene.hydra.adminURL) { broken.append("\(url) was deleted, and nobody named it") }
    }
    let left = try FileManager.default.contentsOfDirectory(atPath: scene.hydra.repository.folder + "/state")
      // The draft of a lock that was torn names nobody, so nobody can tell whether it is in use.
      .filter { !["h.json", "h.json.backup"].contains($0) && !$0.hasPrefix("h.lock.") }
    if !left.isEmpty { broken.append("left behind: \(left)") }
    return broken
  }

  /// Meets every fault of a kind, one after the other, until a run ends before it comes to that step.
  private func all(
    _ kind: FaultPoint.Kind, stride: Int, width: Int = 1,
    _ check: @Sendable (FaultPoint) async throws -> (wasMet: Bool, broken: [String])
  ) async throws -> String {
    var met = 0
    var lost = 0
    var step = 1
    while true {
      let point = FaultPoint(kind: kind, step: step)
      let (wasMet, broken) = try await check(point)
      guard wasMet else {
        #expect(met > 3)
        return "\(met) \(kind.rawValue)" + (lost > 0 ? " (\(lost) of them broke the promise)" : "")
      }
      met += 1
      lost += broken.isEmpty ? 0 : 1
      #expect(broken.isEmpty, "\(kind) at step \(step)")
      step += stride
    }
  }

  private func tell(_ what: String, _ met: [String]) {
    let outcome = met.contains { $0.contains("broke") } ? "" : "; nothing was lost"
    print("fault points, \(what): went through \(met.joined(separator: ", "))\(outcome)")
  }

  private func creates(_ point: FaultPoint, width: Int) async throws -> (Bool, [String]) {
    let scene = try Scene()
    try scene.hydra.declare(names)
    let (_, gate) = await scene.apply(point, width: width)
    guard gate.steps.count >= point.step else { return (false, []) }
    return (true, try await broken(scene, expected: names))
  }

  @Test(
    "twenty creates: whatever step of the disk fails, or is the last of a killed process, nothing is lost",
    .timeLimit(.minutes(30)))
  func creates() async throws {
    var met: [String] = []
    for kind in FaultPoint.Kind.allCases {
      let stride = Self.wantsAll ? 1 : kind == .killed ? 7 : 19
      met.append(try await all(kind, stride: stride) { try await creates($0, width: 1) })
    }
    tell("20 creates, one at a time", met)
  }

  @Test("twenty creates at once: the same", .timeLimit(.minutes(30)))
  func createsAtOnce() async throws {
    var met: [String] = []
    for kind in [FaultPoint.Kind.killed, .fails] {
      let stride = Self.wantsAll ? 1 : 8
      met.append(try await all(kind, stride: stride) { try await creates($0, width: 16) })
    }
    tell("20 creates, 16 at once", met)
  }

  @Test(
    "sets, deletes and creates in one run: the same, and at most one set is left in doubt, shown in the plan and kept",
    .timeLimit(.minutes(30)))
  func mixed() async throws {
    var met: [String] = []
    for kind in [FaultPoint.Kind.killed, .fails, .torn] {
      let stride = Self.wantsAll ? 1 : 17
      let words = try await all(kind, stride: stride) { point in
        let scene = try Scene()
        try scene.hydra.declare(names)
        guard await scene.apply().run.status == 0 else { return (true, ["the first apply failed"]) }
        let ids = Set(names.prefix(4).compactMap { try? scene.hydra.state()["clients"]?[$0]?["client_id"]?.string })
        // Four leave, six change, ten stay, four come.
        let coming = (30..<34).map { "c\($0)" }
        let client = { (name: String, suffix: String) in
          Repository.client(name, "client_name: \(name)\(suffix), redirect_uris: [https://a.example.com/cb]")
        }
        let documents =
          names[4..<10].map { client($0, " 2") } + names[10...].map { client($0, "") } + coming.map { client($0, "") }
        try scene.hydra.repository.write("clients.yaml", documents.joined(separator: "---\n"))
        let (_, gate) = await scene.apply(point)
        guard gate.steps.count >= point.step else { return (false, []) }
        let expected = (names[4..<10].map { $0 + " 2" } + Array(names[10...]) + coming).sorted()
        return (true, try await broken(scene, expected: expected, named: ids, mayBeInDoubt: true))
      }
      met.append(words)
    }
    tell("6 sets, 4 deletes, 4 creates among 20 clients", met)
  }
}
