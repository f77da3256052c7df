import CommandLineParsing
import Manifests
import OpenIDJSON
import Rendering

/// `clientsync explain MEMBER`: what may stand in a manifest, as `kubectl explain` tells it.
enum ExplainCommand {
  static func run(_ command: ParsedCommand, _ context: Context) throws(CommandFailure) -> ExitCode {
    let format = command.text("format") ?? "text"
    guard let path = command.argument("MEMBER") else {
      if format == "markdown" {
        context.print(ReferencePage.text())
      } else {
        for kind in Explanation.kinds { context.print("\(kind.name)  \(kind.summary).\n") }
        context.print("\nclientsync explain Client.spec.client lists the members of client metadata.\n")
      }
      return .done
    }
    let found: Explanation
    do throws(Explanation.Mistake) { found = try Explanation.find(path) } catch {
      throw CommandFailure(.usage, error.message)
    }
    switch format {
    case "json": context.print(ExplanationText.json(found).text(.pretty) + "\n")
    case "markdown": throw CommandFailure(.usage, "--format markdown prints the whole reference, and takes no member")
    default: context.print(ExplanationText.text(found, isRecursive: command.has("recursive")))
    }
    return .done
  }
}
