import CommandLineParsing
import FoundationEssentials
import Manifests
import OpenIDRegistration
import Sealing

/// `clientsync init`: a small repository that validates and explains itself. What is there stays as it is.
enum InitCommand {
  static func run(_ command: ParsedCommand, _ context: Context) throws(CommandFailure) -> ExitCode {
    let folder = command.argument("FOLDER") ?? "."
    var url: HTTPURL?
    if let text = command.text("registry") {
      do throws(HTTPURL.Mistake) { url = try HTTPURL(text) } catch {
        throw CommandFailure(
          .usage, "\(text) \(error.words); --registry takes the provider's issuer, like https://auth.example.com/")
      }
      if let url, !url.isSecure, !url.isLoopback {
        throw CommandFailure(.usage, "\(text) would carry credentials in clear; name an https: issuer.")
      }
    }
    var recipients: [String] = []
    do throws(AgeError) {
      recipients = try AgeIdentities.find(environment: context.environment).identities.map(\.recipient.text)
    } catch {
      context.printError("note: \(error.description); the files name no recipient.\n")
    }
    let scaffold = Scaffold(issuer: command.text("registry"), host: url?.host, recipients: recipients)
    var kept: [String] = []
    for (name, text) in scaffold.files {
      let path = folder == "." ? name : (folder.hasSuffix("/") ? folder : folder + "/") + name
      if let slash = path.lastIndex(of: "/"), slash != path.startIndex {
        do {
          try FileManager.default.createDirectory(atPath: String(path[..<slash]), withIntermediateDirectories: true)
        } catch {
          throw CommandFailure(.failed, "the folder \(path[..<slash]) cannot be made.")
        }
      }
      do throws(ManifestWriter.Mistake) {
        if try ManifestWriter.create(path, text) { context.print("\(path)\n") } else { kept.append(path) }
      } catch {
        throw CommandFailure(.failed, "\(path) \(error.words)")
      }
    }
    if !kept.isEmpty { context.printError("Left as they are: \(kept.joined(separator: ", ")).\n") }
    context.printError(scaffold.next)
    return .done
  }
}
