import Applying
import CommandLineParsing
import EmbeddedProvider
import OpenIDJSON
import OpenIDRegistrationCurl

/// `clientsync provider`: the embedded provider on its own, until SIGTERM or Ctrl-C.
enum ProviderCommand {
  static func run(_ command: ParsedCommand, _ context: Context) async throws(CommandFailure) -> ExitCode {
    var settings: [String: JSONValue] = [:]
    for (key, text) in command.pairs("setting") {
      do throws(JSONParsingError) { settings[key] = try JSONValue(parsing: text) } catch {
        throw CommandFailure(
          .usage, "--setting \(key): the value is no JSON: \(error). A text wants its quotes: \(key)='\"...\"'")
      }
    }
    let path = command.text("data") ?? ":memory:"
    var configuration = EmbeddedProvider.Configuration(
      data: path == ":memory:" ? .memory : .file(path), publicURL: command.text("public-url"))
    configuration.publicPort = command.integer("port") ?? 4444
    configuration.adminPort = command.integer("admin-port") ?? 4445
    configuration.settings = settings
    configuration.allowsFaults = command.has("faults")
    // For what clients name: their keys, sector identifiers, and where they hear of a logout.
    configuration.transport = CurlTransport(CurlTransport.Configuration())
    let provider: EmbeddedProvider
    do throws(EmbeddedProviderError) { provider = try EmbeddedProvider.start(configuration) } catch {
      throw CommandFailure(.failed, "\(error)")
    }
    context.printError(
      "For development and tests: anybody may register clients, and whoever asks is signed in as whoever they name. "
        + "It listens on loopback and ends on SIGTERM.\n")
    var ready: JSONObject = ["public": .string("http://127.0.0.1:\(provider.publicPort)")]
    if let port = provider.adminPort { ready["admin"] = .string("http://127.0.0.1:\(port)") }
    context.print(ready.text() + "\n")
    while await context.stop.sleep(for: .seconds(3600)) {}
    provider.stop()
    return .done
  }
}
