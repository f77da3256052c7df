import Applying
import CommandLineParsing
import EmbeddedProvider
import FoundationEssentials
import OpenIDJSON
import OpenIDRegistration
import OpenIDRegistrationCurl

/// `clientsync provider`: the embedded provider on its own, until SIGTERM or Ctrl-C.
enum ProviderCommand {
  static func run(_ command: ParsedCommand, _ context: Context) async throws(CommandFailure) -> ExitCode {
    let configuration = try configuration(command, context)
    let provider: EmbeddedProvider
    do throws(EmbeddedProviderError) { provider = try EmbeddedProvider.start(configuration) } catch {
      let isNameless = error.code == .invalidPublicURL && !command.has("public-url")
      throw CommandFailure(
        .failed, "\(error)" + (isNameless ? " It is named with --public-url URL, such as http://192.0.2.7:4444." : ""))
    }
    context.printError(greeting(configuration, isOnLoopback: provider.isOnLoopback))
    var ready: JSONObject = ["public": .string(provider.publicAddress)]
    ready["admin"] = provider.adminAddress.map(JSONValue.string)
    context.print(ready.text() + "\n")
    while await context.stop.sleep(for: .seconds(3600)) {}
    provider.stop()
    return .done
  }

  private static func configuration(
    _ command: ParsedCommand, _ context: Context
  ) throws(CommandFailure) -> EmbeddedProvider.Configuration {
    var configuration = EmbeddedProvider.Configuration(
      publicPort: command.integer("port") ?? 4444, adminPort: command.integer("admin-port") ?? 4445,
      host: command.text("listen") ?? "127.0.0.1", publicURL: command.text("public-url"))
    if let path = command.text("data"), path != ":memory:" { configuration.data = .file(path) }
    for (key, text) in command.pairs("setting") {
      do throws(JSONParsingError) { configuration.settings[key] = try JSONValue(parsing: text) } catch {
        throw CommandFailure(
          .usage, "--setting \(key): the value is no JSON: \(error). A text wants its quotes: \(key)='\"...\"'")
      }
    }
    if let profile = command.text("profile").flatMap(Profile.named) { configuration.profile = profile }
    configuration.allowsFaults = command.has("faults")
    if let path = command.text("fault-plan") { configuration.faultPlan = try faultPlan(at: path, context) }
    // For what clients name: their keys, sector identifiers, and where they hear of a logout.
    configuration.transport = CurlTransport(CurlTransport.Configuration())
    if command.has("verbose") { configuration.log = { [printError = context.printError] in printError($0 + "\n") } }
    return configuration
  }

  private static func faultPlan(at path: String, _ context: Context) throws(CommandFailure) -> [Fault] {
    let bytes =
      path == "-"
      ? try InputFile.standardInput(context, for: "--fault-plan") : try InputFile.read(path, for: "--fault-plan: ")
    do throws(FaultPlanError) { return try Fault.plan(parsing: bytes) } catch {
      throw CommandFailure(.usage, "--fault-plan \(path): \(error)")
    }
  }

  /// What whoever starts it has to know.
  private static func greeting(_ configuration: EmbeddedProvider.Configuration, isOnLoopback: Bool) -> String {
    var lines = [
      "For development and tests: anybody may register clients, and whoever asks is signed in as whoever they name. "
        + "It ends on SIGTERM."
    ]
    if configuration.data == .memory { lines.append("Its data are in memory and end with it; --data PATH keeps them.") }
    if !isOnLoopback {
      lines.append(
        "warning: it listens on \(configuration.host): other machines can register, change and delete clients too, and nothing "
          + "is encrypted.")
    }
    if configuration.allowsFaults { lines.append("/faults on the admin port is open: whoever reaches it can make calls fail.") }
    return lines.joined(separator: "\n") + "\n"
  }
}
