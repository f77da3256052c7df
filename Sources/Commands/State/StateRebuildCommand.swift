import Applying
import CommandLineParsing
import Manifests
import OpenIDJSON
import OpenIDRegistration
import State

/// `clientsync state rebuild --from-admin`: finds clients again by the marker that their creates carried.
enum StateRebuildCommand {
  static func run(_ command: ParsedCommand, _ context: Context) async throws(CommandFailure) -> ExitCode {
    let folder = StateFolder(command, context)
    guard command.has("from-admin") else {
      throw CommandFailure(.usage, "say what to rebuild from: --from-admin asks the registry's admin API")
    }
    guard let registry = command.text("registry") else {
      throw CommandFailure(.usage, "say which registry: --registry NAME")
    }
    let run = try await StateRegistry.open(registry, folder)
    defer { run.close() }
    let session = try await run.connect(forWriting: false)
    guard let admin = session.admin else {
      throw CommandFailure(.failed, "\(registry) has no admin API to ask: name it in spec.admin.endpoint")
    }
    let live: [ClientInformation]
    do throws(RegistrationError) { live = try await admin.list() } catch {
      throw CommandFailure(.failed, "\(registry): the admin API cannot be asked: \(error.explanation)")
    }
    let member = session.profile.createMarker ?? "owner"
    let marked = live.compactMap { client in
      client.metadata.members[member]?.string.flatMap(Marker.init(parsing:)).map { (marker: $0, client: client) }
    }
    let lineages = Set(marked.map(\.marker.lineage)).sorted()
    guard let lineage = run.opened.state?.lineage ?? command.text("lineage") ?? (lineages.count == 1 ? lineages[0] : nil) else {
      throw CommandFailure(
        lineages.isEmpty ? .failed : .usage,
        lineages.isEmpty
          ? "none of \(live.count) clients at \(registry) carries a marker of clientsync's. Nothing was changed."
          : "clients at \(registry) carry markers of several states: say which with --lineage LINEAGE\n"
            + lineages.map { described($0, marked.map(\.marker)) }.joined(separator: "\n")
      )
    }
    let known = run.opened.state?.clients ?? [:]
    let groups = Dictionary(grouping: marked.filter { $0.marker.lineage == lineage && known[$0.marker.name]?.clientID == nil })
    { $0.marker.name }
    let found = groups.filter { $0.value.count == 1 }.keys.sorted()
    let several = groups.filter { $0.value.count > 1 }.keys.sorted()
    for name in several {
      let ids = groups[name, default: []].map(\.client.clientID).sorted().joined(separator: ", ")
      context.printError(
        "\(name): several clients carry its marker (\(ids)); none is taken over. Delete those that are not used, and run this again.\n"
      )
    }
    guard !found.isEmpty else {
      if run.opened.state != nil, run.opened.seal == nil {
        throw CommandFailure(
          .failed,
          "\(run.keeper.description) knows these clients, and no identity at hand opens it, so their secrets and tokens are not to be had. Where the identity is lost for good, move the file away, keep it, and run this again."
        )
      }
      folder.report(
        ["registry": .string(registry), "found": [], "several": .array(several.map(JSONValue.string))],
        "Nothing to map back: the state knows every client at \(registry) that carries its marker.")
      return several.isEmpty ? .done : .inDoubt
    }
    context.printError(
      "found again: \(found.joined(separator: ", ")). Their secrets and registration access tokens do not come back.\n")
    try folder.ask("Take \(found.count) client\(found.count == 1 ? "" : "s") into \(run.keeper.description)?")
    let new = run.opened.state == nil ? NewState(binding: run.binding, encryption: try run.encryption(), lineage: lineage) : nil
    let serial = try await write(
      found.compactMap { name in groups[name]?.first.map { (name, $0.client) } }, folder, run, session, new)
    folder.report(
      [
        "registry": .string(registry), "lineage": .string(lineage), "serial": .number(JSONNumber(serial)),
        "found": .array(found.map(JSONValue.string)), "several": .array(several.map(JSONValue.string)),
      ], "\(found.count) mapped back into \(run.keeper.description) (serial \(serial)).")
    return several.isEmpty ? .done : .inDoubt
  }

  /// A lineage with the names that its markers carry, for whoever has to tell the states apart.
  private static func described(_ lineage: String, _ markers: [Marker]) -> String {
    let names = Set(markers.filter { $0.lineage == lineage }.map(\.name)).sorted()
    let more = names.count > 5 ? ", and \(names.count - 5) more" : ""
    return "  \(lineage)  \(names.prefix(5).joined(separator: ", "))\(more)"
  }

  private static func write(
    _ found: [(name: String, client: ClientInformation)], _ folder: StateFolder, _ run: RegistryRun,
    _ session: RegistrySession, _ new: NewState?
  ) async throws(CommandFailure) -> Int {
    let writing = try await folder.begin(run.registry.name, new: new)
    do throws(StateError) {
      for (name, client) in found {
        let observed = session.profile.canonical(client.metadata.members)
        let declared = run.clients.first { $0.name == name }
        // What was applied is not known any more: of what is declared, as much as is there.
        let applied = declared.map { declared in observed.filter { declared.metadata[$0.name] != nil } } ?? observed
        var entry = ClientState(clientID: client.clientID, applied: applied)
        entry.registrationClientURI =
          client.registrationClientURI ?? session.endpoints.registrationEndpoint + "/" + client.clientID
        entry.managedBy = "admin"
        entry.generation = 1
        entry.observed = observed
        entry.deletion = declared?.deletion.rawValue ?? "retain"
        entry.labels = declared?.labels ?? [:]
        entry.source = declared?.source
        try await writing.recordOutcome(entry, for: name)
      }
      return try await writing.finish().serial
    } catch {
      throw CommandFailure(error)
    }
  }
}
