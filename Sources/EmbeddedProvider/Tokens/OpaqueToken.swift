import OpenIDCryptography

/// A token that says nothing: a prefix, random bytes, a dot, and their signature under a key of the server's. Only the signature is
/// stored, so nobody can read a token out of the data.
struct OpaqueToken: Sendable {
  enum Kind: String, Sendable, Hashable, CaseIterable {
    /// For managing a client (RFC 7592). Hydra gives it an access token's prefix.
    case registration
    case code
    case access
    case refresh
    /// In the cookie of a browser that is signed in.
    case session

    var prefix: String {
      switch self {
      case .registration, .access: "ory_at_"
      case .code: "ory_ac_"
      case .refresh: "ory_rt_"
      case .session: ""
      }
    }
  }

  /// What somebody shows, taken apart.
  struct Shown: Sendable {
    let signature: String
    /// Whether the signature is that of the random bytes before it.
    let isGenuine: Bool
  }

  let text: Secret
  let signature: String

  /// A new token.
  init(_ kind: Kind, key: [UInt8], random: [UInt8] = Random.bytes(32)) {
    signature = OpaqueToken.encode(HMAC.sha256(key: key, random))
    text = Secret(kind.prefix + OpaqueToken.encode(random) + "." + signature)
  }

  /// Takes a token apart; `nil` where it has not the form of one. The prefix may be missing.
  static func shown(_ text: String, as kind: Kind, key: [UInt8]) -> Shown? {
    let bare = text.hasPrefix(kind.prefix) ? text.dropFirst(kind.prefix.count) : Substring(text)
    guard let dot = bare.firstIndex(of: "."),
      let random = Base64.decode(String(bare[..<dot]), urlSafe: true, padded: false), !random.isEmpty,
      let signature = Base64.decode(String(bare[bare.index(after: dot)...]), urlSafe: true, padded: false)
    else { return nil }
    return Shown(signature: encode(signature), isGenuine: HMAC.areEqual(HMAC.sha256(key: key, random), signature))
  }

  /// The signature of a token that somebody shows; `nil` where it is none of ours.
  static func signature(of text: String, as kind: Kind, key: [UInt8]) -> String? {
    shown(text, as: kind, key: key).flatMap { $0.isGenuine ? $0.signature : nil }
  }

  private static func encode(_ bytes: [UInt8]) -> String { Base64.encode(bytes, urlSafe: true, padded: false) }
}
