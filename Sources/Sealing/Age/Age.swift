package import OpenIDCryptography

/// age v1 with X25519 recipients and passphrases (age-encryption.org/v1).
package enum Age {
  static let version = "age-encryption.org/v1"
  private static let stanzaInfo = Array("age-encryption.org/v1/X25519".utf8)

  /// Seals a text for all recipients.
  package static func encrypt(_ plaintext: [UInt8], to recipients: [AgeRecipient], armoured: Bool = true) -> [UInt8] {
    let fileKey = Random.bytes(16)
    return seal(plaintext, fileKey, recipients.map { stanza(wrapping: fileKey, for: $0) }, armoured: armoured)
  }

  /// Seals a text for whoever knows the passphrase; no other recipient can be named beside it.
  package static func encrypt(
    _ plaintext: [UInt8], passphrase: Secret, workFactor: Int = AgePassphrase.workFactor, armoured: Bool = true
  ) -> [UInt8] {
    let fileKey = Random.bytes(16)
    return seal(
      plaintext, fileKey, [AgePassphrase.stanza(wrapping: fileKey, passphrase, workFactor: workFactor)], armoured: armoured)
  }

  private static func seal(
    _ plaintext: [UInt8], _ fileKey: [UInt8], _ stanzas: [AgeHeader.Stanza], armoured: Bool
  ) -> [UInt8] {
    var header = AgeHeader(stanzas: stanzas)
    header.sign(with: fileKey)
    let nonce = Random.bytes(16)
    let payloadKey = KeyDerivation.hkdfSHA256(fileKey, salt: nonce, info: Array("payload".utf8))
    let file = header.bytes + nonce + AgeStream.seal(plaintext, key: payloadKey)
    return armoured ? AgeArmour.encode(file) : file
  }

  /// Whether a file is sealed by a passphrase.
  package static func wantsPassphrase(_ file: [UInt8]) -> Bool {
    guard let binary = AgeArmour.isArmoured(file) ? try? AgeArmour.decode(file) : file,
      let header = try? AgeHeader.parse(binary).header
    else { return false }
    return header.stanzas.contains { $0.type == AgePassphrase.type }
  }

  /// Whether a text begins as an age file does, armoured or not.
  package static func isFile(_ bytes: [UInt8]) -> Bool {
    AgeArmour.isArmoured(bytes) || bytes.starts(with: (version + "\n").utf8)
  }

  /// Opens a file, armoured or not, with the first identity that is a recipient, or with the passphrase.
  ///
  /// - Throws: ``AgeError``; nothing of the payload is returned unless all of it is genuine.
  package static func decrypt(_ file: [UInt8], with identities: [AgeIdentity], passphrase: Secret? = nil) throws(AgeError)
    -> [UInt8]
  {
    let binary = AgeArmour.isArmoured(file) ? try AgeArmour.decode(file) : file
    let (header, rest) = try AgeHeader.parse(binary)
    let fileKey = try unwrap(header, with: identities, passphrase)
    guard header.isSigned(with: fileKey) else {
      throw AgeError(.headerMismatch, "the age header was changed after it was made: its HMAC does not fit")
    }
    guard rest.count >= 16 else { throw AgeError(.invalidHeader, "the age file ends before its payload") }
    let nonce = Array(rest.prefix(16))
    let payloadKey = KeyDerivation.hkdfSHA256(fileKey, salt: nonce, info: Array("payload".utf8))
    return try AgeStream.open(Array(rest.dropFirst(16)), key: payloadKey)
  }

  private static func stanza(wrapping fileKey: [UInt8], for recipient: AgeRecipient) -> AgeHeader.Stanza {
    while true {
      let ephemeral = X25519.generatePrivateKey()
      let share = X25519.publicKey(of: ephemeral)
      // A recipient of low order would make every share the same; there is no such key made by age.
      guard let secret = X25519.sharedSecret(private: ephemeral, public: recipient.publicKey) else { continue }
      let key = KeyDerivation.hkdfSHA256(secret, salt: share + recipient.publicKey, info: stanzaInfo)
      let (wrapped, tag) = ChaCha20Poly1305.seal(fileKey, key: key, nonce: [UInt8](repeating: 0, count: 12))
      return AgeHeader.Stanza(type: "X25519", arguments: [Base64.encode(share, padded: false)], body: wrapped + tag)
    }
  }

  private static func unwrap(
    _ header: AgeHeader, with identities: [AgeIdentity], _ passphrase: Secret?
  ) throws(AgeError) -> [UInt8] {
    if let stanza = header.stanzas.first(where: { $0.type == AgePassphrase.type }) {
      guard header.stanzas.count == 1 else {
        throw AgeError(.invalidHeader, "the age header mixes a passphrase with other recipients")
      }
      return try AgePassphrase.unwrap(stanza, passphrase)
    }
    for stanza in header.stanzas where stanza.type == "X25519" {
      guard stanza.arguments.count == 1, let share = Base64.decode(stanza.arguments[0], padded: false),
        share.count == X25519.keyLength, stanza.body.count == 32
      else { throw AgeError(.invalidHeader, "an X25519 stanza of the age header is malformed") }
      for identity in identities {
        guard let secret = X25519.sharedSecret(private: identity.privateKey, public: share) else {
          throw AgeError(.invalidHeader, "an X25519 stanza of the age header has a share of low order")
        }
        let key = KeyDerivation.hkdfSHA256(secret, salt: share + identity.recipient.publicKey, info: stanzaInfo)
        let fileKey = ChaCha20Poly1305.open(
          Array(stanza.body.prefix(16)), tag: Array(stanza.body.suffix(16)), key: key, nonce: [UInt8](repeating: 0, count: 12))
        if let fileKey { return fileKey }
      }
    }
    throw AgeError(.noMatch, "none of the identities at hand is a recipient of this age file")
  }
}
