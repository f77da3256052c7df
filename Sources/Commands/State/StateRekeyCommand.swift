import CommandLineParsing
import Manifests
import OpenIDJSON
import Sealing
import State

/// `clientsync state rekey`: the state opens for other recipients from here on.
enum StateRekeyCommand {
  static func run(_ command: ParsedCommand, _ context: Context) async throws(CommandFailure) -> ExitCode {
    let folder = StateFolder(command, context)
    let registry = try folder.registry()
    let before = try await folder.opened(registry)
    let wanted = try await encryption(folder, registry)
    let rotates = command.has("rotate-data-key")
    let keeper = folder.keeper(of: registry)
    if !rotates, isSealed(before, as: wanted) {
      if let backup = await keeper.filesInClear().backup {
        // A run takes it away as it begins.
        _ = try await folder.changing(registry) { _ in }
        context.printError("note: \(backup) stood in clear beside the sealed state, and was taken away.\n")
      }
      ClearState.warn(await keeper.filesInClear(), keeper.description, context)
      folder.report(
        [
          "registry": .string(registry), "serial": .number(JSONNumber(before.serial)), "written": false,
          "recipients": .array(before.holders.map(JSONValue.string)), "removed": [], "data_key_rotated": false,
        ], "\(keeper.description) is \(words(before.holders)) already; nothing was written.")
      return .done
    }
    let finished = try await folder.changing(registry) { (run) async throws(StateError) in
      try await run.rekey(for: wanted, rotatesDataKey: rotates)
    }
    let after = try await folder.opened(registry)
    let gone = before.holders.filter { !after.holders.contains($0) }
    folder.report(
      [
        "registry": .string(registry), "serial": .number(JSONNumber(finished.serial)),
        "recipients": .array(after.holders.map(JSONValue.string)), "removed": .array(gone.map(JSONValue.string)),
        "data_key_rotated": .bool(rotates),
      ],
      "\(keeper.description) is \(words(after.holders)) (serial \(finished.serial))."
    )
    ClearState.warn(await keeper.filesInClear(), keeper.description, context)
    if after.seal == nil {
      context.printError("note: no identity at hand opens it any more; only its recipients can take this back.\n")
    }
    if !gone.isEmpty, !rotates, !after.holders.isEmpty {
      context.printError(
        "note: who left may have kept the data key, with which later versions open too: state rekey --rotate-data-key.\n")
    }
    if !gone.isEmpty || rotates {
      context.printError(
        "note: older versions in git still open for who could open them. A secret that must not be known any more has to be replaced at the provider.\n"
      )
    }
    return .done
  }

  private static func words(_ holders: [String]) -> String {
    holders.isEmpty ? "in clear" : "sealed for \(holders.joined(separator: ", "))"
  }

  /// Whether there is nothing to do: the same recipients, or clear as before, and nothing left by an earlier version or a killed run.
  private static func isSealed(_ opened: OpenedState, as wanted: StateEncryption) -> Bool {
    guard let seal = opened.seal, !opened.isOutdated, opened.foldedRecords == 0 else { return false }
    switch wanted {
    case .none: return seal.isClear
    case .age(let recipients):
      return !seal.isClear && Set(recipients.map(\.description)) == Set(opened.holders)
        && recipients.count == opened.holders.count
    }
  }

  private static func encryption(_ folder: StateFolder, _ registry: String) async throws(CommandFailure) -> StateEncryption {
    let named = folder.command.texts("age")
    if !named.isEmpty {
      var recipients: [AgeRecipient] = []
      for text in named {
        do throws(AgeError) { recipients.append(try AgeRecipient(parsing: text)) } catch {
          throw CommandFailure(.usage, "--age \(text): \(error)")
        }
      }
      return .age(recipients)
    }
    let run = try await StateRegistry.open(registry, folder)
    guard let wanted = try run.wantedEncryption() else {
      throw CommandFailure(
        .usage, "\(registry) is an embedded registry: name whom its state is sealed for with --age RECIPIENT")
    }
    if case .age(let recipients) = wanted.encryption, recipients.isEmpty {
      throw CommandFailure(
        .failed, "\(wanted.place): it names no age recipient that clientsync can seal for: sops updatekeys can.")
    }
    return wanted.encryption
  }
}

/// A registry as its manifest declares it, for commands of the state that need one.
enum StateRegistry {
  static func open(_ name: String, _ folder: StateFolder) async throws(CommandFailure) -> RegistryRun {
    var options = RunOptions(paths: folder.command.texts("filename"), stateFolder: folder.folder, folder.context)
    options.allowsExec = folder.command.has("allow-exec")
    let manifests = Workspace.manifests(options, folder.context)
    if let failure = manifests.failure {
      folder.context.printError(DiagnosticOutput.text(manifests))
      throw CommandFailure(manifests, failure)
    }
    guard let registry = manifests.registries.first(where: { $0.name == name }) else {
      throw CommandFailure(.usage, "no manifest declares the registry \"\(name)\"; name the manifests with -f PATH")
    }
    return try await RegistryRun(
      registry, clients: manifests.clients.filter { $0.registry == name }, options: options, context: folder.context,
      allowsClearFile: true)
  }
}
