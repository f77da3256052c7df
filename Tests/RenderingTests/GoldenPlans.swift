import Diagnostics
import OpenIDJSON
import Planning
import State
import Testing

/// A plan, or an apply's report of it, that is held as it is printed.
struct GoldenPlan: Sendable, CustomTestStringConvertible {
  let name: String
  var plan: Plan
  var report: ApplyReport?

  var testDescription: String { name }

  init(_ name: String, _ registries: [RegistryPlan], report: ApplyReport? = nil) {
    self.name = name
    plan = Plan(registries: registries)
    self.report = report
  }

  static let all: [GoldenPlan] = [
    GoldenPlan("nothing-to-do", [Sample.registry([])]),
    GoldenPlan("nothing-to-do-unread", [Sample.registry([]).with { $0.refresh = .none }]),
    GoldenPlan("every-action", [Sample.registry(everyAction)]),
    GoldenPlan("two-registries", [Sample.registry([Sample.set]), other]),
    GoldenPlan("first-plan", [firstPlan]),
    GoldenPlan("stuck", [Sample.registry([Sample.set], problems: problems)]),
    GoldenPlan("refused", [Sample.registry(refused)]),
    GoldenPlan(
      "another-endpoint",
      [Sample.registry([Sample.set]).with { $0.bindingDifferences = moved }]),
    GoldenPlan(
      "another-endpoint-accepted",
      [
        Sample.registry([Sample.set]).with {
          $0.bindingDifferences = moved
          $0.acceptsBinding = true
        }
      ]),
    GoldenPlan("empty-set", [Sample.registry([]).with { $0.sparedByEmptySet = 213 }]),
    GoldenPlan("odd-values", [Sample.registry([odd])]),
    GoldenPlan(
      "applied", [Sample.registry(everyAction)], report: report(everyAction.map { Outcome($0, .done, seconds: 0.02) })),
    GoldenPlan("partly-applied", [Sample.registry(everyAction)], report: report(partly, problems: problems)),
    GoldenPlan(
      "nothing-applied", [Sample.registry([Sample.create])],
      report: report([Outcome(Sample.create, .notAttempted)], failure: "state/hydra.json cannot be written: the disk is full.")),
  ]

  private static var everyAction: [Change] {
    var move = Change(.move, .renamed, registry: "hydra", client: "wiki", place: place("wiki.yaml", 2))
    move.movedFrom = "intranet"
    var remember = Change(.remember, .settingsChanged, registry: "hydra", client: "shop", place: place("shop.yaml", 5))
    remember.fields = [FieldChange(member: "deletion", cause: .declared, before: "delete", after: "prevent")]
    let forget = Change(.forget, .removed(from: "clients/kept.yaml"), registry: "hydra", client: "kept")
    let lost = Change(.create, .goneAtProvider, registry: "hydra", client: "lost", place: place("lost.yaml", 1))
    let orphan = Change(.create, .inDoubt, registry: "hydra", client: "orphan", place: place("orphan.yaml", 1))
    let unread = Change(.remember, .notReadBack, registry: "hydra", client: "unread", place: place("unread.yaml", 1))
    return [Sample.delete, Sample.create, forget, lost, orphan, Sample.set, remember, unread, move]
  }

  private static var refused: [Change] {
    var prevented = Sample.delete
    prevented.refusal = .prevented
    var many = Change(.delete, .removed(from: nil), registry: "hydra", client: "old")
    many.refusal = .tooManyDeletes(count: 12, limit: 10)
    var share = Change(.delete, .removed(from: nil), registry: "hydra", client: "older")
    share.refusal = .tooLargeAShare(count: 80, of: 213, limit: 30)
    var create = Sample.create
    create.refusal = .tooManyCreates(count: 51, limit: 50)
    return [prevented, many, share, create]
  }

  private static var problems: [Problem] {
    let kinds: [Problem.Kind] = [
      .createInDoubt, .tokenLost, .unauthorized, .tokenRejected, .unreadable("the provider says 403"),
    ]
    return kinds.map { Problem($0, registry: "hydra", client: $0.name, place: place("stuck.yaml", 7), isWanted: true) }
  }

  private static var partly: [Outcome] {
    var dropped = Outcome(Sample.set, .done, seconds: 1.26, requestID: "r-1", clientID: "c-1")
    dropped.notes = ["warning: contacts was not kept by the provider"]
    return [
      Outcome(Sample.create, .inDoubt("sent, and no whole answer came: nothing for 30 s."), seconds: 30), dropped,
      Outcome(Sample.delete, .failed("the provider does not allow it: \"insufficient_scope\""), seconds: 0.004),
      Outcome(refused[1], .refused(.tooManyDeletes(count: 12, limit: 10))),
      Outcome(everyAction[3], .notAttempted),
    ]
  }

  private static var odd: Change {
    var change = Sample.set
    change.fields = [
      FieldChange(member: "client_name", cause: .declared, before: "a\u{1b}[31m\nb", after: "\u{202e}x"),
      FieldChange(member: "contacts", cause: .declared, before: ["ops@example.com"], after: []),
      FieldChange(member: "default_acr_values", cause: .declared, before: ["a", "b"], after: ["b", "a"]),
      FieldChange(member: "require_auth_time", cause: .reset, before: true, after: nil),
      FieldChange(
        member: "jwks", cause: .declared, before: ["keys": [["kty": "OKP", "kid": "old"], ["kty": "OKP", "kid": "kept"]]],
        after: ["keys": [["kty": "OKP", "kid": "kept"], ["kty": "OKP", "kid": "new", "d": "private"]]]),
    ]
    change.keptFromLive = ["logo_uri"]
    return change
  }

  private static var firstPlan: RegistryPlan {
    Sample.registry([Sample.create]).with {
      $0.hasState = false
      $0.profileIsGuessed = true
      $0.profile = "rfc7591"
      $0.known = 0
      $0.read = 0
      $0.declared = 1
      $0.unchanged = 0
    }
  }

  private static var other: RegistryPlan {
    Sample.registry([]).with {
      $0.registry = "workforce"
      $0.url = "https://login.example.com/"
      $0.declared = 4
      $0.known = 4
      $0.read = 4
      $0.unchanged = 4
    }
  }

  private static let moved = Binding(registrationEndpoint: "https://auth.example.com/oauth2/register")
    .differences(from: Binding(registrationEndpoint: "https://elsewhere.example.com/oauth2/register"))

  private static func place(_ file: String, _ line: Int) -> SourcePlace {
    SourcePlace(file: "clients/\(file)", line: line, column: 1)
  }

  private static func report(_ outcomes: [Outcome], problems: [Problem] = [], failure: String? = nil) -> ApplyReport {
    var registry = RegistryReport(
      registry: "hydra", outcomes: outcomes, problems: problems, unchanged: 3,
      state: failure == nil ? ("state/hydra.json", 13) : nil, wroteState: failure == nil, failure: failure)
    registry.sweptOrphans = problems.isEmpty ? [] : ["billing-web"]
    return ApplyReport(registries: [registry], digest: "d", seconds: 31.4)
  }
}

extension RegistryPlan {
  fileprivate func with(_ change: (inout RegistryPlan) -> Void) -> RegistryPlan {
    var copy = self
    change(&copy)
    return copy
  }
}
