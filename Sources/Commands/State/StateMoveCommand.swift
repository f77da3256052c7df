import CommandLineParsing
import OpenIDJSON
import State

/// `clientsync state mv`: another name for a client. Manifests do the same with `previousNames`.
enum StateMoveCommand {
  static func run(_ command: ParsedCommand, _ context: Context) async throws(CommandFailure) -> ExitCode {
    let folder = StateFolder(command, context)
    let registry = try folder.registry()
    let (old, new) = (command.argument("OLD") ?? "", command.argument("NEW") ?? "")
    guard ClientName.isValid(new) else {
      throw CommandFailure(
        .usage,
        "\"\(new)\" cannot name a client: lower-case letters, digits, -, . and _, beginning and ending with a letter or digit.")
    }
    if try await folder.opened(registry).state?.clients[old]?.pending?.action == .create {
      throw CommandFailure(
        .refused,
        "a create of \(old) is in doubt, and what it may have left at the provider carries that name. apply settles it where it can; if it is to be forgotten: state rm \(old) --force. Nothing was changed."
      )
    }
    let finished = try await folder.changing(registry) { (run) async throws(StateError) in
      let clients = await run.state.clients
      guard clients[old] != nil else {
        throw StateError(.missing, "the state knows no client \"\(old)\". Nothing was changed.")
      }
      guard clients[old]?.pending?.action != .create else {
        throw StateError(.mismatch, "a create of \(old) is in doubt since this began. Nothing was changed.")
      }
      guard clients[new] == nil else {
        throw StateError(.mismatch, "the state knows a client \"\(new)\" already. Nothing was changed.")
      }
      try await run.rename(old, to: new)
    }
    folder.report(
      [
        "registry": .string(registry), "from": .string(old), "to": .string(new), "serial": .number(JSONNumber(finished.serial)),
      ],
      "\(old) is \(new) in the state now (serial \(finished.serial)). Rename it in its manifest too, or the next plan deletes the one and creates the other."
    )
    return .done
  }
}

/// How clients may be named; the manifests have the same rule.
enum ClientName {
  static func isValid(_ name: String) -> Bool {
    func isAlphanumeric(_ byte: UInt8) -> Bool { (0x61...0x7a).contains(byte) || (0x30...0x39).contains(byte) }
    guard (1...63).contains(name.utf8.count), name != "sealed", let first = name.utf8.first, let last = name.utf8.last else {
      return false
    }
    return isAlphanumeric(first) && isAlphanumeric(last)
      && name.utf8.allSatisfy { isAlphanumeric($0) || "-._".utf8.contains($0) }
  }
}
