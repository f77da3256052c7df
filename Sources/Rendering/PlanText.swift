package import Planning
import State

/// The plan as a reviewer reads it on a terminal or in a log.
package struct PlanText: Sendable {
  let style: TextStyle

  package init(style: TextStyle = TextStyle()) { self.style = style }

  /// The whole plan: a block per registry, then the counts and the digest. One line where there is nothing to do.
  package func text(_ plan: Plan) -> String {
    if plan.isEmpty && !plan.registries.contains(where: \.needsAttention) { return nothingToDo(plan) }
    var output = ""
    for registry in plan.registries where registry.hasChanges || !registry.problems.isEmpty || registry.needsAttention {
      output += block(registry) + "\n"
    }
    for registry in plan.registries where !registry.hasChanges && registry.problems.isEmpty && !registry.needsAttention {
      output += style.paint(header(registry) + ": nothing to do", .faint) + "\n\n"
    }
    return output + footer(plan)
  }

  private func nothingToDo(_ plan: Plan) -> String {
    let total = plan.summary.total
    let registries = counted(plan.registries.count, "registry", "registries")
    var line = "Nothing to do: \(counted(total, "client")) in \(registries) match\(total == 1 ? "es" : "") "
    line += total == 1 ? "its manifest" : "their manifests"
    let unread = plan.registries.filter { $0.refresh == .none && $0.known > 0 }
    if !unread.isEmpty { line += ", as far as last known (nothing was read)" }
    return line + ".\n"
  }

  private func header(_ registry: RegistryPlan) -> String {
    "\(style.paint(registry.registry, .bold))  \(registry.url.printable)  \(counts(registry))"
  }

  /// `214 clients, all 213 known ones read in 0.4 s`.
  private func counts(_ registry: RegistryPlan) -> String {
    let clients = counted(registry.declared, "client")
    guard registry.hasState, registry.known > 0 else {
      guard !registry.hasState else { return clients }
      let creates = registry.changes.count { $0.action == .create }
      return clients + ", no state yet" + (creates > 0 ? ": \(grouped(creates)) to be created" : "")
    }
    switch registry.refresh {
    case .none: return clients + ", nothing read: compared with what was last known"
    case .all, .changed, .admin:
      let took = "in \(shortSeconds(registry.seconds))"
      if registry.read == registry.known {
        return clients + ", \(registry.known == 1 ? "the one known" : "all \(grouped(registry.known)) known ones") read \(took)"
      }
      return clients + ", \(grouped(registry.read)) of \(grouped(registry.known)) known ones read \(took)"
    }
  }

  private func block(_ registry: RegistryPlan) -> String {
    var lines = [header(registry)]
    if registry.profileIsGuessed {
      lines.append(
        "  profile \(registry.profile), for nothing tells which provider this is; name one in the registry's profile")
    }
    lines += bindingLines(registry)
    if let words = registry.otherRecipients { lines.append(style.paint("  \(words.printable)", .red)) }
    lines.append("")
    let width = (registry.changes.map(\.client) + registry.problems.map(\.client)).map(\.count).max() ?? 0
    let verbWidth = max(6, registry.changes.map(\.action.rawValue.count).max() ?? 0)
    for problem in registry.problems {
      lines += ProblemText(style: style).lines(problem, verbWidth: verbWidth, nameWidth: width)
    }
    let changes = ChangeText(style: style, verbWidth: verbWidth, nameWidth: width)
    for change in registry.changes { lines += changes.lines(change) }
    if registry.sparedByEmptySet > 0 {
      let clients = counted(registry.sparedByEmptySet, "client")
      lines.append("  No manifest declares a client of \(registry.registry), and its state knows \(clients).")
      lines.append("  Nothing is deleted for that. If it is meant: --allow-empty")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private func bindingLines(_ registry: RegistryPlan) -> [String] {
    guard !registry.bindingDifferences.isEmpty else { return [] }
    var lines = [style.paint("  The registry is not the one that this state's credentials belong to.", .red)]
    if registry.isBindingRefused { lines[0] += style.paint(" None of them was sent anywhere.", .red) }
    for difference in registry.bindingDifferences {
      let was = difference.before ?? "(none)"
      let now = difference.after ?? "(none)"
      lines.append("    \(difference.member)  \(was.printable) -> \(now.printable)")
    }
    lines.append(
      registry.isBindingRefused
        ? "  apply refuses until it is told with --accept-registry-change that this is meant."
        : "  Told that this is meant; an apply binds them to it.")
    return lines
  }

  private func footer(_ plan: Plan) -> String {
    let summary = plan.summary
    var parts: [String] = []
    for action in Action.allCases {
      if let count = summary.byAction[action] { parts.append("\(grouped(count)) to \(action.rawValue)") }
    }
    if summary.problems > 0 { parts.append("\(grouped(summary.problems)) that cannot be planned") }
    parts.append("\(grouped(summary.unchanged)) unchanged")
    parts.append("\(grouped(summary.total)) in all")
    var text = style.paint("Plan: \(parts.joined(separator: ", ")).", .bold) + "  Digest \(plan.digest.prefix(12))\n"
    let ended = plan.changes.filter(\.action.isDestructive).map(\.client)
    if !ended.isEmpty { text += style.paint("To be deleted: \(ended.joined(separator: ", "))", .red) + "\n" }
    let refused = plan.changes.filter { $0.refusal != nil }
    if !refused.isEmpty {
      text += "apply would refuse: \(refused.map(\.client).joined(separator: ", "))\n"
    }
    return text
  }
}

extension RegistryPlan {
  var needsAttention: Bool { sparedByEmptySet > 0 || !bindingDifferences.isEmpty || otherRecipients != nil }
}

extension PlanText {
  /// Only what somebody else changed.
  package func drift(_ plan: Plan) -> String {
    guard plan.isEmpty else { return text(plan) }
    let summary = plan.summary
    let registries = counted(plan.registries.count, "registry", "registries")
    return
      "No drift: \(counted(summary.total, "client")) in \(registries) \(summary.total == 1 ? "is" : "are") as last applied.\n"
  }
}
