import CommandLineParsing
import Planning

/// `clientsync plan`: prints what would change.
enum PlanCommand {
  static func run(_ command: ParsedCommand, _ context: Context) async throws(CommandFailure) -> ExitCode {
    let options = RunOptions(command, context)
    let output = PlanOutput(options, context)
    let plan: Plan
    do throws(CommandFailure) {
      let workspace = try Workspace(options, context)
      let made = try await workspace.plan(forWriting: false)
      plan = made.plan
      made.runs.values.forEach { $0.close() }
    } catch {
      output.printFailure(error)
      return error.code
    }
    output.printWarnings(plan)
    output.printPlan(plan)
    if command.has("gate"), plan.registries.contains(where: \.isRefusedInPart) { return .refused }
    return command.has("detailed-exitcode") && !plan.isEmpty ? .changes : .done
  }
}
