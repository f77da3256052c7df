import Diagnostics
import OpenIDJSON
import State
import Testing

@testable import Planning
@testable import Rendering

/// A plan with one of each kind of change, as a reviewer would meet it.
enum Sample {
  static func registry(_ changes: [Change], problems: [Problem] = []) -> RegistryPlan {
    var plan = RegistryPlan(
      registry: "hydra", url: "https://auth.example.com/", profile: "hydra", hasState: true, refresh: .all, declared: 214,
      known: 213, read: 213, seconds: 0.42)
    plan.changes = changes
    plan.problems = problems
    plan.unchanged = 211
    return plan
  }

  static var delete: Change {
    Change(.delete, .removed(from: "clients/legacy.yaml"), registry: "hydra", client: "legacy-portal")
  }

  static var create: Change {
    var change = Change(
      .create, .notRegistered, registry: "hydra", client: "billing-web",
      place: SourcePlace(file: "clients/billing.yaml", line: 14, column: 1))
    change.fields = [
      FieldChange(member: "client_name", cause: .declared, before: nil, after: "Billing"),
      FieldChange(member: "redirect_uris", cause: .declared, before: nil, after: ["https://billing.example.com/callback"]),
      FieldChange(member: "token_endpoint_auth_method", cause: .registryDefault, before: nil, after: "client_secret_basic"),
    ]
    return change
  }

  static var set: Change {
    var change = Change(
      .set, .declarationChangedAndDrifted, registry: "hydra", client: "reports",
      place: SourcePlace(file: "clients/reports.yaml", line: 3, column: 1))
    change.fields = [
      FieldChange(
        member: "redirect_uris", cause: .declared, before: ["https://old.example.com/callback", "https://kept.example.com/"],
        after: ["https://kept.example.com/", "https://reports.example.com/callback"]),
      FieldChange(member: "scope", cause: .drift, before: "openid email", after: "openid"),
    ]
    change.unchangedMembers = 18
    change.mayBeReset = ["metadata"]
    return change
  }
}

@Suite struct PlanTextTests {
  @Test("a plan reads as a diff: deletes first, each change with its place and causes, counts and digest last")
  func plan() {
    let plan = Plan(registries: [Sample.registry([Sample.delete, Sample.create, Sample.set])])
    let expected = """
      hydra  https://auth.example.com/  214 clients, all 213 known ones read in 0.4 s

      - delete  legacy-portal   clients/legacy.yaml was removed (deletion: delete)
      + create  billing-web     clients/billing.yaml:14
          client_name                   "Billing"
          redirect_uris               + https://billing.example.com/callback
          token_endpoint_auth_method    "client_secret_basic"                   default of the registry
      ~ set     reports         clients/reports.yaml:3
          redirect_uris  - https://old.example.com/callback                     declared
                         + https://reports.example.com/callback                 declared
          scope            "openid email" -> "openid"                           drift: will be set back
          may be reset: metadata (not visible here)
          18 members unchanged

      Plan: 1 to create, 1 to set, 1 to delete, 211 unchanged, 214 in all.  Digest \(plan.digest.prefix(12))
      To be deleted: legacy-portal

      """
    #expect(PlanText().text(plan) == expected)
  }

  @Test("colour only adds: without its escapes the text is the same")
  func colour() {
    let plan = Plan(registries: [Sample.registry([Sample.delete, Sample.create, Sample.set])])
    let coloured = PlanText(style: TextStyle(usesColour: true)).text(plan)
    #expect(coloured.contains("\u{1b}[31m"))
    #expect(coloured.replacing(/\u{1b}\[[0-9]+m/, with: "") == PlanText().text(plan))
  }

  @Test("one line where there is nothing to do")
  func nothing() {
    #expect(
      PlanText().text(Plan(registries: [Sample.registry([])]))
        == "Nothing to do: 211 clients in 1 registry match their manifests.\n")
  }

  @Test("what could steer a terminal is shown and not sent")
  func controlCharacters() {
    var change = Sample.create
    let hostile: JSONValue = "a\u{1b}[2Jb\u{202e}c\u{7}"
    change.fields = [
      FieldChange(member: "client_name", cause: .declared, before: nil, after: hostile),
      FieldChange(member: "redirect_uris", cause: .declared, before: nil, after: [hostile]),
    ]
    let text = PlanText().text(Plan(registries: [Sample.registry([change])]))
    #expect(!text.unicodeScalars.contains { ["\u{1b}", "\u{202e}", "\u{7}"].contains($0) })
  }

  @Test("private key material in a jwks is shown nowhere, in text and JSON")
  func privateKeys() {
    var change = Sample.set
    let key: JSONValue = ["keys": [["kty": "RSA", "n": "public", "d": "PRIVATE-D", "p": "PRIVATE-P"]]]
    change.fields = [FieldChange(member: "jwks", cause: .drift, before: key, after: nil)]
    let plan = Plan(registries: [Sample.registry([change])])
    for output in [PlanText().text(plan), PlanJSON.object(plan).text()] {
      #expect(output.contains("public") && output.contains("(sensitive)") && !output.contains("PRIVATE"))
    }
  }

  @Test("a refusal stands at its change and again at the end")
  func refusal() {
    var change = Sample.delete
    change.refusal = .tooManyDeletes(count: 12, limit: 10)
    let text = PlanText().text(Plan(registries: [Sample.registry([change])]))
    #expect(text.contains("refused: 12 deletes, and safety.maxDeletes is 10. If they are meant: --max-deletes 12"))
    #expect(text.contains("apply would refuse: legacy-portal"))
  }
}

@Suite struct PlanJSONTests {
  @Test("the members that scripts read are there, in the order that people see, lists sorted")
  func members() throws {
    let problem = Problem(.unauthorized, registry: "hydra", client: "stale", place: nil, isWanted: false)
    let plan = Plan(registries: [Sample.registry([Sample.set, Sample.delete], problems: [problem])])
    let object = PlanJSON.object(plan)
    #expect(
      object.names == ["format_version", "digest", "registries", "changes", "drift", "problems", "diagnostics", "summary"])
    let actions = object["changes"]?.array?.map { "\($0["action"]?.string ?? "") \($0["client"]?.string ?? "")" }
    #expect(actions == ["delete legacy-portal", "set reports"])
    #expect(object["drift"]?[0]?["member"] == "scope")
    #expect(object["summary"]?["delete"] == 1 && object["summary"]?["problems"] == 1 && object["summary"]?["total"] == 214)
  }

  @Test("a failure keeps every member and says why")
  func failure() {
    let object = PlanJSON.object(Plan(registries: []), error: "no")
    #expect(object["error"] == "no" && object["digest"] == .null && object["changes"] == [])
  }
}

@Suite struct ReportTextTests {
  @Test("the last line counts what was done, and each way out stands below it")
  func summary() {
    let outcomes = [
      Outcome(Sample.create, .inDoubt("sent, and no answer")), Outcome(Sample.set, .done, seconds: 0.02),
    ]
    let report = ApplyReport(
      registries: [
        RegistryReport(registry: "hydra", outcomes: outcomes, unchanged: 3, state: ("state/hydra.json", 13), wroteState: true)
      ],
      digest: "d", seconds: 0.31)
    let expected = """
      Partly applied: 1 set, 1 in doubt, 3 unchanged in 0.3 s.  State: state/hydra.json (serial 13)
        billing-web may exist at hydra without anyone holding its token. It is never created again by itself.
        Look for it there. Once it is gone, or never was:
          clientsync state rm billing-web --registry hydra --force    then apply creates it

      """
    #expect(ReportText().summary(report) == expected)
    #expect(ReportText(names: ["billing-web"]).line(outcomes[1]) == "  set       reports       done  0.02 s")
  }
}
