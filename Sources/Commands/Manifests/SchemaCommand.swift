import CommandLineParsing
import Manifests
import OpenIDJSON

/// `clientsync schema`: the JSON Schema that editors complete and check by.
enum SchemaCommand {
  static func run(_ command: ParsedCommand, _ context: Context) -> ExitCode {
    let kind = command.text("kind").flatMap(ManifestSchema.Kind.init) ?? .manifests
    context.print(ManifestSchema.schema(kind).text(.pretty) + "\n")
    return .done
  }
}
