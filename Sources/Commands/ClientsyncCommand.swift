import CBuildInformation
import CommandLineParsing
import FoundationEssentials
import Glibc
import OpenIDJSON

/// The command line of clientsync: parses, runs, and returns the exit status.
package enum ClientsyncCommand {
  package static let version = "0.1.0"

  /// Name, version and the commit that this was built from.
  package static var versionLine: String { "clientsync \(version) (\(unsafe String(cString: clientsync_build_commit())))\n" }

  /// Runs the command line in that context.
  package static func run(_ arguments: [String], _ context: Context) async -> Int32 {
    let request: CommandLineRequest
    do throws(UsageError) { request = try tree.parse(arguments) } catch {
      context.printError("\(error)\n")
      return ExitCode.usage.rawValue
    }
    switch request {
    case .version:
      context.print(versionLine)
      return ExitCode.done.rawValue
    case .help(let path):
      context.print(tree.help(for: path))
      return ExitCode.done.rawValue
    case .run(let command):
      do throws(CommandFailure) {
        return checkOutput(try await run(command, context), command, context).rawValue
      } catch {
        if command.path.first == "state", command.text("format") == "json" {
          let object: JSONObject = ["format_version": 1, "error": .string(error.message)]
          context.print(object.text(.pretty) + "\n")
        }
        context.printError("\(command.title): \(error.message)\n")
        return error.code.rawValue
      }
    }
  }

  /// A result that nobody got is no success; one that may hold credentials which are shown once is a loss to be told.
  private static func checkOutput(_ code: ExitCode, _ command: ParsedCommand, _ context: Context) -> ExitCode {
    guard [.done, .changes].contains(code), let number = context.lostOutput() else { return code }
    let words = unsafe String(cString: strerror(number))
    let loss: String? =
      switch command.path {
      case ["oidc", "register"] where !command.has("out"): "What it showed once is lost; with --out it goes to a file."
      case ["oidc", "set"] where !command.has("client"): "What it showed once is lost; with --client it goes to a file."
      case ["oidc", "get"] where !command.has("client"):
        "Where a read hands out a new token, that is lost; with --client it goes to a file."
      case ["oidc", "credential"]: "The credential is lost: ask for it again, with --key and the same key."
      default: nil
      }
    if let loss {
      context.printError(
        "\(command.title): done, and its answer could not be written: standard output: \(words). \(loss)\n")
      return .partlyApplied
    }
    // Whoever closes a pipe has read enough.
    if number == EPIPE { return code }
    context.printError("\(command.title): the result could not be written: standard output: \(words).\n")
    return .failed
  }

  private static func run(_ command: ParsedCommand, _ context: Context) async throws(CommandFailure) -> ExitCode {
    switch command.path {
    case ["validate"]: return await ValidateCommand.run(command, context)
    case ["plan"]: return try await PlanCommand.run(command, context)
    case ["apply"]: return try await ApplyCommand.run(command, context)
    case ["drift"]: return try await DriftCommand.run(command, context)
    case ["keys", "new"]: return try KeysNewCommand.run(command, context)
    case ["keys", "show"]: return try KeysShowCommand.run(command, context)
    case let path where path.first == "state": return try await runState(command, context)
    case ["init"]: return try InitCommand.run(command, context)
    case ["fmt"]: return try FmtCommand.run(command, context)
    case ["schema"]: return SchemaCommand.run(command, context)
    case ["explain"]: return try ExplainCommand.run(command, context)
    case let path where path.first == "oidc": return try await runOIDC(command, context)
    case ["provider"]: return try await ProviderCommand.run(command, context)
    case ["completions"]: return CompletionsCommand.run(command, context)
    case ["manual"]: return try ManualCommand.run(command, context)
    default: throw CommandFailure(.usage, "a command is missing; clientsync --help lists them")
    }
  }

  private static func runState(_ command: ParsedCommand, _ context: Context) async throws(CommandFailure) -> ExitCode {
    if let state = command.text("state") { try StatePlace.check(state) }
    switch command.path.last {
    case "list": return try await StateListCommand.run(command, context)
    case "show": return try await StateShowCommand.run(command, context)
    case "verify": return try await StateVerifyCommand.run(command, context)
    case "pull": return try await StatePullCommand.run(command, context)
    case "mv": return try await StateMoveCommand.run(command, context)
    case "rm": return try await StateRemoveCommand.run(command, context)
    case "push": return try await StatePushCommand.run(command, context)
    case "rekey": return try await StateRekeyCommand.run(command, context)
    case "upgrade": return try await StateUpgradeCommand.run(command, context)
    case "rebuild": return try await StateRebuildCommand.run(command, context)
    case "unlock": return try await StateUnlockCommand.run(command, context)
    default: throw CommandFailure(.usage, "a command is missing; clientsync state --help lists them")
    }
  }

  private static func runOIDC(_ command: ParsedCommand, _ context: Context) async throws(CommandFailure) -> ExitCode {
    try OIDCExchange.checkStandardInput(command)
    switch command.path.last {
    case "discover": return try await OIDCDiscoverCommand.run(command, context)
    case "register": return try await OIDCRegisterCommand.run(command, context)
    case "get": return try await OIDCGetCommand.run(command, context)
    case "set": return try await OIDCSetCommand.run(command, context)
    case "userinfo": return try await OIDCUserInfoCommand.run(command, context)
    case "credential": return try await OIDCCredentialCommand.run(command, context)
    case "logout": return try await OIDCLogoutCommand.run(command, context)
    case "delete": return try await OIDCDeleteCommand.run(command, context)
    default: throw CommandFailure(.usage, "a command is missing; clientsync oidc --help lists them")
    }
  }
}
