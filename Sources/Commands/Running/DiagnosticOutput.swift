import Diagnostics
import Manifests
import OpenIDJSON
import Rendering

/// Diagnostics as they are printed, and the line that counts them.
enum DiagnosticOutput {
  /// All of them, then the counts.
  static func text(_ manifests: ManifestSet) -> String {
    let blocks = manifests.diagnostics.map { $0.text() }
    return blocks.joined(separator: "\n") + (blocks.isEmpty ? "" : "\n") + summary(manifests) + "\n"
  }

  /// `2 errors in 2 of 14 files; 31 clients in 2 registries`.
  static func summary(_ manifests: ManifestSet) -> String {
    let errors = manifests.diagnostics.count { $0.severity == .error }
    let warnings = manifests.diagnostics.count - errors
    var parts: [String] = []
    if errors > 0 { parts.append(counted(errors, "error")) }
    if warnings > 0 { parts.append(counted(warnings, "warning")) }
    let concerned = Set(manifests.diagnostics.compactMap(\.place?.file)).count
    let files = counted(manifests.files, "file")
    let scope =
      counted(manifests.clients.count, "client") + " in " + counted(manifests.registries.count, "registry", "registries")
    if parts.isEmpty { return "\(scope), \(files): valid" }
    return "\(parts.joined(separator: ", ")) in \(grouped(concerned)) of \(files); \(scope)"
  }

  static func printWarnings(_ diagnostics: [Diagnostic], _ options: RunOptions, _ context: Context) {
    guard options.format == "text" else { return }
    for diagnostic in diagnostics { context.printError(diagnostic.text() + "\n") }
  }

  static func json(_ manifests: ManifestSet) -> JSONObject {
    [
      "format_version": 1,
      "valid": .bool(manifests.failure == nil),
      "files": .number(JSONNumber(manifests.files)),
      "registries": .number(JSONNumber(manifests.registries.count)),
      "clients": .number(JSONNumber(manifests.clients.count)),
      "diagnostics": .array(manifests.diagnostics.map(DiagnosticJSON.object)),
    ]
  }
}
