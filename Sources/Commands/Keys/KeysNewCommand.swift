import CommandLineParsing
import FoundationEssentials
import Sealing

/// `clientsync keys new`: an age identity in a file of its owner's alone; prints the recipient.
enum KeysNewCommand {
  static func run(_ command: ParsedCommand, _ context: Context) throws(CommandFailure) -> ExitCode {
    let path = try KeyFilePath.of(command, context)
    if let slash = path.lastIndex(of: "/"), slash != path.startIndex {
      try? FileManager.default.createDirectory(
        atPath: String(path[..<slash]), withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    }
    do throws(AgeError) {
      let identity = try AgeKeyFile.create(at: path, created: context.now())
      context.print(identity.recipient.text + "\n")
    } catch {
      throw CommandFailure(.failed, error.description)
    }
    context.printError(
      "The identity is in \(path), for its owner alone; what was printed is its recipient, to be named in manifests.\n")
    return .done
  }
}

/// Where a key file is, if nobody says otherwise: where SOPS looks.
enum KeyFilePath {
  static func of(_ command: ParsedCommand, _ context: Context) throws(CommandFailure) -> String {
    if let path = command.text("out") { return path }
    if let file = context.environment["SOPS_AGE_KEY_FILE"], !file.isEmpty { return file }
    if let folder = context.environment["XDG_CONFIG_HOME"], !folder.isEmpty { return folder + "/sops/age/keys.txt" }
    if let home = context.environment["HOME"], !home.isEmpty { return home + "/.config/sops/age/keys.txt" }
    throw CommandFailure(.usage, "there is no HOME to put the key file in; name one with --out FILE")
  }
}
