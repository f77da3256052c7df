import OpenIDCryptography
import OpenIDJSON
import OpenIDRegistration

/// The credential endpoint: what userinfo says, as a verifiable credential that is bound to a key of the holder's.
extension Provider {
  func issueCredential(_ request: ServerRequest, _ reply: @escaping Reply) {
    answering(reply) { () throws(Refusal) in
      let (token, grant) = try accessToken(request) {
        .oauth(.invalidRequest, "The provided token is no access token.")
      }
      let bearer = request.bearerToken
      guard grant.sessionID != nil else {
        throw .oauth(.invalidRequest, "The access token stands for a client and for no person.")
      }
      switch try CredentialRequest(request.body).proof {
      case .missing: reply(priming(Secret(bearer)))
      case .token(let type, let text):
        let proven = try CredentialRequest.provenKey(type: type, text: text) { nonce in
          CredentialNonce.expiry(of: nonce, for: bearer, key: store.keys.nonce).map { $0 > GoTime.now.seconds } ?? false
        }
        withIDTokenKey(orElse: { reply(ServerAnswer($0)) }) { key in
          let credential = self.credential(about: grant, for: proven, issuedAt: token.issuedAt)
          reply(
            .json([
              "format": "jwt_vc_json",
              "credential_draft_00": .string(JSONWebToken.signed(credential, header: ["typ": "JWT"], by: key)),
            ]))
        }
      }
    }
  }

  /// The answer to a request without proof. Its status says 400, and yet it is what the client came for.
  private func priming(_ accessToken: Secret) -> ServerAnswer {
    .json(
      [
        "format": "jwt_vc", "c_nonce": .string(credentialNonce(for: accessToken)),
        "c_nonce_expires_in": .number(JSONNumber(SignIn.credentialLifetime)), "error": "missing_proof",
        "error_description": "Could not issue a verifiable credential because the proof is missing in the request.",
      ], status: 400)
  }

  /// Its time runs from when the access token was issued.
  private func credential(about grant: StoredGrant, for key: VerificationKey, issuedAt: Int) -> JSONObject {
    var subject = IDToken.furtherClaims(grant)
    subject["id"] = .string(key.didJWK)
    subject["sid"] = grant.sessionID.map(JSONValue.string)
    subject["sub"] = .string(grant.subject)
    let claims: JSONObject = [
      "exp": .number(JSONNumber(issuedAt + SignIn.credentialLifetime)), "iat": .number(JSONNumber(issuedAt)),
      "iss": .string(address.issuer), "jti": .string(Random.uuid()), "nbf": .number(JSONNumber(issuedAt)),
      "sub": .string(key.didJWK),
      "vc": [
        "@context": ["https://www.w3.org/2018/credentials/v1"], "credentialSubject": .object(subject.sorted()),
        "type": ["VerifiableCredential", "UserInfoCredential"],
      ],
    ]
    return claims
  }
}
