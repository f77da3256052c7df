import Diagnostics
import Manifests
import OpenIDJSON
import OpenIDRegistration
import State
import Testing

@testable import Planning

/// Manifests, a state and live readings in a few words.
struct Scene {
  var manifests: String
  var state: RegistryState?
  var live: [String: LiveReading] = [:]
  var options = Planner.Options()

  static let registry = """
    apiVersion: clientsync/v1
    kind: Registry
    metadata: { name: hydra }
    spec: { issuer: "https://auth.example.com/" }

    """

  static func client(_ name: String, _ metadata: String, _ spec: String = "") -> String {
    "---\napiVersion: clientsync/v1\nkind: Client\nmetadata: { name: \(name) }\nspec:\n  client: { \(metadata) }\n\(spec)"
  }

  static func known(_ clients: [String: JSONObject]) -> RegistryState {
    var state = RegistryState(lineage: "l", serial: 3, registry: "hydra", binding: Binding())
    for (name, metadata) in clients {
      var entry = ClientState(clientID: "id-\(name)", applied: metadata)
      entry.observed = Profile.hydra.canonical(metadata)
      entry.registrationClientURI = "https://auth.example.com/oauth2/register/id-\(name)"
      entry.sealed.registrationAccessToken = "ENC[…]"
      state.clients[name] = entry
    }
    return state
  }

  func plan() throws -> RegistryPlan {
    let set = ManifestDecoder.decode([ManifestSource(file: "all.yaml", text: Scene.registry + manifests)], environment: [:])
    try #require(!set.diagnostics.hasErrors, "\(set.diagnostics)")
    return Planner(
      registry: set.registries[0], clients: set.clients, state: state, profile: .hydra,
      live: LiveView(mode: live.isEmpty ? .none : .all, readings: live), options: options
    ).plan(url: "https://auth.example.com/")
  }
}

@Suite struct PlannerTests {
  let web: JSONObject = ["client_name": "Web", "redirect_uris": ["https://a.example.com/cb"]]
  let webText = "client_name: Web, redirect_uris: [https://a.example.com/cb]"

  @Test("a client that the state does not know is created, with every declared member")
  func create() throws {
    let plan = try Scene(manifests: Scene.client("web", webText)).plan()
    #expect(plan.changes.map(\.action) == [.create])
    #expect(plan.changes[0].fields.map(\.member).sorted() == ["client_name", "redirect_uris"])
    #expect(plan.changes[0].place?.line == 6)
  }

  @Test("nothing is planned where declared equals applied and live equals observed")
  func nothing() throws {
    let live: [String: LiveReading] = ["web": .found(Profile.hydra.canonical(web))]
    let plan = try Scene(manifests: Scene.client("web", webText), state: Scene.known(["web": web]), live: live).plan()
    #expect(plan.changes.isEmpty && plan.problems.isEmpty && plan.unchanged == 1)
  }

  @Test("a changed declaration is a set, with the cause and the values before and after")
  func declared() throws {
    let plan = try Scene(
      manifests: Scene.client("web", "client_name: Web 2, redirect_uris: [https://a.example.com/cb]"),
      state: Scene.known(["web": web]), live: ["web": .found(Profile.hydra.canonical(web))]
    ).plan()
    #expect(plan.changes.map(\.action) == [.set])
    #expect(plan.changes[0].fields == [FieldChange(member: "client_name", cause: .declared, before: "Web", after: "Web 2")])
    #expect(plan.changes[0].unchangedMembers == 1)
  }

  @Test("what somebody else changed is drift, also in a member that nobody declares")
  func drift() throws {
    var live = Profile.hydra.canonical(web)
    live["client_credentials_grant_access_token_lifespan"] = "1h0m0s"
    let plan = try Scene(
      manifests: Scene.client("web", webText), state: Scene.known(["web": web]), live: ["web": .found(live)]
    ).plan()
    #expect(plan.changes.map(\.action) == [.set])
    #expect(plan.changes[0].reason == .drifted)
    #expect(plan.changes[0].fields.map(\.cause) == [.drift])
    #expect(plan.changes[0].fields[0].after == nil)
  }

  @Test("a member in ignoreDrift is no drift, and a set takes it over from live")
  func ignoreDrift() throws {
    var live = Profile.hydra.canonical(web)
    live["contacts"] = ["ops@example.com"]
    let ignored = "  ignoreDrift: [contacts]\n"
    let quiet = try Scene(
      manifests: Scene.client("web", webText, ignored), state: Scene.known(["web": web]), live: ["web": .found(live)]
    ).plan()
    #expect(quiet.changes.isEmpty)
    let changed = try Scene(
      manifests: Scene.client("web", webText + ", scope: openid", ignored), state: Scene.known(["web": web]),
      live: ["web": .found(live)]
    ).plan()
    #expect(changed.changes[0].metadata?["contacts"] == ["ops@example.com"])
    #expect(changed.changes[0].keptFromLive == ["contacts"])
  }

  @Test(
    "a document that is gone is a delete, a forget or a refused delete, as its deletion says",
    arguments: ["delete", "retain", "prevent"])
  func removal(deletion: String) throws {
    var state = Scene.known(["web": web, "other": web])
    state.clients["other"]?.deletion = deletion
    let plan = try Scene(manifests: Scene.client("web", webText), state: state).plan()
    let change = try #require(plan.changes.first)
    #expect(change.action == (deletion == "retain" ? .forget : .delete))
    #expect(change.refusal == (deletion == "prevent" ? .prevented : nil))
  }

  @Test("a set of manifests without a client of the registry deletes nothing unless told so")
  func emptySet() throws {
    var scene = Scene(manifests: "", state: Scene.known(["web": web]))
    #expect(try scene.plan().changes.isEmpty)
    #expect(try scene.plan().sparedByEmptySet == 1)
    scene.options.allowsEmptySet = true
    #expect(try scene.plan().changes.map(\.action) == [.delete])
  }

  @Test("a previous name is a move, never a delete and a create")
  func rename() throws {
    let plan = try Scene(
      manifests: Scene.client("portal", webText, "  previousNames: [web]\n"), state: Scene.known(["web": web])
    ).plan()
    #expect(plan.changes.map(\.action) == [.move])
    #expect(plan.changes[0].movedFrom == "web")
  }

  @Test("401 never by itself creates or deletes anything")
  func unauthorized() throws {
    let declared = try Scene(
      manifests: Scene.client("web", webText), state: Scene.known(["web": web]), live: ["web": .unauthorized]
    ).plan()
    #expect(declared.changes.isEmpty && declared.problems.map(\.kind) == [.unauthorized])
    let removed = try Scene(
      manifests: Scene.client("b", webText), state: Scene.known(["web": web, "b": web]), live: ["web": .unauthorized]
    ).plan()
    #expect(removed.changes.isEmpty && removed.problems.map(\.client) == ["web"])
  }

  @Test(
    "more than the share of deletes that is allowed refuses all of them, from ten clients up",
    arguments: [(9, false), (10, true)])
  func threshold(known: Int, isRefused: Bool) throws {
    let state = Scene.known(Dictionary(uniqueKeysWithValues: (0..<known).map { ("c\($0)", web) }))
    let kept = (0..<5).map { Scene.client("c\($0)", webText) }.joined(separator: "\n")
    let plan = try Scene(manifests: kept, state: state).plan()
    #expect(plan.changes.count == known - 5)
    #expect(plan.changes.allSatisfy { ($0.refusal != nil) == isRefused })
  }

  @Test("the digest changes with what will be done, and not with where it is declared")
  func digest() throws {
    let here = Plan(registries: [try Scene(manifests: Scene.client("web", webText)).plan()])
    let there = Plan(registries: [try Scene(manifests: "\n\n" + Scene.client("web", webText)).plan()])
    let other = Plan(registries: [try Scene(manifests: Scene.client("web", webText + ", scope: openid")).plan()])
    #expect(here.digest == there.digest)
    #expect(here.digest != other.digest)
  }
}
