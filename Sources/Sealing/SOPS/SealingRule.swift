import OpenIDJSON

/// Which values of a document are sealed, by the keys on their path, as sops decides it.
struct SealingRule {
  private let unencryptedSuffix: String?
  private let encryptedSuffix: String?
  private let unencryptedRegex: KeyPattern?
  private let encryptedRegex: KeyPattern?

  init(_ metadata: SOPSMetadata) throws(SOPSError) {
    func text(_ name: String) -> String? { metadata.members[name]?.string.flatMap { $0.isEmpty ? nil : $0 } }
    unencryptedSuffix = text("unencrypted_suffix")
    encryptedSuffix = text("encrypted_suffix")
    unencryptedRegex = try text("unencrypted_regex").map(KeyPattern.init)
    encryptedRegex = try text("encrypted_regex").map(KeyPattern.init)
  }

  func seals(_ path: [String]) -> Bool {
    var sealed = true
    if let suffix = unencryptedSuffix, path.contains(where: { $0.hasSuffix(suffix) }) { sealed = false }
    if let suffix = encryptedSuffix { sealed = path.contains { $0.hasSuffix(suffix) } }
    if let pattern = unencryptedRegex, path.contains(where: pattern.matches) { sealed = false }
    if let pattern = encryptedRegex { sealed = path.contains(where: pattern.matches) }
    return sealed
  }
}

extension Optional {
  /// `map` for a transform with a typed error.
  fileprivate func map<Value>(_ transform: (Wrapped) throws(SOPSError) -> Value) throws(SOPSError) -> Value? {
    if let self { try transform(self) } else { nil }
  }
}

/// A regular expression over one key; the one that our own files use costs no engine.
private struct KeyPattern {
  private let isSealed: Bool
  private let source: String

  init(_ source: String) throws(SOPSError) {
    self.source = source
    isSealed = source == "^sealed$"
    if !isSealed, (try? Regex(source)) == nil {
      throw SOPSError(.unsupported, "the file's sops metadata has a regular expression that cannot be read: \(source)")
    }
  }

  func matches(_ key: String) -> Bool {
    if isSealed { return key == "sealed" }
    guard let regex = try? Regex(source) else { return false }
    return key.firstMatch(of: regex) != nil
  }
}
