import Manifests

/// The page that lists every member of the format, in Markdown; `docs/manifests.md` is one.
package enum ReferencePage {
  package static func text() -> String {
    var text = """
      # Members of manifests

      This page is made by `clientsync explain --format markdown` from the table that the decoder reads by, and a test sees to it that it is
      current. `clientsync explain MEMBER` says the same in a terminal, and `clientsync schema` prints it as JSON Schema for editors.

      Strings may hold `$(env:CLIENTSYNC_VAR_NAME)` or `$(env:CLIENTSYNC_VAR_NAME:-default)`. `null` means absent. A list or text whose
      order means nothing is compared without regard to it.

      """
    for kind in Explanation.kinds {
      let all = Explanation.every.filter { $0.kind == kind.name && !$0.path.hasPrefix("spec.defaults.") }
      text += "\n## \(kind.name)\n\n\(kind.summary).\n"
      for part in all where !part.members.isEmpty && part.path != "spec.defaults" {
        text += part.path.isEmpty ? "\n" : "\n### \(kind.name): `\(part.path)`\n\n"
        text += section(part, all)
      }
    }
    return text
  }

  private static func section(_ part: Explanation, _ all: [Explanation]) -> String {
    let isMetadata = part.path == "spec.client"
    var text =
      isMetadata ? "| member | what it is | takes | source | profiles |\n" : "| member | what it is | takes | default |\n"
    text += isMetadata ? "| --- | --- | --- | --- | --- |\n" : "| --- | --- | --- | --- |\n"
    for member in part.members {
      let field = member.field
      var summary = field.summary
      if field.isRequired { summary += "; required" }
      if isMetadata, let fallback = field.fallback { summary += "; default: \(fallback)" }
      if field.isOrdered { summary += "; order matters" }
      switch field.standing {
      case .known: break
      case .notYet: summary += "; checked, not acted upon yet"
      case .serverOwned: summary += "; cannot be declared"
      }
      var cells = ["`\(field.name)`", summary, field.type.fullWords]
      if isMetadata {
        let treatments = all.first { $0.path == member.path }?.treatments ?? []
        cells += [field.source.words, profiles(treatments)]
      } else {
        cells.append(field.fallback ?? "")
      }
      text += "| " + cells.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ") + " |\n"
    }
    return text
  }

  /// Profiles that say the same stand together; what most members are goes without saying.
  private static func profiles(_ treatments: [Explanation.Treatment]) -> String {
    var groups: [(words: String, names: [String])] = []
    for treatment in treatments where treatment.words != "kept" {
      if let index = groups.firstIndex(where: { $0.words == treatment.words }) {
        groups[index].names.append(treatment.profile)
      } else {
        groups.append((treatment.words, [treatment.profile]))
      }
    }
    if groups.count == 1, groups[0].names.count == treatments.count { return "all: \(groups[0].words)" }
    return groups.map { "\($0.names.joined(separator: ", ")): \($0.words)" }.joined(separator: "; ")
  }
}
