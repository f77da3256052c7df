import OpenIDCryptography

/// The text that stands for a sealed value, taken apart.
struct SealedValue {
  var ciphertext: [UInt8]
  var nonce: [UInt8]
  var tag: [UInt8]
  /// `str`, `int`, `float`, `bool`, `bytes` or `comment`.
  var type: String

  init(ciphertext: [UInt8], nonce: [UInt8], tag: [UInt8], type: String) {
    self.ciphertext = ciphertext
    self.nonce = nonce
    self.tag = tag
    self.type = type
  }

  /// `nil` where the text has not that form.
  init?(_ text: String) {
    guard text.hasPrefix("ENC[AES256_GCM,"), text.hasSuffix("]") else { return nil }
    var fields: [Substring: Substring] = [:]
    for field in text.dropFirst("ENC[AES256_GCM,".count).dropLast().split(separator: ",", omittingEmptySubsequences: false) {
      guard let colon = field.firstIndex(of: ":") else { return nil }
      fields[field[..<colon]] = field[field.index(after: colon)...]
    }
    guard let data = fields["data"], let iv = fields["iv"], let tag = fields["tag"], let type = fields["type"],
      let ciphertext = Base64.decode(data.utf8), let nonce = Base64.decode(iv.utf8), let tagBytes = Base64.decode(tag.utf8)
    else { return nil }
    self.init(ciphertext: ciphertext, nonce: nonce, tag: tagBytes, type: String(type))
  }

  var text: String {
    "ENC[AES256_GCM,data:\(Base64.encode(ciphertext)),iv:\(Base64.encode(nonce)),tag:\(Base64.encode(tag)),type:\(type)]"
  }
}
