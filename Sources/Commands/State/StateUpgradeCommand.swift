import CommandLineParsing
import OpenIDJSON
import State

/// `clientsync state upgrade`: the newest format, the old file as its backup.
enum StateUpgradeCommand {
  static func run(_ command: ParsedCommand, _ context: Context) async throws(CommandFailure) -> ExitCode {
    let folder = StateFolder(command, context)
    var states: [JSONValue] = []
    var lines: [String] = []
    for registry in try folder.registries() {
      let path = folder.keeper(of: registry).description
      let opened = try await folder.opened(registry)
      let finished = try await folder.changing(registry) { (run) async throws(StateError) in
        if opened.isOutdated { await run.rewrite() }
      }
      states.append([
        "registry": .string(registry), "format": .number(JSONNumber(RegistryState.version)),
        "written": .bool(finished.wrote), "serial": .number(JSONNumber(finished.serial)),
      ])
      lines.append(
        finished.wrote
          ? "\(path) is in format \(RegistryState.version) now, and complete (serial \(finished.serial))."
          : "\(path) is in format \(RegistryState.version) already.")
    }
    folder.report(["states": .array(states)], lines.isEmpty ? "No state in \(folder.folder)." : lines.joined(separator: "\n"))
    return .done
  }
}
