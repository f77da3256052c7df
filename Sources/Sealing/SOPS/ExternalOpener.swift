import OpenIDJSON

/// Opens data keys by another program that has keys which clientsync has not: sops with a cloud's, a vault's or gpg's.
///
/// The program never tells the data key: it wraps it for one more recipient, whose identity lives in this process only.
package struct ExternalOpener: Sendable {
  /// Lets the program wrap a document's data key for that recipient, and returns the document then.
  private let wrap: @Sendable (_ document: [UInt8], _ recipient: String) -> Outcome

  package enum Outcome: Sendable {
    case wrapped([UInt8])
    /// In the program's words.
    case failed(String)
  }

  package init(wrap: @escaping @Sendable (_ document: [UInt8], _ recipient: String) -> Outcome) { self.wrap = wrap }

  /// Hands over a document that has this metadata and no content of anybody's.
  func dataKey(of metadata: SOPSMetadata) throws(SOPSError) -> DataKey {
    let identity = AgeIdentity.generate()
    let document: JSONObject = ["clientsync": "", "sops": .object(metadata.members)]
    switch wrap(JSONValue.object(document).utf8(.sops) + [0x0a], identity.recipient.text) {
    case .failed(let words): throw SOPSError(.noIdentity, "sops cannot open the data key either: \(words)")
    case .wrapped(let bytes):
      let rewritten = try SOPSDocument(parsing: bytes)
      var identities = AgeIdentities()
      identities.identities = [identity]
      return try rewritten.dataKey(with: identities)
    }
  }
}
