package import Planning

/// What an apply did, for people: a line as each change ends, then the counts and what to do next.
package struct ReportText: Sendable {
  let style: TextStyle
  let nameWidth: Int

  package init(style: TextStyle = TextStyle(), names: [String] = []) {
    self.style = style
    self.nameWidth = names.map(\.count).max() ?? 0
  }

  /// One change's end: `  create  billing-web     done  0.02 s`.
  package func line(_ outcome: Outcome) -> String {
    let head = "  \(outcome.change.action.rawValue.padded(to: 8))  \(outcome.change.client.padded(to: nameWidth))   "
    let result: String
    switch outcome.result {
    case .done: result = style.paint("done", .green) + "  \(shortSeconds(outcome.seconds))"
    case .failed(let words): result = style.paint("failed", .red) + ": \(words.printable)"
    case .inDoubt(let words): result = style.paint("in doubt", .red) + ": \(words.printable)"
    case .refused(let refusal): result = refusal.words
    case .notAttempted: result = "not attempted: the run was asked to stop"
    }
    return ([head + result] + outcome.notes.map { "            \($0.printable)" }).joined(separator: "\n")
  }

  /// The last lines: what was done, where the state lies, and the way out of what is in doubt.
  package func summary(_ report: ApplyReport) -> String {
    var parts: [String] = []
    for action in Action.allCases {
      let count = report.done(action)
      if count > 0 { parts.append("\(grouped(count)) \(action.pastTense)") }
    }
    let problems = report.registries.reduce(0) { $0 + $1.problems.count }
    let unfinished = report.failed + report.notAttempted + report.inDoubt + report.refused + problems
    if report.failed > 0 { parts.append("\(grouped(report.failed)) failed") }
    if report.notAttempted > 0 { parts.append("\(grouped(report.notAttempted)) not attempted") }
    if report.inDoubt > 0 { parts.append("\(grouped(report.inDoubt)) in doubt") }
    if report.refused > 0 { parts.append("\(grouped(report.refused)) refused") }
    if problems > 0 { parts.append("\(grouped(problems)) stuck") }
    let unchanged = report.registries.reduce(0) { $0 + $1.unchanged }
    if unfinished > 0 { parts.append("\(grouped(unchanged)) unchanged") }
    if parts.isEmpty { parts = ["nothing"] }
    let didAnything = Action.allCases.contains { report.done($0) > 0 } || report.inDoubt > 0
    let verb = unfinished == 0 ? "Applied" : didAnything ? "Partly applied" : "Nothing applied"
    var line = style.paint("\(verb): \(parts.joined(separator: ", "))", .bold) + " in \(shortSeconds(report.seconds))."
    let states = report.registries.filter(\.wroteState).compactMap(\.state).map { "\($0.place) (serial \($0.serial))" }
    if !states.isEmpty { line += "  State: \(states.joined(separator: ", "))" }
    var lines = [line]
    for registry in report.registries { lines += nextSteps(registry) }
    return lines.joined(separator: "\n") + "\n"
  }

  private func nextSteps(_ registry: RegistryReport) -> [String] {
    var lines: [String] = []
    if let failure = registry.failure { lines.append("  \(failure)") }
    for client in registry.sweptOrphans {
      lines.append("  \(client): the orphan of a create that got no answer turned up late, and was deleted.")
    }
    for outcome in registry.outcomes {
      guard case .inDoubt = outcome.result else { continue }
      switch outcome.change.action {
      case .create:
        lines += [
          "  \(outcome.change.client) may exist at \(registry.registry) without anyone holding its token. It is never created again by itself.",
          "  Look for it there. Once it is gone, or never was:",
          "    \(outcome.change.forgetCommand)    then apply creates it",
        ]
      case .set:
        lines.append(
          "  \(outcome.change.client): the next plan reads it with the token held before, which tells whether the set happened."
        )
      default:
        lines.append("  \(outcome.change.client): the next plan reads it, which tells whether it is gone.")
      }
    }
    for problem in registry.problems {
      lines.append("  \(problem.client):")
      lines += problem.sentences.map { "    " + $0 }
    }
    if registry.sparedByEmptySet > 0 {
      let clients = counted(registry.sparedByEmptySet, "client")
      lines.append(
        "  No manifest declares a client of \(registry.registry): its \(clients) stay. If they are meant to go: --allow-empty")
    }
    return lines
  }
}

extension Action {
  var pastTense: String {
    switch self {
    case .create: "created"
    case .set: "set"
    case .delete: "deleted"
    case .replace: "replaced"
    case .adopt: "adopted"
    case .move: "moved"
    case .forget: "forgotten"
    case .remember: "remembered"
    case .rotate: "rotated"
    case .deliver: "delivered"
    }
  }
}
