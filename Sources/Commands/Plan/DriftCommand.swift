import CommandLineParsing
import OpenIDJSON
import Planning
import Rendering

/// `clientsync drift`: only what somebody else changed.
enum DriftCommand {
  static func run(_ command: ParsedCommand, _ context: Context) async throws(CommandFailure) -> ExitCode {
    let options = RunOptions(command, context)
    let drift: Plan
    do throws(CommandFailure) {
      let workspace = try Workspace(options, context)
      let made = try await workspace.plan(forWriting: false)
      drift = made.plan.onlyDrift()
      made.runs.values.forEach { $0.close() }
    } catch {
      return PlanCommand.reported(error, options, context)
    }
    context.print(
      options.format == "json" ? PlanJSON.object(drift).text(.pretty) + "\n" : PlanText(style: options.style).drift(drift))
    return command.has("detailed-exitcode") && !drift.isEmpty ? .changes : .done
  }
}
