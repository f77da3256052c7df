import OpenIDCryptography
import OpenIDJSON
import Testing

@testable import EmbeddedProvider

/// The credential endpoint, beyond what the recordings show.
@Suite struct CredentialTests {
  private func ask(_ provider: TestProvider, _ token: String?, proof: JSONValue? = nil) throws -> TestAnswer {
    var body: JSONObject = ["format": "jwt_vc_json"]
    body["proof"] = proof
    return try provider.request("POST", "/credentials", token: token, body: body.text())
  }

  private func proof(_ nonce: String?, by key: SigningKey, _ changes: JSONObject = [:]) -> JSONValue {
    var claims: JSONObject = ["iat": .number(JSONNumber(GoTime.now.seconds))]
    claims["nonce"] = nonce.map(JSONValue.string)
    let token = JSONWebToken.signed(claims.merging(changes), header: ["jwk": .object(key.publicKey.jwk)], by: key)
    return ["proof_type": "jwt", "jwt": .string(token)]
  }

  @Test("every algorithm that discovery names proves a key", arguments: SignatureAlgorithm.allCases)
  func algorithms(algorithm: SignatureAlgorithm) throws {
    let provider = try TestProvider()
    let tokens = try provider.signIn(try provider.registerApplication(), ["login_claims": #"{"email":"a@b"}"#])
    let nonce = try ask(provider, tokens["access_token"])["c_nonce"]
    let key = SigningKey.generate(for: algorithm)
    let answer = try ask(provider, tokens["access_token"], proof: proof(nonce, by: key))
    #expect(answer.status == 200, "\(answer.text)")
    let claims = try provider.claims(answer["credential_draft_00"])
    #expect(claims["sub"]?.string == key.publicKey.didJWK)
    #expect(claims["vc"]?["credentialSubject"]?["id"]?.string == key.publicKey.didJWK)
    #expect(claims["vc"]?["credentialSubject"]?["email"] == "a@b")
  }

  @Test("the nonce of the token endpoint serves as well, with its own access token alone")
  func nonceOfTheTokenEndpoint() throws {
    let provider = try TestProvider()
    let client = try provider.registerApplication(["scope": "openid userinfo_credential_draft_00"])
    let tokens = try (0..<2).map { _ in try provider.signIn(client, ["scope": "openid userinfo_credential_draft_00"]) }
    let key = SigningKey.generate(for: .edDSA)
    let proof = proof(tokens[0]["c_nonce_draft_00"], by: key)
    #expect(try ask(provider, tokens[0]["access_token"], proof: proof).status == 200)
    #expect(try ask(provider, tokens[1]["access_token"], proof: proof)["error"] == "invalid_request")
  }

  @Test("a proof that proves nothing is refused")
  func badProofs() throws {
    let provider = try TestProvider()
    let tokens = try provider.signIn(try provider.registerApplication())
    let nonce = try ask(provider, tokens["access_token"])["c_nonce"]
    let key = SigningKey.generate(for: .es256)
    let token = JSONWebToken.signed(["nonce": .string(nonce ?? "")], by: key)
    let old = CredentialNonce.make(
      for: tokens["access_token"] ?? "", until: GoTime.now.seconds - 1, key: provider.store.keys.nonce)
    let proofs: [JSONValue] = [
      proof(nil, by: key), proof(old, by: key), proof(nonce, by: key, ["exp": 1_000_000_000]),
      proof(nonce, by: key, ["nbf": 9_000_000_000]), ["proof_type": "jwt", "jwt": .string(token)],
      ["proof_type": "jwt", "jwt": "x"], ["proof_type": "jwt"], [:], "x", 1,
    ]
    for proof in proofs {
      let answer = try ask(provider, tokens["access_token"], proof: proof)
      #expect(answer.status == 400)
      #expect(answer["error"] == "invalid_request")
      #expect(answer["c_nonce"] == nil)
    }
  }

  @Test("a client's own token stands for nobody")
  func noPerson() throws {
    let provider = try TestProvider()
    let client = try provider.registerApplication(["grant_types": ["client_credentials"]])
    let token = try provider.tokenRequest(["grant_type": "client_credentials"], basic: (client.id, client.secret))
    #expect(try ask(provider, token["access_token"])["error"] == "invalid_request")
  }
}
