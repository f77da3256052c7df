import CommandLineParsing
import OpenIDJSON
import State

/// `clientsync state list`: the clients that the states know.
enum StateListCommand {
  static func run(_ command: ParsedCommand, _ context: Context) async throws(CommandFailure) -> ExitCode {
    let folder = StateFolder(command, context)
    var states: [JSONValue] = []
    var blocks: [String] = []
    for registry in try folder.registries() {
      let opened = try await folder.opened(registry)
      let keeper = folder.keeper(of: registry)
      guard let state = opened.state else { continue }
      let clients = state.clients.sorted { $0.key < $1.key }
      states.append(object(state, opened, keeper.description, clients))
      var lines = [heading(state, opened, keeper.description)]
      let width = clients.map(\.key.count).max() ?? 0
      for (name, entry) in clients {
        let status = entry.status == .ok ? "" : "  \(entry.status.rawValue)"
        lines.append(
          "    \(name.padded(to: width))  \(entry.clientID ?? "(no client_id yet)")\(status)\(entry.source.map { "  \($0)" } ?? "")"
        )
      }
      blocks.append(lines.joined(separator: "\n"))
    }
    folder.report(
      ["states": .array(states)], blocks.isEmpty ? "No state in \(folder.folder)." : blocks.joined(separator: "\n\n"))
    return .done
  }

  static func heading(_ state: RegistryState, _ opened: OpenedState, _ path: String) -> String {
    let count = state.clients.count
    var text = "\(state.registry)  \(path)  serial \(state.serial), \(count) client\(count == 1 ? "" : "s")"
    if opened.foldedRecords > 0 { text += ", \(opened.foldedRecords) records of a run that was killed included" }
    if !opened.isVerified {
      text +=
        "\n    sealed for \(opened.holders.joined(separator: ", ")); no identity at hand opens it, so its MAC could not be checked"
    }
    return text
  }

  private static func object(
    _ state: RegistryState, _ opened: OpenedState, _ path: String, _ clients: [(key: String, value: ClientState)]
  ) -> JSONValue {
    [
      "registry": .string(state.registry), "path": .string(path), "lineage": .string(state.lineage),
      "serial": .number(JSONNumber(state.serial)), "recipients": .array(opened.holders.map(JSONValue.string)),
      "encryption": opened.seal?.isClear == true ? "none" : "age", "verified": .bool(opened.isVerified),
      "journal_records": .number(JSONNumber(opened.foldedRecords)),
      "clients": .array(
        clients.map { name, entry in
          [
            "name": .string(name), "client_id": entry.clientID.map(JSONValue.string) ?? .null,
            "status": .string(entry.status.rawValue), "generation": .number(JSONNumber(entry.generation)),
            "applied_at": entry.appliedAt.map(JSONValue.string) ?? .null,
            "source": entry.source.map(JSONValue.string) ?? .null,
          ]
        }),
    ]
  }
}

extension String {
  fileprivate func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}
