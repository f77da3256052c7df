import OpenIDCryptography
import OpenIDJSON
import Testing

@Suite struct SignatureTests {
  @Test("there is a token of another implementation for every algorithm")
  func completeness() { #expect(MadeTokens.tokens.map(\.algorithm) == SignatureAlgorithm.allCases) }

  @Test("another implementation's token is checked, its claims read, its key named", arguments: MadeTokens.tokens)
  func checking(_ made: MadeTokens.Token) throws {
    let key = try made.verificationKey()
    let token = try made.parsed()
    #expect(try token.verifiedKey(among: [key], accepting: [made.algorithm]) == key)
    #expect(token.claims == ["iss": "https://auth.example.com/", "sub": "alice"])
    #expect(key.thumbprint == made.thumbprint)
    #expect(key.keyID == made.key["kid"]?.string)
  }

  @Test("a key pair's own signature is right for its public half, and for no other message", arguments: MadeTokens.tokens)
  func ownSignature(_ made: MadeTokens.Token) throws {
    var members = made.key
    members["alg"] = .string(made.algorithm.rawValue)
    let key = try SigningKey(privateJWK: Secret(String(decoding: JSONValue.object(members).utf8(), as: UTF8.self)))
    #expect(key.algorithm == made.algorithm)
    let signature = key.signature(of: Array("message".utf8))
    #expect(key.publicKey.isValid(signature, of: Array("message".utf8), by: made.algorithm))
    #expect(!key.publicKey.isValid(signature, of: Array("Message".utf8), by: made.algorithm))
    #expect(try made.parsed().verifiedKey(among: [key.publicKey], accepting: [made.algorithm]) == key.publicKey)
  }

  @Test("a made key signs, is written as a private JWK, and comes back as the same key", arguments: SignatureAlgorithm.allCases)
  func generating(_ algorithm: SignatureAlgorithm) throws {
    let key = SigningKey.generate(for: algorithm)
    let token = try JSONWebToken(parsing: JSONWebToken.signed(["sub": "alice"], header: ["typ": "JWT"], by: key))
    #expect(token.header == ["alg": .string(algorithm.rawValue), "kid": .string(key.publicKey.thumbprint), "typ": "JWT"])
    _ = try token.verifiedKey(among: [key.publicKey], accepting: [algorithm])
    let again = try SigningKey(privateJWK: key.privateJWK)
    #expect(again.publicKey == key.publicKey && again.privateJWK == key.privateJWK)
    #expect(key.publicKey.isValid(again.signature(of: [1, 2]), of: [1, 2], by: algorithm))
    #expect(SigningKey.generate(for: algorithm).publicKey.thumbprint != key.publicKey.thumbprint)
  }

  @Test("one changed bit anywhere makes a signature wrong", arguments: MadeTokens.tokens)
  func oneBit(_ made: MadeTokens.Token) throws {
    let parts = made.text.split(separator: ".").map(String.init)
    let key = try made.verificationKey()
    let message = Array("\(parts[0]).\(parts[1])".utf8)
    let signature = try #require(decoded(parts[2]))
    #expect(key.isValid(signature, of: message, by: made.algorithm))
    for index in signature.indices {
      var spoilt = signature
      spoilt[index] ^= 1
      #expect(!key.isValid(spoilt, of: message, by: made.algorithm))
    }
    for wrong in [[], Array(signature.dropLast()), signature + [0], [UInt8](repeating: 0, count: signature.count)] {
      #expect(!key.isValid(wrong, of: message, by: made.algorithm))
    }
  }

  @Test("a token is refused", arguments: Refusal.all)
  func refusing(_ refusal: Refusal) throws {
    let rsa = MadeTokens.token(.rs256)
    let keys = [try rsa.verificationKey(), try MadeTokens.token(.es256).verificationKey()]
    #expect {
      let token = try JSONWebToken(parsing: refusal.text)
      _ = try token.verifiedKey(among: keys, accepting: refusal.accepted)
    } throws: {
      ($0 as? JSONWebTokenError)?.code == refusal.code
    }
  }

  struct Refusal: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let text: String
    var accepted: Set<SignatureAlgorithm> = [.rs256, .ps256, .es256, .edDSA]
    let code: JSONWebTokenError.Code

    static let all: [Refusal] = {
      let rsa = MadeTokens.token(.rs256)
      let parts = rsa.text.split(separator: ".").map(String.init)
      func token(_ header: JSONObject, _ signature: String = parts[2]) -> String {
        "\(encoded(JSONValue.object(header).utf8())).\(parts[1]).\(signature)"
      }
      // Algorithm confusion: the published key's bytes as the secret of an HMAC.
      let message = "\(encoded(JSONValue.object(["alg": "HS256"]).utf8())).\(parts[1])"
      let mac = HMAC.sha256(key: Array(rsa.key["n"]!.string!.utf8), Array(message.utf8))
      return [
        Refusal(testDescription: "without a signature", text: token(["alg": "none"], ""), code: .unsupported),
        Refusal(testDescription: "None with a capital", text: token(["alg": "None"], ""), code: .unsupported),
        Refusal(testDescription: "a public key as a shared secret", text: "\(message).\(encoded(mac))", code: .unsupported),
        Refusal(testDescription: "an algorithm that is not accepted", text: rsa.text, accepted: [.ps256], code: .unsupported),
        Refusal(testDescription: "no algorithm", text: token(["typ": "JWT"]), code: .malformed),
        Refusal(testDescription: "RS256 called PS256", text: token(["alg": "PS256", "kid": "rsa-1"]), code: .signature),
        Refusal(testDescription: "RS256 called ES256", text: token(["alg": "ES256"]), code: .signature),
        Refusal(testDescription: "another key's name", text: token(["alg": "RS256", "kid": "p256"]), code: .noKey),
        Refusal(testDescription: "a key that is not there", text: MadeTokens.token(.edDSA).text, code: .noKey),
        Refusal(
          testDescription: "a member that is critical", text: token(["alg": "RS256", "crit": ["exp"]]), code: .unsupported),
        Refusal(testDescription: "two parts", text: "\(parts[0]).\(parts[1])", code: .malformed),
        Refusal(testDescription: "four parts", text: rsa.text + ".e30", code: .malformed),
        Refusal(testDescription: "padding", text: rsa.text + "=", code: .malformed),
        Refusal(
          testDescription: "claims that are an array", text: "\(parts[0]).\(encoded(Array("[]".utf8))).\(parts[2])",
          code: .malformed),
        Refusal(testDescription: "nothing", text: "", code: .malformed),
      ]
    }()
  }

  @Test("a proof carries its key in the header, and no name of it")
  func headerKey() throws {
    let key = SigningKey.generate(for: .es256)
    let header: JSONObject = ["typ": "openid4vci-proof+jwt", "jwk": .object(key.publicKey.jwk)]
    let token = try JSONWebToken(parsing: JSONWebToken.signed(["nonce": "n"], header: header, by: key))
    #expect(token.header["kid"] == nil)
    let carried = try VerificationKey(jwk: try #require(token.header["jwk"]?.object))
    #expect(carried == key.publicKey && carried.jwk["d"] == nil)
    #expect(key.publicKey.didJWK == "did:jwk:" + encoded(JSONValue.object(key.publicKey.jwk).utf8()))
  }

  @Test("the Ed25519 signature and the thumbprints of the RFCs come out")
  func ofTheRFCs() throws {
    // RFC 8037, appendix A.
    let edwards = try SigningKey(
      privateJWK: Secret(
        """
        {"kty":"OKP","crv":"Ed25519","d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A",
        "x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}
        """))
    #expect(edwards.publicKey.thumbprint == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k")
    let message = Array("eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc".utf8)
    #expect(
      encoded(edwards.signature(of: message))
        == "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg")
    // RFC 7515, appendix A.3.
    let curve = try VerificationKey(jwk: [
      "kty": "EC", "crv": "P-256", "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
      "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
    ])
    let token = try JSONWebToken(
      parsing:
        "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
        + ".DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q")
    _ = try token.verifiedKey(among: [curve], accepting: [.es256])
  }
}

private func encoded(_ bytes: [UInt8]) -> String { Base64.encode(bytes, urlSafe: true, padded: false) }
private func decoded(_ text: String) -> [UInt8]? { Base64.decode(text, urlSafe: true, padded: false) }
