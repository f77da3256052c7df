import FoundationEssentials
import OpenIDJSON

extension FolderKeeper {
  /// Where credentials of a state that is sealed by now still stand in clear.
  package struct Clear: Sendable, Hashable {
    /// The state before, which the next run that writes takes away; `nil` where it is sealed or not there.
    package var backup: String?
    /// What was put aside, and what a killed run left half done. Nothing takes those away by itself: they may be the only copy of
    /// something.
    package var others: [String] = []

    package init() {}

    package var all: [String] { (backup.map { [$0] } ?? []) + others }
  }

  /// Looks beside the state and where states are rescued to; nothing of other states is meant, nor anything where the state itself stands in
  /// clear.
  @concurrent
  package func filesInClear() async -> Clear {
    guard let state = (try? files.contents(of: description)) ?? nil, !RegistryState.standsInClear(state),
      let lineage = (try? JSONValue(parsing: state))?["lineage"]?.string
    else { return Clear() }
    return await filesInClear(besideSealed: lineage)
  }

  /// The same for who has read the state, which is a big file, and knows that it is sealed.
  @concurrent
  package func filesInClear(besideSealed lineage: String) async -> Clear {
    var found = Clear()
    let backup = description + ".backup"
    let beside = names(in: folder).filter { name in
      ["json.backup.new", "json.new"].contains { name == "\(registry).\($0)" } || name.hasPrefix("\(registry).journal.aside")
    }
    // What is not in its place yet is told by every command, and not to be deleted.
    let settled = rescuedFiles(settled: true).filter {
      $0.contains("/\(rescuedName(of: lineage))") && $0.hasSuffix(Self.settledEnding)
    }
    if standsInClear(backup) { found.backup = backup }
    found.others = (beside.map { "\(folder)/\($0)" } + settled).filter(standsInClear)
    return found
  }

  private func standsInClear(_ path: String) -> Bool {
    guard let bytes = (try? files.contents(of: path)) ?? nil else { return false }
    return RegistryState.standsInClear(bytes) || Journal.standsInClear(bytes)
  }
}

extension RegistryState {
  /// Whether those are the bytes of a state with its credentials in clear.
  static func standsInClear(_ bytes: [UInt8]?) -> Bool {
    // The mark stands last. Parsed only where it may be there: a sealed state may have thousands of clients.
    guard let bytes, bytes.suffix(64).contains(Array("\"none\"".utf8)), let object = (try? JSONValue(parsing: bytes))?.object
    else {
      return false
    }
    return object["sops"] == nil && object[StateEncryption.member] == "none"
  }
}
