import FoundationEssentials
package import OpenIDCryptography

/// The identities at hand, from where SOPS looks for them.
package struct AgeIdentities: Sendable {
  package var identities: [AgeIdentity] = []
  /// Where was looked, for messages: `SOPS_AGE_KEY_FILE`, `~/.config/sops/age/keys.txt`.
  package var sources: [String] = []
  /// Opens a data key that no age identity opens: a cloud's key, say. `nil` where that is not allowed or not possible.
  package var external: ExternalOpener?

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

  /// What looking for identities may use of the world.
  package struct Tools: Sendable {
    /// Runs the program of `SOPS_AGE_KEY_CMD`, words as given, and returns what it printed; `nil` where it failed.
    package var run: (@Sendable ([String]) -> [UInt8]?)?
    /// Asks for the passphrase of a sealed key file; `nil` where nobody can be asked.
    package var passphrase: (@Sendable (_ path: String) -> Secret?)?

    package init(
      run: (@Sendable ([String]) -> [UInt8]?)? = nil, passphrase: (@Sendable (_ path: String) -> Secret?)? = nil
    ) {
      self.run = run
      self.passphrase = passphrase
    }
  }

  /// Looks where SOPS looks: `SOPS_AGE_KEY`, `SOPS_AGE_KEY_FILE`, `SOPS_AGE_KEY_CMD`, and `sops/age/keys.txt` in the user's
  /// configuration folder.
  package static func find(environment: [String: String], tools: Tools = Tools()) throws(AgeError) -> AgeIdentities {
    var found = AgeIdentities()
    if let text = environment["SOPS_AGE_KEY"], !text.isEmpty {
      found.add(try AgeIdentities(parsing: text, source: "SOPS_AGE_KEY"))
    }
    if let path = environment["SOPS_AGE_KEY_FILE"], !path.isEmpty {
      found.add(try read(path, isRequired: true, tools: tools))
    }
    if let command = environment["SOPS_AGE_KEY_CMD"], !command.isEmpty {
      found.add(try printed(by: command, tools))
    }
    let configuration =
      environment["XDG_CONFIG_HOME"].flatMap { $0.isEmpty ? nil : $0 } ?? environment["HOME"].map { $0 + "/.config" }
    if let configuration { found.add(try read(configuration + "/sops/age/keys.txt", isRequired: false, tools: tools)) }
    return found
  }

  /// The user's own words from the environment, no manifest's: so it runs unasked, as at sops.
  private static func printed(by command: String, _ tools: Tools) throws(AgeError) -> AgeIdentities {
    guard let words = CommandWords.split(command), let run = tools.run, let output = run(words) else {
      throw AgeError(.file, "SOPS_AGE_KEY_CMD: the command \(CommandWords.split(command)?.first ?? "") printed no identity")
    }
    return try AgeIdentities(parsing: String(decoding: output, as: UTF8.self), source: "SOPS_AGE_KEY_CMD")
  }

  /// Reads a key file; one that need not be there may be missing, but not unreadable.
  package static func read(_ path: String, isRequired: Bool, tools: Tools = Tools()) throws(AgeError) -> AgeIdentities {
    guard isRequired || FileManager.default.fileExists(atPath: path) else {
      var none = AgeIdentities()
      none.sources = [path]
      return none
    }
    guard var bytes = FileManager.default.contents(atPath: path).map(Array.init) else {
      throw AgeError(.file, "\(path): the age identities in it cannot be read")
    }
    if Age.isFile(bytes) {
      guard let passphrase = tools.passphrase?(path) else {
        throw AgeError(
          .file,
          "\(path) is sealed with a passphrase, and there is no terminal to ask for it at. Open it with age -d, and hand the identity over in SOPS_AGE_KEY."
        )
      }
      do throws(AgeError) { bytes = try Age.decrypt(bytes, with: [], passphrase: passphrase) } catch {
        throw AgeError(.file, "\(path): \(error.description)")
      }
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw AgeError(.file, "\(path): the age identities in it cannot be read")
    }
    return try AgeIdentities(parsing: text, source: path)
  }

  package mutating func add(_ other: AgeIdentities) {
    identities += other.identities
    sources += other.sources
    external = external ?? other.external
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
