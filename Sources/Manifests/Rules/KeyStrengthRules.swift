import OpenIDCryptography
import OpenIDJSON
import YAML

extension Rule {
  /// RFC 7518, section 3.3: 2048 bits or more. A shorter key can be factored.
  static let weakKey = Rule("weak-key", about: ["jwks"]) { client in
    (client["jwks"]?["keys"]?.array ?? []).enumerated().compactMap { index, key in
      guard key["kty"]?.string == "RSA", privateMember(of: key) == nil, let modulus = key["n"]?.string,
        let bits = bits(of: modulus), bits < 2048
      else {
        return nil
      }
      return .value(
        .member("jwks"), .member("keys"), .index(index), .member("n"), message: "this RSA key has \(bits) bits",
        hint: "Make one of 2048 or more (RFC 7518, section 3.3), or an EC key.")
    }
  }

  /// RFC 7517, section 4.5: whoever picks a key by its `kid` must find one.
  static let duplicateKeyID = Rule("duplicate-key-id", about: ["jwks"]) { client in
    var seen: Set<String> = []
    return (client["jwks"]?["keys"]?.array ?? []).enumerated().compactMap { index, key in
      guard let name = key["kid"]?.string, !seen.insert("\(key["kty"]?.string ?? "") \(name)").inserted else { return nil }
      return .value(
        .member("jwks"), .member("keys"), .index(index), .member("kid"), message: "another key is called \(quoted(name))",
        hint: "Give each key a kid of its own (RFC 7517, section 4.5).")
    }
  }

  /// The length of a number in base64url; `nil` where it is none.
  private static func bits(of text: String) -> Int? {
    guard let bytes = Base64.decode(text, urlSafe: true, padded: false, strict: false) else { return nil }
    let number = bytes.drop { $0 == 0 }
    return number.isEmpty ? nil : number.count * 8 - number.first!.leadingZeroBitCount
  }
}
