package import Diagnostics
import OpenIDCryptography
package import OpenIDJSON

/// Diagnostics as a Code Quality report of GitLab's.
package enum DiagnosticGitLab {
  /// - Parameter path: What is named where a diagnostic has no place, for GitLab wants one: the manifests that were asked for.
  package static func report(_ diagnostics: [Diagnostic], elsewhere path: String) -> JSONValue {
    var seen: [String: Int] = [:]
    return .array(
      diagnostics.map { diagnostic in
        let file = relative(diagnostic.place?.file ?? path)
        // Without the line: what moved within its file is what it was. Equal ones are counted.
        let identity = [diagnostic.rule, file, diagnostic.message].joined(separator: "\0")
        seen[identity, default: 0] += 1
        let fingerprint = Hex.encode(SHA2.sha256(Array("\(identity)\0\(seen[identity]!)".utf8)))
        return [
          "description": .string(diagnostic.message + (diagnostic.hint.map { ". \($0)" } ?? "")),
          "check_name": .string(diagnostic.rule), "fingerprint": .string(fingerprint),
          "severity": diagnostic.severity == .error ? "major" : "minor",
          "location": [
            "path": .string(file), "lines": ["begin": .number(JSONNumber(diagnostic.place?.line ?? 1))],
          ],
        ]
      })
  }

  private static func relative(_ path: String) -> String { path.hasPrefix("./") ? String(path.dropFirst(2)) : path }
}
