import CommandLineParsing
import FoundationEssentials

/// `clientsync manual FOLDER`: writes the man pages, for packagers.
enum ManualCommand {
  /// When this version was made; the pages of one version are the same wherever they are written.
  private static let date = "2026-11-24"

  static func run(_ command: ParsedCommand, _ context: Context) throws(CommandFailure) -> ExitCode {
    let folder = command.argument("FOLDER") ?? "."
    for page in ClientsyncCommand.tree.manual(date: date) {
      do {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try Data(page.text.utf8).write(to: URL(filePath: folder + "/" + page.fileName))
      } catch {
        throw CommandFailure(.failed, "\(folder)/\(page.fileName) cannot be written.")
      }
    }
    return .done
  }
}
