import CommandLineParsing
import Diagnostics
import Manifests
import OpenIDJSON
import Planning
import Rendering

/// `clientsync plan`: prints what would change.
enum PlanCommand {
  static func run(_ command: ParsedCommand, _ context: Context) async throws(CommandFailure) -> ExitCode {
    let options = RunOptions(command, context)
    let plan: Plan
    do throws(CommandFailure) {
      let workspace = try Workspace(options, context)
      let made = try await workspace.plan(forWriting: false)
      plan = made.plan
      made.runs.values.forEach { $0.close() }
    } catch {
      return reported(error, options, context)
    }
    DiagnosticOutput.printWarnings(plan.diagnostics, options, context)
    context.print(
      options.format == "json" ? PlanJSON.object(plan).text(.pretty) + "\n" : PlanText(style: options.style).text(plan))
    if command.has("gate"), plan.registries.contains(where: \.isRefusedInPart) { return .refused }
    return command.has("detailed-exitcode") && !plan.isEmpty ? .changes : .done
  }

  /// The failure as the format wants it: JSON stays complete on every exit code.
  static func reported(_ failure: CommandFailure, _ options: RunOptions, _ context: Context) -> ExitCode {
    if options.format == "json" {
      let plan = Plan(registries: [], diagnostics: failure.manifests?.diagnostics ?? [])
      context.print(PlanJSON.object(plan, error: failure.message).text(.pretty) + "\n")
    } else {
      context.printError(failure.manifests.map { DiagnosticOutput.text($0, style: options.style) } ?? failure.message + "\n")
    }
    return failure.code
  }
}
