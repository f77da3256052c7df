import FoundationEssentials

/// Remembers the highest serial of each lineage outside of what git can put back, so that an old state is noticed.
///
/// It is a help, not a promise: where its folder cannot be written, a run goes on without it.
package struct SerialMemory: Sendable {
  let folder: String

  package init(folder: String) { self.folder = folder }

  /// In the user's state folder: `$XDG_STATE_HOME/clientsync`, else `~/.local/state/clientsync`.
  package init?(environment: [String: String]) {
    if let base = environment["XDG_STATE_HOME"], !base.isEmpty {
      folder = base + "/clientsync"
    } else if let home = environment["HOME"], !home.isEmpty {
      folder = home + "/.local/state/clientsync"
    } else {
      return nil
    }
  }

  package func highest(of lineage: String) -> Int? {
    guard let path = path(of: lineage), let data = FileManager.default.contents(atPath: path) else { return nil }
    return Int(String(decoding: data, as: UTF8.self).filter(\.isNumber))
  }

  package func remember(_ serial: Int, of lineage: String) {
    guard let path = path(of: lineage), serial > highest(of: lineage) ?? -1 else { return }
    try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try? Data("\(serial)\n".utf8).write(to: URL(filePath: path), options: .atomic)
  }

  /// Only a lineage that is spelled as one names a file.
  private func path(of lineage: String) -> String? {
    guard !lineage.isEmpty, lineage.utf8.allSatisfy({ $0 == 0x2d || (0x30...0x39).contains($0) || (0x61...0x66).contains($0) })
    else { return nil }
    return "\(folder)/\(lineage)"
  }
}
