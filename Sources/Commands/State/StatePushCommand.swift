import CommandLineParsing
import FoundationEssentials
import OpenIDJSON
import Sealing
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
    if try await pushTokens(data, folder, keeper, registry, identities) {
      ClearState.warn(await keeper.filesInClear(), keeper.description, context)
      return .done
    }
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
    ClearState.warn(await keeper.filesInClear(), keeper.description, context)
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

  /// Takes in tokens that were put aside, where the state that they go on from is there.
  ///
  /// - Returns: `false` where the file is to take the place of what is there as a whole.
  private static func pushTokens(
    _ data: [UInt8], _ folder: StateFolder, _ keeper: FolderKeeper, _ registry: String, _ identities: AgeIdentities
  ) async throws(CommandFailure) -> Bool {
    do throws(StateError) {
      guard let rescued = try RescuedTokens(data, registry: registry, identities: identities) else { return false }
      let run: StateRun
      do throws(StateError) {
        run = try await StateRun.begin(
          keeper, registry: registry, new: nil, identities: identities, owner: folder.owner,
          lockTimeout: folder.command.duration("lock-timeout") ?? .zero, allowsClear: true, settlesTokens: true)
      } catch {
        if error.code == .gone { return false }
        throw error
      }
      guard await run.state.lineage == rescued.lineage else {
        _ = try await run.finish()
        return false
      }
      let (taken, leftOut, finished) = try await take(rescued, in: run, isForced: folder.command.has("force"))
      await keeper.settle(rescued: data)
      var words =
        taken.isEmpty
        ? "\(keeper.description) has these tokens already"
        : "\(keeper.description) has the tokens of \(taken.joined(separator: ", ")) now (serial \(finished.serial))"
      if !leftOut.isEmpty { words += "; left out: \(leftOut.joined(separator: ", "))" }
      folder.report(
        [
          "registry": .string(registry), "written": .bool(finished.wrote), "serial": .number(JSONNumber(finished.serial)),
          "forgotten": [], "changed_credentials": .array(taken.map(JSONValue.string)), "added": [],
          "tokens": .array(taken.map(JSONValue.string)), "left_out": .array(leftOut.map(JSONValue.string)),
        ], words + ".")
      return true
    } catch {
      throw CommandFailure(error)
    }
  }

  private static func take(
    _ rescued: RescuedTokens, in run: StateRun, isForced: Bool
  ) async throws(StateError) -> (taken: [String], leftOut: [String], finished: FinishedRun) {
    do throws(StateError) {
      let (tokens, leftOut) = try await rescued.match(run)
      guard leftOut.isEmpty || isForced else {
        throw StateError(
          .mismatch,
          "the state has another registration, another token or nothing in the place of \(leftOut.joined(separator: ", ")), so what was put aside for them is not the next. Look at both (state show --file). To leave them out and take the others: --force. Nothing was changed."
        )
      }
      for (client, token, time) in tokens { try await run.recordToken(token, of: client, at: time) }
      return (tokens.map(\.client), leftOut, try await run.finish())
    } catch {
      _ = try? await run.finish()
      throw error
    }
  }

  private static func contents(of path: String, _ context: Context) throws(CommandFailure) -> [UInt8] {
    do throws(StateError) {
      if path == "-" { return try PosixFiles.contents(of: context.standardInput, named: "standard input") }
      guard let bytes = try PosixFiles().contents(of: path) else {
        throw StateError(.missing, "there is no file \(path)")
      }
      return bytes
    } catch {
      throw CommandFailure(error)
    }
  }

  /// The registry that the file itself names.
  private static func name(in data: [UInt8], _ path: String) throws(CommandFailure) -> String {
    do throws(StateError) { return try StateDocument.read(data, at: path).state.registry } catch { throw CommandFailure(error) }
  }
}
