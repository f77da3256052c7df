package import OpenIDJSON

/// The `sops` member of a document: who may open it, what of it is sealed, and the MAC. Members that nobody here knows are kept.
package struct SOPSMetadata: Sendable, Hashable {
  package private(set) var members: JSONObject

  /// The version of sops whose format this is.
  private static let version = "3.13.2"

  init(_ members: JSONObject) throws(SOPSError) {
    self.members = members
    if let groups = members["key_groups"]?.array, !groups.isEmpty {
      throw SOPSError(.unsupported, "the file uses SOPS key groups, which clientsync does not know")
    }
  }

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
