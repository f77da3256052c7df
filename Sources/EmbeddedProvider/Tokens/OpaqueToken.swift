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
  init(_ kind: Kind, key: HMACKey, random: [UInt8] = Random.bytes(32)) {
    signature = OpaqueToken.encode(key.sha256(random))
    text = Secret(kind.prefix + OpaqueToken.encode(random) + "." + signature)
  }

  /// Takes a token apart; `nil` where it has not the form of one. The prefix may be missing.
  static func shown(_ text: String, as kind: Kind, key: HMACKey) -> Shown? {
    // By bytes, in a fraction of the time that characters take.
    var bare = Array(text.utf8)[...]
    if bare.starts(with: kind.prefix.utf8) { bare = bare.dropFirst(kind.prefix.utf8.count) }
    guard let dot = bare.firstIndex(of: UInt8(ascii: ".")),
      let random = Base64.decode(bare[..<dot], urlSafe: true, padded: false), !random.isEmpty,
      let signature = Base64.decode(bare[(dot + 1)...], urlSafe: true, padded: false)
    else { return nil }
    return Shown(signature: encode(signature), isGenuine: HMAC.areEqual(key.sha256(random), signature))
  }

  /// The signature of a token that somebody shows; `nil` where it is none of ours.
  static func signature(of text: String, as kind: Kind, key: HMACKey) -> String? {
    shown(text, as: kind, key: key).flatMap { $0.isGenuine ? $0.signature : nil }
  }

  private static func encode(_ bytes: [UInt8]) -> String { Base64.encode(bytes, urlSafe: true, padded: false) }
}
