import CommandLineParsing
import OpenIDJSON
import Sealing

/// `clientsync keys show`: the recipients of the identities at hand, never the identities.
enum KeysShowCommand {
  static func run(_ command: ParsedCommand, _ context: Context) throws(CommandFailure) -> ExitCode {
    let found: AgeIdentities
    do throws(AgeError) {
      found =
        if let path = command.text("file") { try AgeIdentities.read(path, isRequired: true) } else {
          try AgeIdentities.find(environment: context.environment)
        }
    } catch {
      throw CommandFailure(.failed, error.description)
    }
    let recipients = found.identities.map(\.recipient.text)
    if command.text("format") == "json" {
      let object: JSONObject = ["format_version": 1, "recipients": .array(recipients.map(JSONValue.string))]
      context.print(object.text(.pretty) + "\n")
    } else {
      for recipient in recipients { context.print(recipient + "\n") }
    }
    guard recipients.isEmpty else { return .done }
    throw CommandFailure(
      .failed, "no age identity was found (looked in \(found.sources.joined(separator: ", "))). clientsync keys new makes one.")
  }
}
