import CommandLineParsing
import FoundationEssentials
import OpenIDJSON
import Sealing
import State

/// `clientsync state show`: a client or the whole state, secrets hidden.
enum StateShowCommand {
  static func run(_ command: ParsedCommand, _ context: Context) async throws(CommandFailure) -> ExitCode {
    let folder = StateFolder(command, context)
    if let file = command.text("file") { return try show(file: file, folder) }
    if let name = command.argument("CLIENT") { return try await show(client: name, folder) }
    var blocks: [(object: JSONObject, text: String)] = []
    for registry in try folder.registries() {
      let opened = try await folder.opened(registry)
      guard let state = opened.state else { continue }
      let object = StateView.object(state, isClear: opened.seal?.isClear == true)
      let path = folder.keeper(of: registry).description
      blocks.append((object, "# \(StateListCommand.heading(state, opened, path))\n" + StateView.text(object)))
    }
    folder.report(
      ["states": .array(blocks.map { .object($0.object) })], blocks.map(\.text).joined(separator: "\n").trimmedEnd)
    return .done
  }

  private static func show(client name: String, _ folder: StateFolder) async throws(CommandFailure) -> ExitCode {
    var known: [String] = []
    for registry in try folder.registries() {
      let opened = try await folder.opened(registry)
      known += (opened.state?.clients ?? [:]).keys
      guard let entry = opened.state?.clients[name] else { continue }
      let object = StateView.client(entry.json, isClear: opened.seal?.isClear == true)
      folder.report(
        ["registry": .string(registry), "name": .string(name), "client": .object(object)],
        StateView.clientText(object).trimmedEnd)
      if !opened.isVerified, !folder.wantsJSON {
        folder.context.printError("note: no identity at hand opens the state, so its MAC could not be checked.\n")
      }
      return .done
    }
    let hint = nearestName(to: name, among: known.sorted()).map { " Did you mean \($0)?" } ?? ""
    throw CommandFailure(.usage, "the state knows no client \"\(name)\".\(hint)")
  }

  /// What git calls for a diff: it must print something for whatever version of the file there was.
  private static func show(file: String, _ folder: StateFolder) throws(CommandFailure) -> ExitCode {
    guard let data = FileManager.default.contents(atPath: file) else {
      throw CommandFailure(.failed, "\(file) cannot be read")
    }
    do throws(StateError) {
      let (state, holders) = try StateDocument.read(Array(data), at: file)
      let object = StateView.object(state, isClear: holders.isEmpty)
      folder.report(
        ["states": [.object(object)]],
        ("sealed for  \(holders.isEmpty ? "nobody: it stands in clear" : holders.joined(separator: ", "))\n"
          + StateView.text(object)).trimmedEnd)
    } catch {
      folder.report(["states": [], "error": .string(error.description)], error.description)
    }
    return .done
  }
}

extension String {
  var trimmedEnd: String {
    var text = self
    while text.last == "\n" { text.removeLast() }
    return text
  }
}
