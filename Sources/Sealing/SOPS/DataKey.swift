package import OpenIDCryptography

/// The key that a document's values are sealed with: 32 random bytes, wrapped for each recipient.
package struct DataKey: Sendable, CustomStringConvertible, CustomReflectable {
  private let bytes: [UInt8]
  private let cipher: AEADCipher

  init?(_ bytes: [UInt8]) {
    guard bytes.count == 32 else { return nil }
    self.bytes = bytes
    cipher = AEADCipher(.aesGCM, key: bytes)
  }

  private init(random bytes: [UInt8]) {
    self.bytes = bytes
    cipher = AEADCipher(.aesGCM, key: bytes)
  }

  package static func generate() -> DataKey { DataKey(random: Random.bytes(32)) }

  package var description: String { "(sensitive)" }
  package var customMirror: Mirror { Mirror(self, children: [:]) }

  /// The data key as an armoured age file for one recipient.
  package func wrapped(for recipient: AgeRecipient) -> String {
    String(decoding: Age.encrypt(bytes, to: [recipient]), as: UTF8.self)
  }

  /// The data key from an envelope; `nil` where no identity opens it or it holds something else.
  package static func unwrap(_ armoured: String, with identities: AgeIdentities) -> DataKey? {
    guard let bytes = try? Age.decrypt(Array(armoured.utf8), with: identities.identities) else { return nil }
    return DataKey(bytes)
  }

  /// Seals a value for its place: `ENC[AES256_GCM,data:…,iv:…,tag:…,type:str]`.
  ///
  /// The path is authenticated with it, so that the text opens nowhere else. An empty value stays empty, as at sops.
  package func seal(_ value: Secret, at path: [String]) -> String {
    value.isEmpty ? "" : seal(Array(value.exposed.utf8), additionalData: DataKey.additionalData(path))
  }

  /// Opens a value at its place.
  ///
  /// - Throws: ``SOPSError`` `damagedValue` or `clearValue`, with the path.
  package func open(_ sealed: String, at path: [String]) throws(SOPSError) -> Secret {
    if sealed.isEmpty { return Secret("") }
    return Secret(String(decoding: try plaintext(of: sealed, path: path), as: UTF8.self))
  }

  func seal(_ plaintext: [UInt8], additionalData: [UInt8]) -> String {
    let nonce = Random.bytes(32)
    let (ciphertext, tag) = cipher.seal(plaintext, nonce: nonce, additionalData: additionalData)
    return SealedValue(ciphertext: ciphertext, nonce: nonce, tag: tag, type: "str").text
  }

  func plaintext(of sealed: String, path: [String]) throws(SOPSError) -> [UInt8] {
    guard let value = SealedValue(sealed) else {
      throw SOPSError(
        .clearValue, "\(path.joined(separator: ".")) must be sealed and stands in the clear. Take the file back from git.")
    }
    guard let plaintext = open(value, additionalData: DataKey.additionalData(path)) else {
      throw SOPSError(
        .damagedValue,
        "\(path.joined(separator: ".")) does not open: it was changed by hand or moved there. Take the file back from git.")
    }
    return plaintext
  }

  /// A key for another purpose than sealing values, derived from this one.
  package func derived(for purpose: String) -> [UInt8] {
    KeyDerivation.hkdfSHA256(bytes, info: Array(purpose.utf8))
  }

  func open(_ value: SealedValue, additionalData: [UInt8]) -> [UInt8]? {
    cipher.open(value.ciphertext, tag: value.tag, nonce: value.nonce, additionalData: additionalData)
  }

  /// The path as sops authenticates it: each key with a colon behind it; list indexes are no part of it.
  static func additionalData(_ path: [String]) -> [UInt8] {
    var bytes: [UInt8] = []
    for key in path {
      bytes += key.utf8
      bytes.append(UInt8(ascii: ":"))
    }
    return bytes
  }
}
