import CommandLineParsing
import Manifests
import Planning
import Rendering

/// The options that plan, apply, drift and validate share, read from the command line.
struct RunOptions: Sendable {
  var paths: [String]
  var configuration: Configuration
  var stateFolder = "state"
  var registries: [String]
  /// What the origins in a stream count from.
  var originFolder: String
  var targets: [String] = []
  var selectors: [(key: String, value: String)] = []
  var parallelism: Int?
  var refresh: RefreshMode?
  var format = PlanFormat.text
  var allowsExec = false
  var allowsEmpty = false
  var acceptsRegistryChange = false
  var maxCreates: Int?
  var maxDeletes: Int?
  var lockTimeout = Duration.zero
  var quiet: Bool
  var style: TextStyle

  /// Of commands that plan nothing.
  init(paths named: [String], stateFolder: String, _ context: Context) {
    configuration = ConfigurationLoader.load(
      named: nil, besides: named.isEmpty ? ["clients/"] : named, environment: context.environment)
    paths = !named.isEmpty ? named : !configuration.filenames.isEmpty ? configuration.filenames : ["clients/"]
    self.stateFolder = stateFolder
    registries = []
    originFolder = ""
    quiet = false
    style = TextStyle(usesColour: false)
  }

  /// What every command that reads manifests has.
  init(manifestsOf command: ParsedCommand, _ context: Context) {
    (paths, configuration) = RunOptions.manifests(command, context)
    registries = command.texts("registry")
    originFolder = command.text("kustomization") ?? ""
    quiet = command.has("quiet")
    let wantsColour = !command.has("no-color") && (context.environment["NO_COLOR"] ?? "").isEmpty
    style = TextStyle(usesColour: wantsColour && context.outputIsTerminal)
  }

  /// Where the manifests are, and what `clientsync.yaml` says.
  static func manifests(_ command: ParsedCommand, _ context: Context) -> (paths: [String], Configuration) {
    let named = command.texts("filename")
    let configuration = ConfigurationLoader.load(
      named: command.text("config"), besides: named.isEmpty ? ["clients/"] : named, environment: context.environment)
    let paths = !named.isEmpty ? named : !configuration.filenames.isEmpty ? configuration.filenames : ["clients/"]
    return (paths, configuration)
  }

  /// What plan, apply and drift have besides.
  init(_ command: ParsedCommand, _ context: Context) {
    self.init(manifestsOf: command, context)
    format = command.choice("format") ?? .text
    stateFolder = command.text("state") ?? configuration.state ?? stateFolder
    targets = command.texts("target")
    selectors = command.pairs("selector")
    parallelism = command.integer("parallelism")
    refresh = command.choice("refresh")
    allowsExec = command.has("allow-exec")
    allowsEmpty = command.has("allow-empty")
    acceptsRegistryChange = command.has("accept-registry-change")
    maxCreates = command.integer("max-creates")
    maxDeletes = command.integer("max-deletes")
    lockTimeout = command.duration("lock-timeout") ?? .zero
  }

  /// Whether a client is among those that the run is about.
  func selects(_ client: String, _ labels: [String: String]) -> Bool {
    (targets.isEmpty || targets.contains(client)) && selectors.allSatisfy { labels[$0.key] == $0.value }
  }

  var plannerOptions: Planner.Options {
    var options = Planner.Options()
    options.allowsEmptySet = allowsEmpty
    options.maxCreates = maxCreates
    options.maxDeletes = maxDeletes
    options.isSelected = { [self] in selects($0, $1) }
    return options
  }
}
