import Diagnostics
import Manifests
import OpenIDJSON
import Rendering

/// How diagnostics can be printed.
enum DiagnosticFormat: String, CaseIterable, Sendable {
  case text, json, github, gitlab, sarif
}

/// Diagnostics as they are printed, and the line that counts them.
enum DiagnosticOutput {
  /// As `validate --format` wants them.
  static func formatted(_ manifests: ManifestSet, as format: DiagnosticFormat, _ options: RunOptions) -> String {
    switch format {
    case .text: text(manifests, style: options.style)
    case .json: json(manifests).text(.pretty) + "\n"
    case .github: manifests.diagnostics.map(DiagnosticGitHub.line).joined() + summary(manifests) + "\n"
    case .gitlab:
      DiagnosticGitLab.report(manifests.diagnostics, elsewhere: options.paths.first ?? ".").text(.pretty) + "\n"
    case .sarif:
      DiagnosticSARIF.log(manifests, version: ClientsyncCommand.version, elsewhere: options.paths.first ?? ".").text(.pretty)
        + "\n"
    }
  }

  /// All of them, then the counts.
  static func text(_ manifests: ManifestSet, style: TextStyle = TextStyle()) -> String {
    let blocks = manifests.diagnostics.map { DiagnosticText.block($0, style: style) }
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
    // What could not be read, and the configuration, are files as well.
    let files = counted(max(manifests.files, concerned), "file")
    let scope =
      counted(manifests.clients.count, "client") + " in " + counted(manifests.registries.count, "registry", "registries")
    let line =
      parts.isEmpty
      ? "\(scope), \(files): valid"
      : "\(parts.joined(separator: ", "))\(concerned > 0 ? " in \(grouped(concerned)) of \(files)" : ""); \(scope)"
    return ([line] + notes(manifests)).joined(separator: "\n")
  }

  /// What was let pass or counts for less than it would: never silently.
  static func notes(_ manifests: ManifestSet) -> [String] {
    var notes: [String] = []
    let byComment = manifests.allowed.count { $0.reason != .configuration }
    let byConfiguration = manifests.allowed.count - byComment
    if byComment > 0 {
      let places = manifests.allowed.compactMap { $0.reason == .configuration ? nil : $0.diagnostic }
        .map { "\($0.rule)\($0.place.map { " at \($0.file):\($0.line)" } ?? "")" }
      notes.append("\(counted(byComment, "finding")) allowed by comments: \(shortened(places))")
    }
    let settings = manifests.configuration.rules.settings.sorted { $0.key < $1.key }.map { "\($0.key) (\($0.value.rawValue))" }
    if !settings.isEmpty, let file = manifests.configuration.file {
      let passed = byConfiguration > 0 ? ", which lets \(counted(byConfiguration, "finding")) pass" : ""
      notes.append("\(file) sets \(shortened(settings))\(passed)")
    }
    return notes
  }

  private static func shortened(_ words: [String]) -> String {
    words.count <= 5 ? words.joined(separator: ", ") : words[..<4].joined(separator: ", ") + " and \(words.count - 4) more"
  }

  static func json(_ manifests: ManifestSet) -> JSONObject {
    [
      "format_version": 1,
      "valid": .bool(manifests.failure == nil),
      "files": .number(JSONNumber(manifests.files)),
      "registries": .number(JSONNumber(manifests.registries.count)),
      "clients": .number(JSONNumber(manifests.clients.count)),
      "diagnostics": .array(manifests.diagnostics.map(DiagnosticJSON.object)),
      "allowed": .array(manifests.allowed.map(DiagnosticJSON.object)),
      "rules": .object(
        JSONObject(
          manifests.configuration.rules.settings.sorted { $0.key < $1.key }.map {
            JSONMember(name: $0.key, value: .string($0.value.rawValue))
          })),
      "configuration": manifests.configuration.file.map(JSONValue.string) ?? .null,
    ]
  }
}
