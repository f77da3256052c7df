import CommandLineParsing
import FoundationEssentials
import OpenIDJSON
import State

/// `clientsync state push`: puts a state in the place of the one that is there.
enum StatePushCommand {
  static func run(_ command: ParsedCommand, _ context: Context) async throws(CommandFailure) -> ExitCode {
    let folder = StateFolder(command, context)
    let path = command.argument("FILE") ?? "-"
    let data = try contents(of: path, context)
    let registry = if let named = command.text("registry") { named } else { try name(in: data, path) }
    let keeper = folder.keeper(of: registry)
    let identities = try folder.identities(for: registry, allowsExec: command.has("allow-exec"))
    let owner = folder.owner
    do throws(StateError) { try await keeper.lock(owner, timeout: command.duration("lock-timeout") ?? .zero) } catch {
      throw CommandFailure(error)
    }
    do throws(CommandFailure) {
      let push: StatePush
      do throws(StateError) {
        push = try await StatePush(data, to: keeper, registry: registry, identities: identities, allowsClear: true)
      } catch {
        throw CommandFailure(error)
      }
      try await put(push, keeper, folder, registry)
    } catch {
      try? await keeper.unlock(owner)
      throw error
    }
    try? await keeper.unlock(owner)
    return .done
  }

  private static func put(
    _ push: StatePush, _ keeper: FolderKeeper, _ folder: StateFolder, _ registry: String
  ) async throws(CommandFailure) {
    guard !push.isSame else {
      return folder.report(["registry": .string(registry), "written": false], "\(keeper.description) is that state already.")
    }
    if !push.forgotten.isEmpty {
      folder.context.printError(
        "would be forgotten, with their secrets and tokens: \(push.forgotten.joined(separator: ", "))\n")
    }
    if !push.changedCredentials.isEmpty {
      folder.context.printError("would have other credentials than now: \(push.changedCredentials.joined(separator: ", "))\n")
    }
    if !push.otherHolders.isEmpty {
      folder.context.printError("would be sealed for others than now: \(push.otherHolders.joined(separator: ", "))\n")
    }
    if let mismatch = push.mismatch, !folder.command.has("force") {
      throw CommandFailure(.stale, "\(mismatch). If it is meant, after a look: --force. Nothing was changed.")
    }
    if !push.forgotten.isEmpty || !push.changedCredentials.isEmpty || !push.otherHolders.isEmpty || push.mismatch != nil {
      try folder.ask("Put it in the place of \(keeper.description)?")
    }
    do throws(StateError) { try await push.commit(to: keeper) } catch { throw CommandFailure(error) }
    folder.report(
      [
        "registry": .string(registry), "written": true, "serial": .number(JSONNumber(push.serial)),
        "forgotten": .array(push.forgotten.map(JSONValue.string)),
        "changed_credentials": .array(push.changedCredentials.map(JSONValue.string)),
        "added": .array(push.added.map(JSONValue.string)),
      ], "\(keeper.description) has serial \(push.serial) now; what was there is its backup.")
  }

  private static func contents(of path: String, _ context: Context) throws(CommandFailure) -> [UInt8] {
    if path != "-", let data = FileManager.default.contents(atPath: path) { return Array(data) }
    guard path == "-" else { throw CommandFailure(.failed, "\(path) cannot be read") }
    do throws(StateError) { return try PosixFiles.contents(of: context.standardInput, named: "standard input") } catch {
      throw CommandFailure(error)
    }
  }

  /// The registry that the file itself names.
  private static func name(in data: [UInt8], _ path: String) throws(CommandFailure) -> String {
    do throws(StateError) { return try StateDocument.read(data, at: path).state.registry } catch { throw CommandFailure(error) }
  }
}
