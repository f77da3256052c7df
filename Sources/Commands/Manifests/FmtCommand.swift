import CommandLineParsing
import Diagnostics
import Manifests

/// `clientsync fmt`: puts manifests into canonical order, and leaves comments where they belong.
enum FmtCommand {
  static func run(_ command: ParsedCommand, _ context: Context) throws(CommandFailure) -> ExitCode {
    let (paths, configuration) = RunOptions.manifests(command, context)
    let loaded = ManifestLoader.load(paths, standardInput: context.standardInput)
    for diagnostic in configuration.diagnostics + loaded.diagnostics { context.printError(diagnostic.text() + "\n") }
    var isInvalid = false
    var changes = 0
    for source in loaded.sources {
      let isStream = source.file == "-"
      switch ManifestFormatter.format(source) {
      case .unchanged:
        if isStream { context.print(String(decoding: source.bytes, as: UTF8.self)) }
      case .changed(let bytes):
        changes += 1
        if command.has("check") {
          context.print("\(source.file)\n")
        } else if isStream {
          context.print(String(decoding: bytes, as: UTF8.self))
        } else {
          do throws(ManifestWriter.Mistake) { try ManifestWriter.replace(source.file, with: bytes) } catch {
            throw CommandFailure(.failed, "\(source.file) \(error.words)")
          }
          context.print("\(source.file)\n")
        }
      case .leftAlone(let reason):
        if isStream, !command.has("check") { context.print(String(decoding: source.bytes, as: UTF8.self)) }
        context.printError("\(source.file) \(reason), so it is left as it is.\n")
      case .invalid(let diagnostics):
        isInvalid = true
        for diagnostic in diagnostics { context.printError(diagnostic.text() + "\n") }
      }
    }
    if loaded.diagnostics.hasErrors { return .failed }
    if isInvalid { return .invalidManifests }
    return command.has("check") && changes > 0 ? .changes : .done
  }
}
