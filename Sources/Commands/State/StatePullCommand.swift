import CommandLineParsing
import State

/// `clientsync state pull`: the state's file as it is, sealed.
enum StatePullCommand {
  static func run(_ command: ParsedCommand, _ context: Context) async throws(CommandFailure) -> ExitCode {
    let folder = StateFolder(command, context)
    let keeper = folder.keeper(of: try folder.registry())
    let kept: KeptState
    do throws(StateError) { kept = try await keeper.read() } catch { throw CommandFailure(error) }
    guard let state = kept.state else {
      throw CommandFailure(
        .failed, "\(keeper.description) is not there: a first run was killed before it wrote it; apply does.")
    }
    if kept.journal != nil {
      context.printError(
        "note: a run that was killed left a journal, and what it holds is not in this file; apply folds it in.\n")
    }
    context.print(String(decoding: state, as: UTF8.self))
    return .done
  }
}
