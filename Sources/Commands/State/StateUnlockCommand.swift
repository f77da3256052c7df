import CommandLineParsing
import OpenIDJSON
import State

/// `clientsync state unlock`: takes a lock away that its owner left behind.
enum StateUnlockCommand {
  static func run(_ command: ParsedCommand, _ context: Context) async throws(CommandFailure) -> ExitCode {
    let folder = StateFolder(command, context)
    let registry = if let named = command.text("registry") { named } else { try folder.registry() }
    let keeper = folder.keeper(of: registry)
    let holder: LockHolder?
    do throws(StateError) { holder = try keeper.lockHolder() } catch { throw CommandFailure(error) }
    guard let holder else {
      folder.report(["registry": .string(registry), "unlocked": false], "\(registry) is not locked.")
      return .done
    }
    let lock = "\(folder.folder)/\(registry).lock"
    guard case .owner(let owner) = holder.known else {
      throw CommandFailure(.locked, "what is in \(lock) is no lock of clientsync's. If no run is under way, remove the file.")
    }
    let words = "\(lock) is held by \(owner.words); its id is \(owner.id)"
    var id = command.argument("LOCK-ID")
    if id == nil, context.inputIsTerminal { id = context.ask("\(words). To take it away, type its id: ") }
    guard id == owner.id else {
      let given = id.map { "\"\($0)\" is another id" } ?? "the id has to be given"
      throw CommandFailure(.locked, "\(words), and \(given). Nothing was changed.")
    }
    if case .owner(let owner) = holder, owner.runsHere, !command.has("force") {
      throw CommandFailure(
        .locked,
        "\(words), and that process is running. Wait for it, or end it first; --force takes the lock away from under it.")
    }
    do throws(StateError) { _ = try keeper.breakLock(of: owner) } catch { throw CommandFailure(error) }
    folder.report(
      ["registry": .string(registry), "unlocked": true, "id": .string(owner.id)], "\(registry) is not locked any more.")
    return .done
  }
}

extension LockHolder {
  /// The same without the question whether it still runs.
  fileprivate var known: LockHolder { if case .dead(let owner) = self { .owner(owner) } else { self } }
}
