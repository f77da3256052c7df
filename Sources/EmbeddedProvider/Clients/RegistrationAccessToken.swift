import OpenIDCryptography

/// A registration access token: `ory_at_`, random bytes, a dot, and their signature under a key of the server's. Only the
/// signature is stored, so nobody can read a token out of the data.
struct RegistrationAccessToken: Sendable {
  static let prefix = "ory_at_"

  let text: Secret
  let signature: String

  /// A new token.
  init(key: [UInt8]) {
    let random = Random.bytes(32)
    signature = RegistrationAccessToken.encode(HMAC.sha256(key: key, random))
    text = Secret(RegistrationAccessToken.prefix + RegistrationAccessToken.encode(random) + "." + signature)
  }

  /// The signature of a token that somebody shows; `nil` where it is none of ours. The prefix may be missing.
  static func signature(of text: String, key: [UInt8]) -> String? {
    let bare = text.hasPrefix(prefix) ? text.dropFirst(prefix.count) : Substring(text)
    guard let dot = bare.firstIndex(of: "."),
      let random = Base64.decode(String(bare[..<dot]), urlSafe: true, padded: false), !random.isEmpty,
      let signature = Base64.decode(String(bare[bare.index(after: dot)...]), urlSafe: true, padded: false),
      HMAC.areEqual(HMAC.sha256(key: key, random), signature)
    else { return nil }
    return encode(signature)
  }

  private static func encode(_ bytes: [UInt8]) -> String { Base64.encode(bytes, urlSafe: true, padded: false) }
}
