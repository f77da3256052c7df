package import Diagnostics
package import Manifests
package import OpenIDJSON

/// Diagnostics for machines.
package enum DiagnosticJSON {
  package static func object(_ diagnostic: Diagnostic) -> JSONValue {
    [
      "severity": .string(diagnostic.severity.rawValue),
      "rule": .string(diagnostic.rule),
      "message": .string(diagnostic.message),
      "place": place(diagnostic.place),
      "hint": diagnostic.hint.map(JSONValue.string) ?? .null,
    ]
  }

  /// What somebody let pass, and how.
  package static func object(_ allowed: AllowedFinding) -> JSONValue {
    let reason: JSONValue =
      switch allowed.reason {
      case .comment(let line): ["comment": .number(JSONNumber(line))]
      case .configuration: "configuration"
      }
    return .object((object(allowed.diagnostic).object ?? [:]).merging(["allowed_by": reason]))
  }

  package static func place(_ place: SourcePlace?) -> JSONValue {
    guard let place else { return .null }
    return [
      "file": .string(place.file), "line": .number(JSONNumber(place.line)), "column": .number(JSONNumber(place.column)),
    ]
  }
}
