public import OpenIDCryptography
import OpenIDJSON

extension OpenIDRegistrationClient {
  /// Gets a credential: asks for a nonce, makes the proof, and asks for the credential with it.
  ///
  ///     let key = SigningKey.generate(for: .es256)
  ///     let credential = try await client.createVerifiableCredential(
  ///       at: provider.credentialsEndpoint!, accessToken: token, key: key)
  ///
  /// Where the issuer refuses the proof and hands out another nonce, or where the nonce was handed in and may be too old, the
  /// proof is made once more over a new nonce and sent once more; a second refusal is an error. A credential that names a key as
  /// its subject has to name this one.
  ///
  /// - Parameters:
  ///   - request: which credential; Hydra's where left out.
  ///   - credentialsEndpoint: ``ProviderMetadata/credentialsEndpoint``.
  ///   - accessToken: of the person whom it is about; Hydra wants the scopes `openid userinfo_credential_draft_00`.
  ///   - key: what the credential is bound to. To use the credential, keep it (`privateJWK`).
  ///   - nonce: one that the token endpoint gave; left out, this asks for one.
  ///   - audience: the `aud` of the proof.
  ///   - clientID: the `iss` of the proof.
  ///   - keys: the issuer's keys; where given, the credential's signature is checked.
  /// - Throws: ``RegistrationError``; `mismatch` of `sub` where the credential is bound to another key.
  public func createVerifiableCredential(
    _ request: CredentialRequest = CredentialRequest(), at credentialsEndpoint: String, accessToken: Secret, key: SigningKey,
    nonce: CredentialNonce? = nil, audience: String? = nil, clientID: String? = nil, keys: ProviderKeys? = nil
  ) async throws(RegistrationError) -> VerifiableCredential {
    func ask(_ nonce: CredentialNonce) async throws(RegistrationError) -> VerifiableCredential {
      let proof = CredentialProof(
        nonce: nonce, key: key, issuedAt: currentTime(), audience: audience, clientID: clientID)
      return try await credential(
        request, at: credentialsEndpoint, accessToken: accessToken, proof: proof, keys: keys, boundTo: key.publicKey)
    }
    let first: CredentialNonce
    if let nonce {
      first = nonce
    } else {
      first = try await primeVerifiableCredential(request, at: credentialsEndpoint, accessToken: accessToken)
    }
    do { return try await ask(first) } catch {
      guard error.code == .refused else { throw error }
      if let other = error.credentialNonce, other.value != first.value { return try await ask(other) }
      guard nonce != nil else { throw error }
    }
    return try await ask(try await primeVerifiableCredential(request, at: credentialsEndpoint, accessToken: accessToken))
  }

  /// Asks for the nonce that a proof is made over.
  ///
  /// The issuer answers with status 400 and `missing_proof`; that is the answer, and no failure.
  ///
  /// - Throws: ``RegistrationError``; `refused` where the answer brings no nonce.
  public func primeVerifiableCredential(
    _ request: CredentialRequest = CredentialRequest(), at credentialsEndpoint: String, accessToken: Secret
  ) async throws(RegistrationError) -> CredentialNonce {
    let call = call(request, credentialsEndpoint, accessToken, proof: nil)
    let response = try await anyAnswer(to: call)
    if response.status == 400 || (200..<300).contains(response.status),
      let members = (try? JSONValue(parsing: response.body, options: .lenient))?.object, let nonce = CredentialNonce(members)
    {
      return nonce
    }
    guard (200..<300).contains(response.status) else { throw RegistrationError(call, response) }
    throw RegistrationError(call, .invalidAnswer, effect: .unknown, answer: response, words: "it brings no c_nonce")
  }

  /// Gets a credential with a proof that is ready.
  ///
  /// - Parameters:
  ///   - request: which credential; the same as was asked for with the nonce.
  ///   - credentialsEndpoint: ``ProviderMetadata/credentialsEndpoint``.
  ///   - accessToken: of the person whom it is about; the nonce is bound to it.
  ///   - proof: shows that the holder's key is there.
  ///   - keys: the issuer's keys; where given, the credential's signature is checked.
  /// - Throws: ``RegistrationError``; ``RegistrationError/credentialNonce`` has the nonce of a refusal that brings one.
  public func createVerifiableCredential(
    _ request: CredentialRequest = CredentialRequest(), at credentialsEndpoint: String, accessToken: Secret,
    proof: CredentialProof, keys: ProviderKeys? = nil
  ) async throws(RegistrationError) -> VerifiableCredential {
    try await credential(
      request, at: credentialsEndpoint, accessToken: accessToken, proof: proof, keys: keys, boundTo: nil)
  }

  private func credential(
    _ request: CredentialRequest, at credentialsEndpoint: String, accessToken: Secret, proof: CredentialProof,
    keys: ProviderKeys?, boundTo key: VerificationKey?
  ) async throws(RegistrationError) -> VerifiableCredential {
    let call = call(request, credentialsEndpoint, accessToken, proof: proof)
    let response = try await answer(to: call)
    let members = try object(in: response, of: call)
    // The draft's member, and the later one's.
    let names = ["credential_draft_00", "credential"]
    guard let text = names.lazy.compactMap({ members[$0]?.string }).first(where: { !$0.isEmpty }) else {
      throw RegistrationError(call, .invalidAnswer, effect: .done, answer: response, words: "it brings no credential")
    }
    var claims = (try? JSONWebToken(parsing: text))?.claims ?? [:]
    var signer: VerificationKey?
    if let keys {
      let verified = try await verified(text, keys: keys, in: response, of: call)
      (claims, signer) = (verified.token.claims, verified.key)
    }
    let found = VerifiableCredential(
      format: members["format"]?.string, credential: Secret(text), claims: claims, signedBy: signer,
      members: members.filter { !names.contains($0.name) })
    // Issuers name holders in other ways too, of which nothing can be told here.
    if let key, found.subject?.hasPrefix("did:jwk:") ?? false, !found.isBound(to: key) {
      throw RegistrationError(
        call, .mismatch("sub"), effect: .done, answer: response, words: "the credential is bound to another key")
    }
    return found
  }

  private func call(
    _ request: CredentialRequest, _ endpoint: String, _ accessToken: Secret, proof: CredentialProof?
  ) -> Call {
    var call = Call(.createVerifiableCredential, .post, endpoint, headers: headers, body: request.body(proof: proof))
    call.authorize(by: .bearer(accessToken))
    if let proof { call.secrets.append(proof.jwt) }
    return call
  }
}

extension RegistrationError {
  /// The nonce that came with a refusal, for another proof.
  public var credentialNonce: CredentialNonce? { answerBody?.object.flatMap(CredentialNonce.init) }
}
