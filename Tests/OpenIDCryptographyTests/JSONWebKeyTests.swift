import OpenIDCryptography
import OpenIDJSON
import Testing

@Suite struct JSONWebKeyTests {
  struct Mistake: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let jwk: JSONObject
    let code: JSONWebKeyError.Code
    var isPrivate = false

    init(_ description: String, _ code: JSONWebKeyError.Code, _ jwk: JSONObject, isPrivate: Bool = false) {
      testDescription = description
      (self.code, self.jwk, self.isPrivate) = (code, jwk, isPrivate)
    }

    static func changed(_ algorithm: SignatureAlgorithm, _ name: String, _ value: JSONValue?) -> JSONObject {
      var key = MadeTokens.token(algorithm).key
      key[name] = value
      return key
    }

    static let all: [Mistake] = [
      Mistake("no type", .malformed, ["n": "AQAB", "e": "AQAB"]),
      Mistake("a shared secret", .unsupported, ["kty": "oct", "k": "AQAB"]),
      Mistake("a curve of Bitcoin's", .unsupported, changed(.es256, "crv", "secp256k1")),
      Mistake("X25519, which does not sign", .unsupported, changed(.edDSA, "crv", "X25519")),
      Mistake("1024 bits", .size, MadeTokens.file["shortRSA"]!.object!),
      Mistake("a modulus of zeros", .size, changed(.rs256, "n", "AAAA")),
      Mistake("no modulus", .malformed, changed(.rs256, "n", nil)),
      Mistake("a modulus that is a number", .malformed, changed(.rs256, "n", 7)),
      Mistake("a modulus with padding", .malformed, changed(.rs256, "n", "AQAB==")),
      Mistake("an even exponent", .unsound, changed(.rs256, "e", "AQAA")),
      Mistake("the exponent 1", .unsound, changed(.rs256, "e", "AQ")),
      Mistake("no exponent", .unsound, changed(.rs256, "e", "")),
      Mistake("a coordinate too short", .malformed, changed(.es256, "x", "AQAB")),
      Mistake("a point beside its curve", .unsound, changed(.es256, "x", MadeTokens.token(.es256).key["y"])),
      Mistake("an Edwards key of 3 bytes", .malformed, changed(.edDSA, "x", "AQAB")),
      Mistake("another key's private half", .unsound, changed(.es256, "d", MadeTokens.token(.es256).key["x"]), isPrivate: true),
      Mistake(
        "an Edwards key's other public half", .unsound, changed(.edDSA, "x", MadeTokens.token(.edDSA).key["d"]), isPrivate: true
      ),
      Mistake("one prime without the rest", .malformed, changed(.rs256, "qi", nil), isPrivate: true),
      Mistake("for encryption only", .unsupported, changed(.rs256, "use", "enc"), isPrivate: true),
    ]
  }

  @Test("a key that is none is refused, and none of its values is told", arguments: Mistake.all)
  func refusing(_ mistake: Mistake) {
    #expect {
      if mistake.isPrivate {
        _ = try SigningKey(privateJWK: Secret(String(decoding: JSONValue.object(mistake.jwk).utf8(), as: UTF8.self)))
      } else {
        _ = try VerificationKey(jwk: mistake.jwk)
      }
    } throws: { error in
      guard let error = error as? JSONWebKeyError else { return false }
      let values = mistake.jwk.compactMap { $0.value.string }.filter { $0.count > 8 }
      return error.code == mistake.code && !values.contains(where: error.description.contains)
    }
  }

  @Test(
    "use, key_ops and alg narrow what a key checks",
    arguments: [
      (["use": "enc"], []), (["use": "sig"], [.rs256, .rs384, .rs512, .ps256, .ps384, .ps512]), (["alg": "PS256"], [.ps256]),
      (["alg": "ES256"], []), (["alg": "RSA-OAEP"], []), (["key_ops": ["encrypt"]], []),
      (["key_ops": ["verify"], "alg": "RS256"], [.rs256]),
    ] as [(JSONObject, [SignatureAlgorithm])])
  func purpose(_ members: JSONObject, _ algorithms: [SignatureAlgorithm]) throws {
    let key = try VerificationKey(jwk: MadeTokens.token(.rs256).key.merging(members))
    #expect(key.algorithms == algorithms)
  }

  @Test("a private key prints none of itself, and its public half holds nothing private")
  func secrecy() throws {
    for algorithm in [SignatureAlgorithm.rs256, .es384, .edDSA] {
      let key = SigningKey.generate(for: algorithm)
      let whole = try #require((try JSONValue(parsing: Array(key.privateJWK.exposed.utf8))).object)
      var printed = "\(key) \(String(reflecting: key)) \(key.publicKey.jwk)"
      dump(key, to: &printed)
      for name in ["d", "p", "q", "dp", "dq", "qi"] {
        if let value = whole[name]?.string { #expect(!printed.contains(value)) }
      }
    }
  }
}
