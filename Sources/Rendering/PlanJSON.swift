import Diagnostics
package import OpenIDJSON
package import Planning
import State

/// The plan for machines: one object, the same members on every exit code, lists sorted.
package enum PlanJSON {
  /// The version of this format; raised where a member changes its meaning or goes.
  package static let formatVersion = 1

  /// - Parameter error: why there is no plan, where there is none.
  package static func object(_ plan: Plan, error: String? = nil) -> JSONObject {
    let drift = plan.changes.flatMap { change in
      change.fields.filter { $0.cause == .drift }.map { field in driftObject(field, of: change) }
    }
    var object: JSONObject = [
      "format_version": .number(JSONNumber(formatVersion)),
      "digest": error == nil ? .string(plan.digest) : .null,
      "registries": .array(plan.registries.map(registryObject)),
      "changes": .array(sorted(plan.changes).map(changeObject)),
      "drift": .array(drift),
      "problems": .array(plan.problems.map(problemObject)),
      "diagnostics": .array(plan.diagnostics.map(DiagnosticJSON.object)),
      "summary": summaryObject(plan.summary),
    ]
    if let error { object["error"] = .string(error) }
    return object
  }

  private static func sorted(_ changes: [Change]) -> [Change] {
    changes.sorted { ($0.registry, $0.client) < ($1.registry, $1.client) }
  }

  private static func registryObject(_ registry: RegistryPlan) -> JSONValue {
    [
      "name": .string(registry.registry),
      "url": .string(registry.url),
      "profile": .string(registry.profile),
      "state": .bool(registry.hasState),
      "state_verified": .bool(registry.isStateVerified),
      "refresh": .string(registry.refresh.rawValue),
      "declared": .number(JSONNumber(registry.declared)),
      "known": .number(JSONNumber(registry.known)),
      "read": .number(JSONNumber(registry.read)),
      "unchanged": .number(JSONNumber(registry.unchanged)),
      "spared_by_empty_set": .number(JSONNumber(registry.sparedByEmptySet)),
      "other_recipients": registry.otherRecipients.map(JSONValue.string) ?? .null,
      "binding_differences": .array(
        registry.bindingDifferences.map { difference in
          [
            "member": .string(difference.member), "before": difference.before.map(JSONValue.string) ?? .null,
            "after": difference.after.map(JSONValue.string) ?? .null,
          ]
        }),
    ]
  }

  static func changeObject(_ change: Change) -> JSONValue {
    var object: JSONObject = [
      "action": .string(change.action.rawValue),
      "registry": .string(change.registry),
      "client": .string(change.client),
      "reason": .string(change.reason.name),
      "digest": .string(change.digest),
    ]
    if let movedFrom = change.movedFrom { object["moved_from"] = .string(movedFrom) }
    object["place"] = DiagnosticJSON.place(change.place)
    object["fields"] = .array(change.fields.sorted { $0.member < $1.member }.map(fieldObject))
    object["unchanged_members"] = .number(JSONNumber(change.unchangedMembers))
    object["kept_from_live"] = .array(change.keptFromLive.sorted().map(JSONValue.string))
    object["may_be_reset"] = .array(change.mayBeReset.sorted().map(JSONValue.string))
    object["refused"] = change.refusal.map { .string($0.name) } ?? .null
    return .object(object)
  }

  private static func fieldObject(_ field: FieldChange) -> JSONValue {
    [
      "member": .string(field.member),
      "cause": .string(field.cause.rawValue),
      "before": field.before.map { MemberValue.redacted($0, of: field.member) } ?? .null,
      "after": field.after.map { MemberValue.redacted($0, of: field.member) } ?? .null,
    ]
  }

  private static func driftObject(_ field: FieldChange, of change: Change) -> JSONValue {
    [
      "registry": .string(change.registry),
      "client": .string(change.client),
      "member": .string(field.member),
      "live": field.before.map { MemberValue.redacted($0, of: field.member) } ?? .null,
      "wanted": field.after.map { MemberValue.redacted($0, of: field.member) } ?? .null,
    ]
  }

  static func problemObject(_ problem: Problem) -> JSONValue {
    [
      "registry": .string(problem.registry),
      "client": .string(problem.client),
      "kind": .string(problem.kind.name),
      "message": .string(problem.sentences.joined(separator: " ")),
      "place": DiagnosticJSON.place(problem.place),
    ]
  }

  static func summaryObject(_ summary: Plan.Summary) -> JSONValue {
    var object = JSONObject()
    for action in Action.allCases { object[action.rawValue] = .number(JSONNumber(summary.byAction[action] ?? 0)) }
    object["unchanged"] = .number(JSONNumber(summary.unchanged))
    object["problems"] = .number(JSONNumber(summary.problems))
    object["total"] = .number(JSONNumber(summary.total))
    return .object(object)
  }
}
