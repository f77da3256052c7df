import OpenIDRegistration
import Synchronization
import Testing

/// Getting verifiable credentials.
@Suite struct CredentialTests {
  private static let endpoint = "https://auth.example.com/credentials"
  private static let now = 1_700_000_000
  private static let issuerKey = SigningKey.generate(for: .es256)

  private static func priming(_ nonce: String) -> HTTPResponse {
    .json(400, ["format": "jwt_vc", "c_nonce": .string(nonce), "c_nonce_expires_in": 3600, "error": "missing_proof"])
  }

  private static func credential(for key: VerificationKey) -> HTTPResponse {
    let claims: JSONObject = [
      "iss": "https://auth.example.com", "sub": .string(key.didJWK), "exp": 1_700_003_600,
      "vc": ["type": ["VerifiableCredential"], "credentialSubject": ["email": "a@example.com"]],
    ]
    return .json(
      200,
      ["format": "jwt_vc_json", "credential_draft_00": .string(JSONWebToken.signed(claims, by: issuerKey)), "c_nonce": "next"])
  }

  /// The issuer that Hydra is: a nonce where there is no proof, a credential for a proof over the right nonce, with the key in it.
  private func issuer(nonces: [String], refusal: JSONValue = ["error": "invalid_request"]) -> (
    OpenIDRegistrationClient, StubTransport
  ) {
    let left = Mutex(nonces[...])
    let transport = StubTransport { request throws(HTTPTransportError) in
      let body = request.body.flatMap { try? JSONValue(parsing: $0) }
      guard let text = body?["proof"]?["jwt"]?.string else { return Self.priming(left.withLock { $0.first } ?? "none") }
      guard let proof = try? JSONWebToken(parsing: text), let jwk = proof.header["jwk"]?.object,
        let key = try? VerificationKey(jwk: jwk), (try? proof.verifiedKey(among: [key], accepting: [.es256, .edDSA])) != nil
      else { return .json(400, ["error": "the proof is wrong"]) }
      let isRight = left.withLock { left in
        if proof.claims["nonce"]?.string == left.first { return true }
        left.removeFirst()
        return false
      }
      return isRight ? Self.credential(for: key) : .json(400, refusal)
    }
    return (OpenIDRegistrationClient(transport: transport, currentTime: { Self.now }), transport)
  }

  private func proof(in request: HTTPRequest) throws -> JSONWebToken {
    let body = try JSONValue(parsing: #require(request.body))
    #expect(body["proof"]?["proof_type"] == "jwt")
    return try JSONWebToken(parsing: #require(body["proof"]?["jwt"]?.string))
  }

  @Test(arguments: [SignatureAlgorithm.es256, .edDSA])
  func `one call asks for the nonce, proves the key, and brings the credential`(_ algorithm: SignatureAlgorithm) async throws {
    let (client, transport) = issuer(nonces: ["n-1"])
    let key = SigningKey.generate(for: algorithm)
    let found = try await client.createVerifiableCredential(
      at: Self.endpoint, accessToken: Secret("token"), key: key, audience: "https://auth.example.com", clientID: "app")
    #expect(transport.requests.count == 2)
    #expect(transport.requests.allSatisfy { $0.method == .post && $0.headers["Authorization"] == "Bearer token" })
    let first = try JSONValue(parsing: #require(transport.requests[0].body))
    #expect(first == ["format": "jwt_vc_json", "types": ["VerifiableCredential", "UserInfoCredential"]])
    let proof = try proof(in: transport.requests[1])
    #expect(proof.header["typ"] == "openid4vci-proof+jwt" && proof.header["kid"] == nil)
    #expect(proof.header["alg"]?.string == algorithm.rawValue)
    #expect(proof.header["jwk"]?["d"] == nil && proof.header["jwk"]?["x"] != nil)
    #expect(
      proof.claims == ["iss": "app", "aud": "https://auth.example.com", "iat": 1_700_000_000, "nonce": "n-1"])

    #expect(found.format == "jwt_vc_json" && found.issuer == "https://auth.example.com" && found.expiresAt == 1_700_003_600)
    #expect(found.isBound(to: key.publicKey) && !found.isBound(to: Self.issuerKey.publicKey))
    #expect(found.types == ["VerifiableCredential"] && found.credentialSubject?["email"] == "a@example.com")
    #expect(found.nextNonce?.value == Secret("next") && found.signedBy == nil)
    #expect(found.members.names == ["format", "c_nonce"])
    #expect(try JSONWebToken(parsing: found.credential.exposed).claims == found.claims)
  }

  @Test func `the two steps can be taken apart`() async throws {
    let (client, _) = issuer(nonces: ["n-1"])
    let nonce = try await client.primeVerifiableCredential(at: Self.endpoint, accessToken: Secret("token"))
    #expect(nonce == CredentialNonce(Secret("n-1"), expiresIn: 3600))
    let key = SigningKey.generate(for: .es256)
    let proof = CredentialProof(nonce: nonce, key: key, issuedAt: 5)
    let claims = try JSONWebToken(parsing: proof.jwt.exposed).claims
    #expect(claims == ["iat": 5, "nonce": "n-1"])
    let found = try await client.createVerifiableCredential(at: Self.endpoint, accessToken: Secret("token"), proof: proof)
    #expect(found.isBound(to: key.publicKey))
  }

  @Test func `a nonce that was handed in and is too old is asked for once more, and only once`() async throws {
    let (client, transport) = issuer(nonces: ["forgotten", "n-2"])
    let key = SigningKey.generate(for: .es256)
    _ = try await client.createVerifiableCredential(
      at: Self.endpoint, accessToken: Secret("token"), key: key, nonce: CredentialNonce(Secret("old")))
    // A proof, a priming, a proof.
    #expect(try transport.requests.map { try JSONValue(parsing: #require($0.body))["proof"] != nil } == [true, false, true])

    let refusal = HTTPResponse.json(400, ["error": "invalid_request"])
    let stubborn = StubTransport(refusal, Self.priming("n"), refusal)
    let error = await failure {
      _ = try await OpenIDRegistrationClient(transport: stubborn).createVerifiableCredential(
        at: Self.endpoint, accessToken: Secret("token"), key: key, nonce: CredentialNonce(Secret("old")))
    }
    #expect(error?.code == .refused && stubborn.requests.count == 3)
  }

  @Test func `a refusal that brings another nonce is answered with another proof, once`() async throws {
    let key = SigningKey.generate(for: .es256)
    let (client, transport) = issuer(nonces: ["x", "n-2"], refusal: ["error": "invalid_proof", "c_nonce": "n-2"])
    _ = try await client.createVerifiableCredential(
      at: Self.endpoint, accessToken: Secret("token"), key: key, nonce: CredentialNonce(Secret("n-1")))
    #expect(transport.requests.count == 2)

    let count = Mutex(0)
    let stubborn = StubTransport { _ throws(HTTPTransportError) in
      Self.priming("n-\(count.withLock { count in count += 1; return count })")
    }
    let error = await failure {
      _ = try await OpenIDRegistrationClient(transport: stubborn).createVerifiableCredential(
        at: Self.endpoint, accessToken: Secret("token"), key: key)
    }
    #expect(error?.code == .refused && error?.effect == Effect.none && error?.credentialNonce?.value == Secret("n-3"))
    #expect(stubborn.requests.count == 3)
  }

  @Test func `a fresh nonce that is refused without another is a refusal`() async {
    let transport = StubTransport(
      Self.priming("n"), .json(400, ["error": "invalid_request", "error_description": "The nonce is invalid."]))
    let error = await failure {
      _ = try await OpenIDRegistrationClient(transport: transport).createVerifiableCredential(
        at: Self.endpoint, accessToken: Secret("token"), key: .generate(for: .es256))
    }
    #expect(error?.code == .refused && error?.errorDescription == "The nonce is invalid.")
    #expect(transport.requests.count == 2)
  }

  @Test func `the nonce of the token endpoint is one too`() {
    #expect(
      CredentialNonce(["access_token": "t", "c_nonce_draft_00": "n", "c_nonce_expires_in_draft_00": 5])
        == CredentialNonce(Secret("n"), expiresIn: 5))
    #expect(CredentialNonce(["c_nonce": ""]) == nil && CredentialNonce(["c_nonce": 1]) == nil)
  }

  @Test func `the credential's signature is checked where keys are given`() async throws {
    let key = SigningKey.generate(for: .es256)
    for signer in [Self.issuerKey, SigningKey.generate(for: .es256)] {
      let transport = StubTransport { request throws(HTTPTransportError) in
        request.url == Self.endpoint
          ? Self.credential(for: key.publicKey) : .json(200, ["keys": [.object(signer.publicKey.jwk)]])
      }
      let client = OpenIDRegistrationClient(transport: transport)
      let keys = ProviderKeys(jwksURI: "https://auth.example.com/jwks", client: client)
      let proof = CredentialProof(jwt: Secret("made elsewhere"))
      let outcome = await failure {
        let found = try await client.createVerifiableCredential(
          at: Self.endpoint, accessToken: Secret("token"), proof: proof, keys: keys)
        #expect(found.signedBy == Self.issuerKey.publicKey)
      }
      let isRight = signer.publicKey == Self.issuerKey.publicKey
      #expect(outcome?.code == (isRight ? nil : .signature(.noKey)) && outcome?.effect == (isRight ? nil : .done))
    }
  }

  @Test func `a credential that is bound to another key is not handed on, and one that names its holder otherwise is`()
    async throws
  {
    let key = SigningKey.generate(for: .es256)
    let other = StubTransport(Self.priming("n"), Self.credential(for: SigningKey.generate(for: .es256).publicKey))
    let error = await failure {
      _ = try await OpenIDRegistrationClient(transport: other).createVerifiableCredential(
        at: Self.endpoint, accessToken: Secret("token"), key: key)
    }
    #expect(error?.code == .mismatch("sub") && error?.effect == .done)
    #expect(error?.description.contains("the credential is bound to another key") ?? false)

    let text = JSONWebToken.signed(["sub": "alice"], by: Self.issuerKey)
    let elsewhere = StubTransport(Self.priming("n"), .json(200, ["credential": .string(text)]))
    let found = try await OpenIDRegistrationClient(transport: elsewhere).createVerifiableCredential(
      at: Self.endpoint, accessToken: Secret("token"), key: key)
    #expect(found.subject == "alice")
  }

  struct Odd: Sendable {
    let answer: HTTPResponse
    let code: RegistrationError.Code
    var effect = Effect.none
  }

  @Test(arguments: [
    Odd(answer: .json(200, ["format": "jwt_vc_json"]), code: .invalidAnswer, effect: .done),
    Odd(answer: .json(200, []), code: .invalidAnswer, effect: .unknown),
    Odd(answer: .json(401, ["error": "invalid_token"]), code: .unauthorized),
    Odd(answer: .json(400, ["error": "invalid_request"]), code: .refused), Odd(answer: .text(404, ""), code: .notFound),
    Odd(answer: .text(500, ""), code: .serverError, effect: .unknown),
    Odd(answer: .text(429, "", ["retry-after": "3"]), code: .tooManyRequests),
  ])
  func `an answer that brings no credential is an error`(_ odd: Odd) async {
    let client = OpenIDRegistrationClient(transport: StubTransport(odd.answer))
    let error = await failure {
      _ = try await client.createVerifiableCredential(
        at: Self.endpoint, accessToken: Secret("token"), proof: CredentialProof(jwt: Secret("p")))
    }
    #expect(error?.code == odd.code && error?.effect == odd.effect && error?.operation == .createVerifiableCredential)
  }

  @Test(arguments: [
    Odd(answer: .json(200, ["format": "jwt_vc_json"]), code: .invalidAnswer, effect: .unknown),
    Odd(answer: .json(400, ["error": "invalid_request"]), code: .refused),
    Odd(answer: .json(401, ["error": "invalid_token", "c_nonce": "n"]), code: .unauthorized),
    Odd(answer: .text(400, "<html>"), code: .refused),
  ])
  func `a priming answer without a nonce is an error`(_ odd: Odd) async {
    let client = OpenIDRegistrationClient(transport: StubTransport(odd.answer))
    let error = await failure {
      _ = try await client.primeVerifiableCredential(at: Self.endpoint, accessToken: Secret("token"))
    }
    #expect(error?.code == odd.code && error?.effect == odd.effect)
  }

  @Test func `no token, proof or credential is printed`() async throws {
    let (client, _) = issuer(nonces: ["canary-nonce"])
    let key = SigningKey.generate(for: .es256)
    let nonce = try await client.primeVerifiableCredential(at: Self.endpoint, accessToken: Secret("token"))
    let proof = CredentialProof(nonce: nonce, key: key, issuedAt: 5)
    let found = try await client.createVerifiableCredential(at: Self.endpoint, accessToken: Secret("token"), proof: proof)
    let values: [Any] = [nonce, proof, found]
    for value in values {
      var dumped = ""
      dump(value, to: &dumped)
      let text = "\(value)\(String(reflecting: value))\(dumped)"
      for canary in ["canary", proof.jwt.exposed, found.credential.exposed, "a@example.com"] { #expect(!text.contains(canary)) }
    }
  }
}
