package import OpenIDJSON

/// The `sops` member of a document: who may open it, what of it is sealed, and the MAC. Members that nobody here knows are kept.
package struct SOPSMetadata: Sendable, Hashable {
  package private(set) var members: JSONObject

  /// The version of sops whose format this is.
  private static let version = "3.13.2"

  init(_ members: JSONObject) { self.members = members }

  /// Metadata for a new document.
  init(dataKey: DataKey, recipients: [AgeRecipient], encryptedRegex: String) {
    members = [
      "age": .array(recipients.map { ["enc": .string(dataKey.wrapped(for: $0)), "recipient": .string($0.text)] }),
      "encrypted_regex": .string(encryptedRegex),
      "lastmodified": "",
      "mac": "",
      "version": .string(SOPSMetadata.version),
    ]
  }

  /// The data key's envelopes: for whom, and the armoured age file.
  package var envelopes: [(recipient: String, armoured: String)] {
    (members["age"]?.array ?? []).compactMap { entry in
      guard let recipient = entry["recipient"]?.string, let armoured = entry["enc"]?.string else { return nil }
      return (recipient, armoured)
    }
  }

  package var recipients: [String] { envelopes.map(\.recipient) }

  /// Whether the data key is in several parts, of which each group holds one: more than clientsync can put together.
  var hasKeyGroups: Bool { !(members["key_groups"]?.array ?? []).isEmpty }

  /// Makes the data key open for those age recipients and no others. Who stays keeps the envelope; what is no X25519 recipient (an
  /// SSH key, a cloud's key) stays too, where the data key is the old one.
  ///
  /// - Throws: ``SOPSError`` `unsupported` where a new data key would have to be wrapped for somebody whom only sops knows.
  mutating func setRecipients(_ recipients: [AgeRecipient], of key: DataKey, isNewKey: Bool) throws(SOPSError) {
    let entries = members["age"]?.array ?? []
    let foreign = entries.filter { entry in (try? AgeRecipient(parsing: entry["recipient"]?.string ?? "")) == nil }
    let others = KeyHolders.foreign(members)
    if hasKeyGroups || isNewKey && !others.isEmpty {
      throw SOPSError(
        .unsupported,
        "the data key is wrapped for \(others.joined(separator: ", ")) too, which only sops can do: sops updatekeys, sops rotate"
      )
    }
    let wrapped = recipients.map { recipient in
      let kept = isNewKey ? nil : entries.first { $0["recipient"]?.string == recipient.text }
      return kept ?? ["enc": .string(key.wrapped(for: recipient)), "recipient": .string(recipient.text)]
    }
    members["age"] = .array(wrapped + foreign)
  }

  package var lastModified: String {
    get { members["lastmodified"]?.string ?? "" }
    set { members["lastmodified"] = .string(newValue) }
  }

  var mac: String {
    get { members["mac"]?.string ?? "" }
    set { members["mac"] = .string(newValue) }
  }

  var macCoversSealedOnly: Bool { members["mac_only_encrypted"]?.bool ?? false }
}
