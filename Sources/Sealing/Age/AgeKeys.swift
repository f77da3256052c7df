package import OpenIDCryptography

/// Whom a file is sealed for: an X25519 public key, `age1…`.
package struct AgeRecipient: Sendable, Hashable, CustomStringConvertible {
  let publicKey: [UInt8]

  init(publicKey: [UInt8]) { self.publicKey = publicKey }

  /// - Throws: ``AgeError`` where the text is no age recipient.
  package init(parsing text: String) throws(AgeError) {
    guard let (prefix, bytes) = Bech32.decode(text), prefix == "age", bytes.count == X25519.keyLength, text == text.lowercased()
    else {
      throw AgeError(
        .invalidRecipient, "this is no age recipient: one begins with age1 and comes from clientsync keys new or age-keygen")
    }
    publicKey = bytes
  }

  package var text: String { Bech32.encode(prefix: "age", publicKey) }
  package var description: String { text }
}

/// The key that opens what was sealed for its recipient: an X25519 private key, `AGE-SECRET-KEY-1…`.
package struct AgeIdentity: Sendable, CustomStringConvertible, CustomReflectable {
  let privateKey: [UInt8]
  package let recipient: AgeRecipient

  init(privateKey: [UInt8]) {
    self.privateKey = privateKey
    recipient = AgeRecipient(publicKey: X25519.publicKey(of: privateKey))
  }

  /// - Throws: ``AgeError`` where the text is no age identity; it does not quote the text.
  package init(parsing text: String) throws(AgeError) {
    guard let (prefix, bytes) = Bech32.decode(text), prefix == "age-secret-key-", bytes.count == X25519.keyLength,
      text == text.uppercased()
    else { throw AgeError(.invalidIdentity, "this is no age identity: one begins with AGE-SECRET-KEY-1") }
    self.init(privateKey: bytes)
  }

  package static func generate() -> AgeIdentity { AgeIdentity(privateKey: X25519.generatePrivateKey()) }

  package var text: Secret { Secret(Bech32.encode(prefix: "age-secret-key-", privateKey).uppercased()) }
  package var description: String { "identity of \(recipient)" }
  package var customMirror: Mirror { Mirror(self, children: ["recipient": recipient]) }
}
