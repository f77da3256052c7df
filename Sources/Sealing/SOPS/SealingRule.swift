import OpenIDJSON

/// Which values of a document are sealed, by the keys on their path, as sops decides it.
struct SealingRule {
  private let unencryptedSuffix: String?
  private let encryptedSuffix: String?
  private let unencryptedRegex: KeyPattern?
  private let encryptedRegex: KeyPattern?
  /// Whether what clientsync itself writes is all there is: everything below `sealed`.
  private let isOurs: Bool

  init(_ metadata: SOPSMetadata) throws(SOPSError) {
    func text(_ name: String) -> String? { metadata.members[name]?.string.flatMap { $0.isEmpty ? nil : $0 } }
    // A file that names no rule at all has sops's own.
    let names = ["unencrypted_suffix", "encrypted_suffix", "unencrypted_regex", "encrypted_regex"]
    unencryptedSuffix = text("unencrypted_suffix") ?? (names.allSatisfy { text($0) == nil } ? "_unencrypted" : nil)
    encryptedSuffix = text("encrypted_suffix")
    unencryptedRegex = try text("unencrypted_regex").map(KeyPattern.init)
    encryptedRegex = try text("encrypted_regex").map(KeyPattern.init)
    isOurs = text("encrypted_regex") == KeyPattern.ours && names.allSatisfy { $0 == "encrypted_regex" || text($0) == nil }
  }

  /// Which of the conditions some key on the way down has met.
  struct Matches {
    fileprivate var unencryptedSuffix = false
    fileprivate var encryptedSuffix = false
    fileprivate var unencryptedRegex = false
    fileprivate var encryptedRegex = false
  }

  func matches(_ above: Matches, below key: String) -> Matches {
    var matches = above
    if isOurs {
      if !matches.encryptedRegex { matches.encryptedRegex = key.utf8.count == 6 && key == "sealed" }
      return matches
    }
    if let suffix = unencryptedSuffix, key.hasSuffix(suffix) { matches.unencryptedSuffix = true }
    if let suffix = encryptedSuffix, key.hasSuffix(suffix) { matches.encryptedSuffix = true }
    if let pattern = unencryptedRegex, pattern.matches(key) { matches.unencryptedRegex = true }
    if let pattern = encryptedRegex, pattern.matches(key) { matches.encryptedRegex = true }
    return matches
  }

  /// Whether a value below keys that met those conditions is sealed; a later condition overrules an earlier one.
  func seals(_ matches: Matches) -> Bool {
    var sealed = true
    if unencryptedSuffix != nil, matches.unencryptedSuffix { sealed = false }
    if encryptedSuffix != nil { sealed = matches.encryptedSuffix }
    if unencryptedRegex != nil, matches.unencryptedRegex { sealed = false }
    if encryptedRegex != nil { sealed = matches.encryptedRegex }
    return sealed
  }
}

extension Optional {
  /// `map` for a transform with a typed error.
  fileprivate func map<Value>(_ transform: (Wrapped) throws(SOPSError) -> Value) throws(SOPSError) -> Value? {
    if let self { try transform(self) } else { nil }
  }
}

/// A regular expression over one key.
private struct KeyPattern {
  /// The one of our own files, which costs no engine.
  static let ours = "^sealed$"

  private let source: String

  init(_ source: String) throws(SOPSError) {
    self.source = source
    if source != Self.ours, (try? Regex(source)) == nil {
      throw SOPSError(.unsupported, "the file's sops metadata has a regular expression that cannot be read: \(source)")
    }
  }

  func matches(_ key: String) -> Bool {
    guard let regex = try? Regex(source) else { return false }
    return key.firstMatch(of: regex) != nil
  }
}
