import CommandLineParsing
import FoundationEssentials
import Manifests
import OpenIDJSON
import Sealing
import State

/// The states that the commands under `state` look after.
struct StateFolder {
  let folder: String
  let context: Context
  let command: ParsedCommand

  init(_ command: ParsedCommand, _ context: Context) {
    let configured = ConfigurationLoader.load(named: nil, besides: ["clients/"], environment: context.environment).state
    folder = command.text("state") ?? configured ?? "state"
    self.context = context
    self.command = command
  }

  /// The registries that have a state here, or a journal of a first run that was killed.
  func registries() throws(CommandFailure) -> [String] {
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
      throw CommandFailure(.failed, "\(folder) cannot be read, or is not there. Name the state's folder with --state FOLDER.")
    }
    let found = names.compactMap { name -> String? in
      for ending in [".json", ".journal"] where name.hasSuffix(ending) { return String(name.dropLast(ending.count)) }
      return nil
    }
    let known = Set(found.filter { !$0.isEmpty && !$0.contains(".") }).sorted()
    guard let wanted = command.text("registry") else { return known }
    guard known.contains(wanted) else {
      throw CommandFailure(
        .usage,
        "there is no state of \"\(wanted)\" in \(folder)\(known.isEmpty ? "" : "; there are: \(known.joined(separator: ", "))")"
      )
    }
    return [wanted]
  }

  /// The one that is meant.
  func registry() throws(CommandFailure) -> String {
    let known = try registries()
    guard let first = known.first else { throw CommandFailure(.failed, "there is no state in \(folder)") }
    guard known.count == 1 else {
      throw CommandFailure(.usage, "\(folder) holds several states; name one: --registry \(known.joined(separator: " or "))")
    }
    return first
  }

  func keeper(of registry: String) -> FolderKeeper {
    FolderKeeper(
      folder: folder, registry: registry, files: context.files, memory: SerialMemory(environment: context.environment))
  }

  func identities(for registry: String, allowsExec: Bool) throws(CommandFailure) -> AgeIdentities {
    var found = try IdentitySearch.identities(context, allowsExec: allowsExec)
    do throws(AgeError) {
      found.add(try AgeIdentities.read(EmbeddedData.keyFile(of: registry, in: folder), isRequired: false))
    } catch {
      throw CommandFailure(.failed, error.description)
    }
    return found
  }

  func opened(_ registry: String) async throws(CommandFailure) -> OpenedState {
    let keeper = keeper(of: registry)
    let identities = try identities(for: registry, allowsExec: command.has("allow-exec"))
    do throws(StateError) {
      let opened = try await OpenedState.read(from: keeper, registry: registry, identities: identities, allowsClear: true)
      if opened.seal?.isClear == true { ClearState.warn(keeper.description, context) }
      ClockCheck.warn(opened, keeper.description, context)
      return opened
    } catch {
      throw CommandFailure(error)
    }
  }

  /// Begins a writing run; what a killed one left is folded in first.
  func begin(_ registry: String, new: NewState? = nil) async throws(CommandFailure) -> StateRun {
    let keeper = keeper(of: registry)
    let identities = try identities(for: registry, allowsExec: command.has("allow-exec"))
    do throws(StateError) {
      let run = try await StateRun.begin(
        keeper, registry: registry, new: new, identities: identities, owner: owner,
        lockTimeout: command.duration("lock-timeout") ?? .zero, allowsClear: true)
      return run
    } catch {
      throw CommandFailure(error)
    }
  }

  var owner: LockOwner { LockOwner.current(command: command.path.joined(separator: " ")) }

  /// Runs a change of the state, and writes it.
  func changing(
    _ registry: String, _ work: (StateRun) async throws(StateError) -> Void
  ) async throws(CommandFailure) -> FinishedRun {
    let run = try await begin(registry)
    do throws(StateError) {
      do throws(StateError) { try await work(run) } catch {
        _ = try? await run.finish()
        throw error
      }
      return try await run.finish()
    } catch {
      throw CommandFailure(error)
    }
  }

  /// Asks before something is forgotten.
  func ask(_ question: String) throws(CommandFailure) {
    guard !command.has("auto-approve") else { return }
    guard context.inputIsTerminal else {
      throw CommandFailure(
        .usage, "\(question) There is no terminal to ask at. In a pipeline: --auto-approve. Nothing was changed.")
    }
    guard context.ask("\(question) Only \"yes\" is accepted: ") == "yes" else {
      throw CommandFailure(.failed, "Nothing was changed.")
    }
  }

  var wantsJSON: Bool { command.text("format") == "json" }

  /// Prints what was done: an object for machines, a sentence for people.
  func report(_ object: JSONObject, _ text: String) {
    var whole: JSONObject = ["format_version": 1]
    whole = whole.merging(object)
    context.print(wantsJSON ? whole.text(.pretty) + "\n" : text + "\n")
  }
}
