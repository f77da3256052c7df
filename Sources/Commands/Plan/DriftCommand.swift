import CommandLineParsing
import Planning

/// `clientsync drift`: only what somebody else changed.
enum DriftCommand {
  static func run(_ command: ParsedCommand, _ context: Context) async throws(CommandFailure) -> ExitCode {
    let options = RunOptions(command, context)
    let output = PlanOutput(options, context)
    let drift: Plan
    do throws(CommandFailure) {
      let workspace = try Workspace(options, context)
      let made = try await workspace.plan(forWriting: false)
      drift = made.plan.onlyDrift()
      made.runs.values.forEach { $0.close() }
    } catch {
      output.printFailure(error)
      return error.code
    }
    output.printDrift(drift)
    return command.has("detailed-exitcode") && !drift.isEmpty ? .changes : .done
  }
}
