import CommandLineParsing
import OpenIDJSON
import State

/// `clientsync state verify`: everything that can be checked without the provider.
enum StateVerifyCommand {
  static func run(_ command: ParsedCommand, _ context: Context) async throws(CommandFailure) -> ExitCode {
    let folder = StateFolder(command, context)
    var codes: [ExitCode] = [.done]
    var lines: [String] = []
    var states: [JSONValue] = []
    for registry in try folder.registries() {
      let keeper = folder.keeper(of: registry)
      let path = keeper.description
      var words: String
      var code = ExitCode.done
      var left = FolderKeeper.Clear()
      do throws(CommandFailure) {
        let opened = try await folder.opened(registry)
        (words, code) = verdict(opened, path)
        if let state = opened.state, opened.document != nil { left = await keeper.filesInClear(besideSealed: state.lineage) }
      } catch {
        (words, code) = (error.message, error.code)
        left = await keeper.filesInClear()
      }
      ClearState.warn(left, path, context)
      codes.append(code)
      lines.append(words)
      states.append([
        "registry": .string(registry), "path": .string(path), "ok": .bool(code == .done), "message": .string(words),
        "left_in_clear": .array(left.all.map(JSONValue.string)),
      ])
    }
    folder.report(["states": .array(states)], lines.isEmpty ? "No state in \(folder.folder)." : lines.joined(separator: "\n"))
    return ExitCode.worst(codes)
  }

  private static func verdict(_ opened: OpenedState, _ path: String) -> (String, ExitCode) {
    guard let state = opened.state else { return ("\(path): not there; a first run was killed before it wrote it.", .done) }
    guard let seal = opened.seal else {
      return (
        "\(path): sealed for \(opened.holders.joined(separator: ", ")), and no identity at hand opens it, so its MAC could not be checked.",
        .failed
      )
    }
    var words = "\(path): serial \(state.serial), \(state.clients.count) client\(state.clients.count == 1 ? "" : "s")"
    words +=
      seal.isClear
      ? ", in clear: nothing of it is authenticated"
      : ", sealed for \(opened.holders.joined(separator: ", ")): the MAC fits, and every value opens at its place"
    let doubtful = state.clients.filter { $0.value.pending != nil }.keys.sorted()
    if !doubtful.isEmpty { words += "; in doubt: \(doubtful.joined(separator: ", "))" }
    if opened.foldedRecords > 0 {
      words += "; a run that was killed left \(opened.foldedRecords) records, which the next apply folds in"
    }
    if opened.isOutdated { words += "; written by an earlier clientsync: state upgrade" }
    return (words + ".", .done)
  }
}
