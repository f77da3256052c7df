package import OpenIDJSON
package import Planning

/// What an apply did, for machines: beside the plan, so that one object tells what was meant and what became of it.
package enum ReportJSON {
  package static func object(_ report: ApplyReport?, plan: Plan, error: String? = nil) -> JSONObject {
    var object = PlanJSON.object(plan, error: error)
    object["outcomes"] = .array((report?.outcomes ?? []).sorted(by: inOrder).map(outcomeObject))
    object["states"] = .array(
      (report?.registries ?? []).map { registry in
        [
          "registry": .string(registry.registry),
          "place": registry.state.map { .string($0.place) } ?? .null,
          "serial": registry.state.map { .number(JSONNumber($0.serial)) } ?? .null,
          "written": .bool(registry.wroteState),
          "swept_orphans": .array(registry.sweptOrphans.map(JSONValue.string)),
          "failure": registry.failure.map(JSONValue.string) ?? .null,
        ]
      })
    return object
  }

  private static func inOrder(_ a: Outcome, _ b: Outcome) -> Bool {
    (a.change.registry, a.change.client) < (b.change.registry, b.change.client)
  }

  private static func outcomeObject(_ outcome: Outcome) -> JSONValue {
    var object: JSONObject = [
      "registry": .string(outcome.change.registry),
      "client": .string(outcome.change.client),
      "action": .string(outcome.change.action.rawValue),
    ]
    switch outcome.result {
    case .done: object["result"] = "done"
    case .failed(let words):
      object["result"] = "failed"
      object["message"] = .string(words)
    case .inDoubt(let words):
      object["result"] = "in_doubt"
      object["message"] = .string(words)
    case .refused(let refusal):
      object["result"] = "refused"
      object["message"] = .string(refusal.words)
    case .notAttempted: object["result"] = "not_attempted"
    }
    object["client_id"] = outcome.clientID.map(JSONValue.string) ?? .null
    object["request_id"] = outcome.requestID.map(JSONValue.string) ?? .null
    object["milliseconds"] = .number(JSONNumber(Int((outcome.seconds * 1000).rounded())))
    object["notes"] = .array(outcome.notes.map(JSONValue.string))
    return .object(object)
  }
}
