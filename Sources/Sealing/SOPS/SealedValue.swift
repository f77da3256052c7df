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

  /// `nil` where the text has not that form: four members, in sops's order.
  init?(_ text: String) {
    var fields = Fields(bytes: Array(text.utf8))
    guard fields.skip("ENC[AES256_GCM,data:"), let data = fields.base64(until: ",iv:"), let iv = fields.base64(until: ",tag:"),
      let tag = fields.base64(until: ",type:"), let type = fields.text(until: "]"), fields.isAtEnd
    else { return nil }
    self.init(ciphertext: data, nonce: iv, tag: tag, type: type)
  }

  var text: String {
    "ENC[AES256_GCM,data:\(Base64.encode(ciphertext)),iv:\(Base64.encode(nonce)),tag:\(Base64.encode(tag)),type:\(type)]"
  }
}

/// Reads a sealed value's text member by member.
private struct Fields {
  let bytes: [UInt8]
  var position = 0

  init(bytes: [UInt8]) { self.bytes = bytes }

  var isAtEnd: Bool { position == bytes.count }

  mutating func skip(_ word: StaticString) -> Bool {
    guard bytes.count - position >= word.utf8CodeUnitCount else { return false }
    for index in 0..<word.utf8CodeUnitCount {
      guard unsafe bytes[position + index] == word.utf8Start[index] else { return false }
    }
    position += word.utf8CodeUnitCount
    return true
  }

  /// The bytes up to the word, which is taken too. None of the values before the type holds a comma.
  private mutating func field(until word: StaticString) -> ArraySlice<UInt8>? {
    let first = unsafe word.utf8Start.pointee
    guard let end = bytes[position...].firstIndex(of: first) else { return nil }
    let field = bytes[position..<end]
    position = end
    return skip(word) ? field : nil
  }

  mutating func base64(until word: StaticString) -> [UInt8]? { field(until: word).flatMap { Base64.decode($0) } }

  mutating func text(until word: StaticString) -> String? { field(until: word).map { String(decoding: $0, as: UTF8.self) } }
}
