import Diagnostics
package import Manifests
import OpenIDCryptography
package import OpenIDJSON

/// Diagnostics as SARIF 2.1.0, for GitHub's code scanning and other readers of it.
package enum DiagnosticSARIF {
  /// - Parameter path: What is named where a diagnostic has no place: GitHub refuses a log in which a result has none.
  package static func log(_ manifests: ManifestSet, version: String, elsewhere path: String) -> JSONObject {
    let rules = RuleSummaries.all
    let indices = Dictionary(uniqueKeysWithValues: rules.enumerated().map { ($1.name, $0) })
    var seen: [String: Int] = [:]
    func result(_ diagnostic: Diagnostic, _ reason: AllowedFinding.Reason?) -> JSONValue {
      var result: JSONObject = ["ruleId": .string(diagnostic.rule)]
      if let index = indices[diagnostic.rule] { result["ruleIndex"] = .number(JSONNumber(index)) }
      result["level"] = .string(diagnostic.severity.rawValue)
      result["message"] = ["text": .string(sentence(diagnostic))]
      result["locations"] = [location(diagnostic, diagnostic.place ?? SourcePlace(file: path, line: 1, column: 1))]
      let identity = [diagnostic.rule, diagnostic.place?.file ?? "", diagnostic.message].joined(separator: "\0")
      seen[identity, default: 0] += 1
      result["partialFingerprints"] = [
        "clientsync/v1": .string(Hex.encode(SHA2.sha256(Array("\(identity)\0\(seen[identity]!)".utf8))))
      ]
      switch reason {
      case .comment?: result["suppressions"] = [["kind": "inSource"]]
      case .configuration?: result["suppressions"] = [["kind": "external", "justification": "off in clientsync.yaml"]]
      case nil: break
      }
      return .object(result)
    }
    let results =
      manifests.diagnostics.map { result($0, nil) } + manifests.allowed.map { result($0.diagnostic, $0.reason) }
    let descriptors: [JSONValue] = rules.map { rule in
      [
        "id": .string(rule.name), "shortDescription": ["text": .string(rule.summary)],
        "fullDescription": ["text": .string(rule.summary)],
        "help": ["text": .string("docs/rules.md has the rule \(rule.name), with an example of each kind.")],
      ]
    }
    let driver: JSONValue = ["name": "clientsync", "version": .string(version), "rules": .array(descriptors)]
    return [
      "version": "2.1.0", "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
      "runs": [
        [
          "tool": ["driver": driver], "columnKind": "unicodeCodePoints", "results": .array(results),
          "invocations": [["executionSuccessful": .bool(manifests.failure != .unreadable)]],
        ]
      ],
    ]
  }

  private static func sentence(_ diagnostic: Diagnostic) -> String {
    diagnostic.message + "." + (diagnostic.hint.map { " \($0)" } ?? "")
  }

  private static func location(_ diagnostic: Diagnostic, _ place: SourcePlace) -> JSONValue {
    var region: JSONObject = ["startLine": .number(JSONNumber(place.line)), "startColumn": .number(JSONNumber(place.column))]
    if let end = diagnostic.endColumn { region["endColumn"] = .number(JSONNumber(end)) }
    return [
      "physicalLocation": ["artifactLocation": artifact(place.file), "region": .object(region)]
    ]
  }

  /// A path as a URI reference (RFC 3986, section 4.2), below the repository where it is relative.
  private static func artifact(_ path: String) -> JSONValue {
    var uri = ""
    for byte in path.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
        UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"), UInt8(ascii: "/"):
        uri.unicodeScalars.append(Unicode.Scalar(byte))
      default:
        let digits = String(byte, radix: 16, uppercase: true)
        uri += "%" + (digits.count == 1 ? "0" : "") + digits
      }
    }
    return path.hasPrefix("/") ? ["uri": .string("file://" + uri)] : ["uri": .string(uri), "uriBaseId": "%SRCROOT%"]
  }
}
