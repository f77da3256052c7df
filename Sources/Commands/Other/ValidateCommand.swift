import CommandLineParsing
import Manifests
import OpenIDJSON
import Rendering

/// `clientsync validate`: parses and lints; asks nobody.
enum ValidateCommand {
  static func run(_ command: ParsedCommand, _ context: Context) -> ExitCode {
    let options = RunOptions(manifestsOf: command, context)
    let manifests = Workspace.manifests(options, context)
    context.print(DiagnosticOutput.formatted(manifests, options))
    switch manifests.failure {
    case .unreadable: return .failed
    case .invalid: return .invalidManifests
    case nil: return .done
    }
  }
}
