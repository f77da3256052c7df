import Manifests
import OpenIDJSON
import Planning
import Rendering

/// How plans and reports can be printed; a new case is a compile error in ``PlanOutput`` until it can be.
enum PlanFormat: String, CaseIterable, Sendable {
  case text, json
}

/// The one place that knows how plans and reports are printed.
struct PlanOutput {
  let format: PlanFormat
  let style: TextStyle
  let context: Context

  init(_ options: RunOptions, _ context: Context) {
    format = options.format
    style = options.style
    self.context = context
  }

  func printPlan(_ plan: Plan) {
    switch format {
    case .text: context.print(PlanText(style: style).text(plan))
    case .json: context.print(PlanJSON.object(plan).text(.pretty) + "\n")
    }
  }

  func printDrift(_ drift: Plan) {
    switch format {
    case .text: context.print(PlanText(style: style).drift(drift))
    case .json: context.print(PlanJSON.object(drift).text(.pretty) + "\n")
    }
  }

  /// The plan that an apply is about to carry out. JSON has it in the report, in one object.
  func printIntention(_ plan: Plan) {
    switch format {
    case .text: printPlan(plan)
    case .json: break
    }
  }

  /// What became of each of so many changes, as it ends.
  func progress(of changes: [Change]) -> (Outcome) -> Void {
    let lines = ReportText(style: style, names: changes.map(\.client))
    return { outcome in
      switch format {
      case .text: context.print(lines.line(outcome) + "\n")
      case .json: break
      }
    }
  }

  func printReport(_ report: ApplyReport, of plan: Plan) {
    switch format {
    case .text:
      // Where there was nothing to do, the plan has said so.
      guard !plan.isEmpty || report.registries.contains(where: { $0.wroteState || $0.failure != nil }) else { return }
      context.print(ReportText(style: style).summary(report))
    case .json: context.print(ReportJSON.object(report, plan: plan).text(.pretty) + "\n")
    }
  }

  /// Why there is no plan. JSON stays complete on every exit code.
  func printFailure(_ failure: CommandFailure) {
    switch format {
    case .text:
      context.printError(
        failure.manifests.map { DiagnosticOutput.text($0, style: style) } ?? failure.message + "\n")
    case .json:
      let plan = Plan(registries: [], diagnostics: failure.manifests?.diagnostics ?? [])
      context.print(PlanJSON.object(plan, error: failure.message).text(.pretty) + "\n")
    }
  }

  /// What JSON has in itself, and people read beside the plan: warnings of the manifests.
  func printWarnings(_ plan: Plan) {
    switch format {
    case .text:
      for diagnostic in plan.diagnostics { context.printError(DiagnosticText.block(diagnostic, style: style) + "\n") }
    case .json: break
    }
  }
}
