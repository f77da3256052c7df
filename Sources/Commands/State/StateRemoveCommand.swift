import CommandLineParsing
import OpenIDJSON
import State

/// `clientsync state rm`: forgets clients. Nothing is said to the provider.
enum StateRemoveCommand {
  static func run(_ command: ParsedCommand, _ context: Context) async throws(CommandFailure) -> ExitCode {
    let folder = StateFolder(command, context)
    let names = command.arguments("CLIENT")
    guard command.has("all") != !names.isEmpty else {
      throw CommandFailure(.usage, "name the clients to forget, or --all for the whole state of a registry, and not both")
    }
    if command.has("all"), command.text("registry") == nil {
      throw CommandFailure(.usage, "--all forgets a whole state: say which with --registry NAME")
    }
    let registry = try folder.registry()
    let opened = try await folder.opened(registry)
    let clients = opened.state?.clients ?? [:]
    for name in names where clients[name] == nil {
      let hint = nearestName(to: name, among: clients.keys.sorted()).map { " Did you mean \($0)?" } ?? ""
      throw CommandFailure(.usage, "the state knows no client \"\(name)\".\(hint)")
    }
    let forgotten = Set(command.has("all") ? Array(clients.keys) : names).sorted()
    let doubtful = forgotten.filter { clients[$0]?.pending != nil }
    if !doubtful.isEmpty, !command.has("force") {
      throw CommandFailure(
        .refused,
        "a call for \(doubtful.joined(separator: ", ")) is in doubt, and what it left at the provider would never be found again. apply settles it where it can; if it is to be forgotten all the same: --force. Nothing was changed."
      )
    }
    for name in forgotten { context.printError(words(name, clients[name]) + "\n") }
    try folder.ask("Forget \(forgotten.count == 1 ? "this client" : "these \(forgotten.count) clients") of \(registry)?")
    let serial =
      command.has("all")
      ? try await removeAll(opened, folder, registry) : try await remove(forgotten, of: clients, folder, registry)
    folder.report(
      [
        "registry": .string(registry), "forgotten": .array(forgotten.map(JSONValue.string)),
        "serial": serial.map { .number(JSONNumber($0)) } ?? .null,
      ],
      "\(forgotten.count) forgotten\(serial.map { " (serial \($0))" } ?? "; the state is kept as \(folder.keeper(of: registry).description).backup")."
    )
    return .done
  }

  private static func words(_ name: String, _ entry: ClientState?) -> String {
    var held: [String] = []
    if let id = entry?.clientID { held.append("client_id \(id)") }
    if entry?.sealed.clientSecret != nil { held.append("its secret") }
    if entry?.sealed.registrationAccessToken != nil {
      held.append("its registration access token, without which it cannot be managed")
    }
    return "\(name): forgets \(held.isEmpty ? "its entry" : held.joined(separator: ", ")); at the provider it stays as it is"
  }

  private static func remove(
    _ names: [String], of listed: [String: ClientState], _ folder: StateFolder, _ registry: String
  ) async throws(CommandFailure) -> Int? {
    try await folder.changing(registry) { (run) async throws(StateError) in
      let clients = await run.state.clients
      let changed = names.filter { clients[$0] != listed[$0] }
      guard changed.isEmpty else { throw Self.changed(changed.joined(separator: ", ")) }
      for name in names { try await run.recordOutcome(nil, for: name) }
    }.serial
  }

  private static func changed(_ what: String) -> StateError {
    StateError(
      .changedMeanwhile,
      "another run changed \(what) since this was listed. Nothing was changed. Look at it, and run this again.")
  }

  private static func removeAll(
    _ listed: OpenedState, _ folder: StateFolder, _ registry: String
  ) async throws(CommandFailure) -> Int? {
    let keeper = folder.keeper(of: registry)
    let identities = try folder.identities(for: registry, allowsExec: folder.command.has("allow-exec"))
    let owner = folder.owner
    do throws(StateError) {
      try await keeper.lock(owner, timeout: folder.command.duration("lock-timeout") ?? .zero)
      do throws(StateError) {
        let now = try await OpenedState.read(from: keeper, registry: registry, identities: identities, allowsClear: true)
        guard now.isSame(as: listed) else { throw changed(keeper.description) }
        try await keeper.removeState()
      } catch {
        try? await keeper.unlock(owner)
        throw error
      }
      try await keeper.unlock(owner)
    } catch {
      throw CommandFailure(error)
    }
    return nil
  }
}
