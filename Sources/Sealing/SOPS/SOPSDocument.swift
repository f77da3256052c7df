package import FoundationEssentials
import OpenIDCryptography
package import OpenIDJSON

/// A JSON document in SOPS's format, its values still sealed.
///
/// Values stay sealed in memory until somebody asks for one; the MAC is checked by opening all of them one after the other.
package struct SOPSDocument: Sendable {
  /// The regular expression that our own files carry: what lies under a key `sealed` is sealed.
  package static let encryptedRegex = "^sealed$"

  /// Everything but the `sops` member; sealed values as `ENC[…]`.
  package var tree: JSONObject
  package fileprivate(set) var metadata: SOPSMetadata

  /// Reads a document, without opening anything.
  ///
  /// - Throws: ``SOPSError`` where it is no JSON, holds git's conflict markers, or was never sealed.
  package init(parsing bytes: [UInt8]) throws(SOPSError) { try self.init(SOPSDocument.object(in: bytes)) }

  /// Takes a document that was read already.
  package init(_ document: JSONObject) throws(SOPSError) {
    guard let sops = document["sops"]?.object else { throw SOPSDocument.noMetadata }
    tree = document
    tree["sops"] = nil
    metadata = SOPSMetadata(sops)
  }

  private static let noMetadata = SOPSError(
    .noMetadata, "the file has no sops member, so nothing in it can be trusted. Take it back from git.")

  /// The JSON of a file, sealed or not.
  package static func object(in bytes: [UInt8]) throws(SOPSError) -> JSONObject {
    if bytes.starts(with: [0xef, 0xbb, 0xbf]) {
      throw SOPSError(.notJSON, "the file begins with a byte order mark, which sops does not write. Take it back from git.")
    }
    let value: JSONValue
    do { value = try JSONValue(parsing: bytes) } catch {
      if SOPSDocument.holdsConflictMarkers(bytes) {
        throw SOPSError(
          .conflict,
          "the file holds git's conflict markers. It cannot be merged: take one side whole (git checkout --ours or --theirs), then plan."
        )
      }
      throw SOPSError(.notJSON, "the file is no JSON: \(error.description). Take it back from git.")
    }
    guard let object = value.object else { throw noMetadata }
    return object
  }

  private init(tree: JSONObject, metadata: SOPSMetadata) {
    self.tree = tree
    self.metadata = metadata
  }

  /// A new document for those recipients; ``written(with:at:)`` gives it its MAC.
  package static func new(tree: JSONObject, dataKey: DataKey, recipients: [AgeRecipient]) -> SOPSDocument {
    SOPSDocument(
      tree: tree, metadata: SOPSMetadata(dataKey: dataKey, recipients: recipients, encryptedRegex: encryptedRegex))
  }

  /// The age recipients.
  package var recipients: [String] { metadata.recipients }

  /// For whom the data key is wrapped, in words: age recipients, and whoever only sops knows.
  package var holders: [String] { KeyHolders.all(metadata.members) }

  /// Makes the data key open for those age recipients and no others; see ``SOPSMetadata``.
  package mutating func setRecipients(
    _ recipients: [AgeRecipient], of key: DataKey, isNewKey: Bool
  ) throws(SOPSError) {
    try metadata.setRecipients(recipients, of: key, isNewKey: isNewKey)
  }

  /// The data key, from the first envelope that an identity opens.
  ///
  /// - Throws: ``SOPSError`` `noIdentity`, which names the recipients, or `damagedDataKey`.
  package func dataKey(with identities: AgeIdentities) throws(SOPSError) -> DataKey {
    var damaged = false
    for envelope in metadata.hasKeyGroups ? [] : metadata.envelopes {
      do throws(AgeError) {
        if let key = DataKey(try Age.decrypt(Array(envelope.armoured.utf8), with: identities.identities)) { return key }
        damaged = true
      } catch {
        if error.code != .noMatch { damaged = true }
      }
    }
    let foreign = KeyHolders.foreign(metadata.members)
    if !foreign.isEmpty, let external = identities.external { return try external.dataKey(of: metadata) }
    let names = holders.isEmpty ? "nobody" : holders.joined(separator: ", ")
    if damaged {
      throw SOPSError(
        .damagedDataKey, "the data key that is sealed for \(names) is damaged. Take the file back from git.",
        recipients: recipients)
    }
    let looked = identities.sources.isEmpty ? "" : " (looked in \(identities.sources.joined(separator: ", ")))"
    let others = foreign.isEmpty ? "" : " What only sops can open, sops may with --allow-exec."
    throw SOPSError(
      .noIdentity,
      "the file is sealed for \(names), and no identity at hand opens it\(looked). Set SOPS_AGE_KEY_FILE to the key file.\(others)",
      recipients: holders)
  }

  /// Checks that every sealed value opens at its place and that the MAC fits.
  package func verify(with key: DataKey) throws(SOPSError) {
    let digest = try digest(with: key)
    guard let mac = SealedValue(metadata.mac),
      let expected = key.open(mac, additionalData: Array(metadata.lastModified.utf8)), HMAC.areEqual(expected, digest)
    else {
      throw SOPSError(
        .macMismatch,
        "the file's MAC does not fit: something in it was changed by hand. Take it back from git; sops edit changes it properly."
      )
    }
  }

  /// The file as sops would write it, with a new MAC and time. Sealed values keep their text.
  package func written(with key: DataKey, at date: Date) throws(SOPSError) -> [UInt8] {
    var metadata = metadata
    metadata.lastModified = date.formatted(.iso8601)
    metadata.mac = key.seal(try digest(with: key), additionalData: Array(metadata.lastModified.utf8))
    var whole = tree
    whole["sops"] = .object(metadata.members)
    return JSONValue.object(whole).utf8(.sops) + [0x0a]
  }

  /// What the MAC seals: SHA-512 over the values in document order, in upper-case hex.
  private func digest(with key: DataKey) throws(SOPSError) -> [UInt8] {
    var hash = DocumentHash(rule: try SealingRule(metadata), key: key, coversSealedOnly: metadata.macCoversSealedOnly)
    try hash.take(tree)
    return hash.finish()
  }

  private static func holdsConflictMarkers(_ bytes: [UInt8]) -> Bool {
    bytes.split(separator: 0x0a).contains { $0.starts(with: "<<<<<<< ".utf8) || $0.starts(with: ">>>>>>> ".utf8) }
  }
}
