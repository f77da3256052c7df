import OpenIDJSON
import YAML

extension Rule {
  /// RFC 7591, section 2: the two must not both be present.
  static let jwksAndJWKSURI = Rule("jwks-and-jwks-uri", about: ["jwks", "jwks_uri"], triggers: ["jwks"]) { client in
    guard client.hasKeySet, client.text("jwks_uri") != nil else { return [] }
    return [.about("jwks_uri", "jwks and jwks_uri exclude each other", hint: "Keep one of the two (RFC 7591, section 2).")]
  }

  /// RFC 7517, section 5: a key set has a list of keys, and each key says its type.
  static let jwksShape = Rule("jwks-shape", about: ["jwks"]) { client in
    guard client.hasKeySet, let set = client["jwks"] else { return [] }
    guard let keys = set["keys"]?.array else {
      return [.about("jwks", "jwks needs a list of keys", hint: "Write it as jwks: { keys: [ … ] } (RFC 7517, section 5).")]
    }
    return keys.enumerated().compactMap { index, key in
      guard let type = key["kty"]?.string else {
        return .value(
          .member("jwks"), .member("keys"), .index(index), message: "this key does not say its type",
          hint: "Each key needs kty: RSA, EC or OKP (RFC 7517, section 4.1).")
      }
      // One that must go is not judged further.
      guard privateMember(of: key) == nil, let missing = needed[type]?.first(where: { key[$0]?.string?.isEmpty ?? true }) else {
        return nil
      }
      return .value(
        .member("jwks"), .member("keys"), .index(index), message: "this \(type) key has no \(quoted(missing))",
        hint: "An \(type) key has \(needed[type]!.joined(separator: ", ")) (RFC 7518, section 6; RFC 8037, section 2).")
    }
  }

  private static let needed = ["RSA": ["n", "e"], "EC": ["crv", "x", "y"], "OKP": ["crv", "x"]]

  /// The key itself is never quoted, and excerpts cover it.
  static let privateKey = Rule("private-key", about: ["jwks"]) { client in
    (client["jwks"]?["keys"]?.array ?? []).enumerated().compactMap { index, key in
      let isSymmetric = key["kty"]?.string == "oct"
      guard let member = privateMember(of: key) else { return nil }
      return Finding(
        path: [.member("jwks"), .member("keys"), .index(index), .member(member)], isAboutName: true,
        message: isSymmetric ? "this key is a shared secret" : "this key is a private one",
        hint: "Only public keys belong here. Make a new key, for this one has been in a file, and leave \(member) out.")
    }
  }

  /// The first member that makes a key a secret one (RFC 7518, section 6).
  static func privateMember(of key: JSONValue) -> String? {
    let secrets: Set<String> = key["kty"]?.string == "oct" ? ["k"] : ["d", "p", "q", "dp", "dq", "qi", "oth"]
    return key.object?.first { secrets.contains($0.name) }?.name
  }

  static let privateKeyJWTKeys = Rule(
    "private-key-jwt-keys", about: ["jwks", "jwks_uri", "token_endpoint_auth_method"], triggers: ["token_endpoint_auth_method"]
  ) {
    client in
    guard client.authenticationMethod == "private_key_jwt", client.text("jwks_uri") == nil else { return [] }
    guard client["jwks"]?["keys"]?.array?.isEmpty != false else { return [] }
    // A set without its list of keys is told elsewhere.
    if client.hasKeySet, client["jwks"]?["keys"] == nil { return [] }
    return [
      .value(
        .member("token_endpoint_auth_method"), message: "private_key_jwt needs a public key",
        hint: "Give jwks with the key, or jwks_uri where the provider can fetch it.")
    ]
  }
}
