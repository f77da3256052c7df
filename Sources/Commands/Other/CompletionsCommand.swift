import CommandLineParsing

/// `clientsync completions SHELL`: prints the script that completes this very command line.
enum CompletionsCommand {
  static func run(_ command: ParsedCommand, _ context: Context) -> ExitCode {
    guard let shell = command.argument("SHELL").flatMap(Shell.init) else { return .usage }
    context.print(ClientsyncCommand.tree.completionScript(for: shell))
    return .done
  }
}
