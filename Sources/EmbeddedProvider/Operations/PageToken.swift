import OpenIDCryptography
import OpenIDJSON

/// Where a page of the list begins: sealed, so that nobody relies on what is in it, and good for an hour, as at Hydra.
struct PageToken {
  /// The page begins behind this id.
  let after: String

  init(after: String) { self.after = after }

  func text(key: [UInt8], now: GoTime = .now) -> String {
    let content: JSONObject = ["after": .string(after), "until": .number(JSONNumber(now.seconds + 3_600))]
    let nonce = Random.bytes(12)
    let (sealed, tag) = AESGCM.seal(JSONValue.object(content).utf8(), key: key, nonce: nonce)
    return Base64.encode(nonce + sealed + tag, urlSafe: true)
  }

  /// - Throws: Hydra's words for a token that is none, or none any more.
  init(_ text: String, key: [UInt8], now: GoTime = .now) throws(PageTokenError) {
    guard let bytes = Base64.decode(text, urlSafe: true), bytes.count > 28,
      let content = AESGCM.open(
        Array(bytes[12..<bytes.count - 16]), tag: Array(bytes.suffix(16)), key: key, nonce: Array(bytes.prefix(12))),
      let members = try? JSONValue(parsing: content), let after = members["after"]?.string,
      let until = members["until"]?.integer
    else { throw PageTokenError(message: "invalid pagination token") }
    guard until >= now.seconds else {
      throw PageTokenError(message: "page token expired, do not persist page tokens")
    }
    self.after = after
  }
}

struct PageTokenError: Error, Equatable {
  let message: String
}
