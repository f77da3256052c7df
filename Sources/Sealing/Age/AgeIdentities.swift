import FoundationEssentials

/// The identities at hand, from where SOPS looks for them.
package struct AgeIdentities: Sendable {
  package var identities: [AgeIdentity] = []
  /// Where was looked, for messages: `SOPS_AGE_KEY_FILE`, `~/.config/sops/age/keys.txt`.
  package var sources: [String] = []

  package init() {}

  /// Reads identities from a text, one a line; `#` begins a comment.
  ///
  /// - Throws: ``AgeError`` with the source and the line of what is no identity.
  package init(parsing text: String, source: String) throws(AgeError) {
    sources = [source]
    for (index, raw) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      let line = raw.trimmingBlanks
      if line.isEmpty || line.hasPrefix("#") { continue }
      do { identities.append(try AgeIdentity(parsing: line)) } catch {
        throw AgeError(.invalidIdentity, "\(source):\(index + 1): \(error.description)")
      }
    }
  }

  /// Looks where SOPS looks: `SOPS_AGE_KEY`, `SOPS_AGE_KEY_FILE`, and `sops/age/keys.txt` in the user's configuration folder.
  /// `SOPS_AGE_KEY_CMD` is not run: clientsync starts no program that nobody allowed.
  package static func find(environment: [String: String]) throws(AgeError) -> AgeIdentities {
    var found = AgeIdentities()
    if let text = environment["SOPS_AGE_KEY"], !text.isEmpty {
      found.add(try AgeIdentities(parsing: text, source: "SOPS_AGE_KEY"))
    }
    if let path = environment["SOPS_AGE_KEY_FILE"], !path.isEmpty {
      found.add(try read(path, isRequired: true))
    }
    let configuration =
      environment["XDG_CONFIG_HOME"].flatMap { $0.isEmpty ? nil : $0 } ?? environment["HOME"].map { $0 + "/.config" }
    if let configuration { found.add(try read(configuration + "/sops/age/keys.txt", isRequired: false)) }
    return found
  }

  /// Reads a key file; one that need not be there may be missing, but not unreadable.
  package static func read(_ path: String, isRequired: Bool) throws(AgeError) -> AgeIdentities {
    guard isRequired || FileManager.default.fileExists(atPath: path) else {
      var none = AgeIdentities()
      none.sources = [path]
      return none
    }
    let text: String
    do { text = try String(contentsOf: URL(filePath: path), encoding: .utf8) } catch {
      throw AgeError(.file, "\(path): the age identities in it cannot be read")
    }
    return try AgeIdentities(parsing: text, source: path)
  }

  package mutating func add(_ other: AgeIdentities) {
    identities += other.identities
    sources += other.sources
  }
}

extension Substring {
  fileprivate var trimmingBlanks: String {
    var slice = self
    while let first = slice.first, first.isWhitespace { slice.removeFirst() }
    while let last = slice.last, last.isWhitespace { slice.removeLast() }
    return String(slice)
  }
}
