import EmbeddedProvider
import Foundation
import OpenIDRegistration
import OpenIDRegistrationCurl
import Testing

/// The operations for somebody who signed in, at the provider of this house: tokens, keys and signatures are real ones.
@Suite struct EmbeddedProviderCallTests {
  private let transport = CurlTransport()
  private var client: OpenIDRegistrationClient { OpenIDRegistrationClient(transport: transport) }

  private struct Session {
    let metadata: ProviderMetadata
    let clientID: String
    let accessToken: Secret
    let idToken: Secret
    let cookies: Secret?
  }

  /// Registers a client and signs somebody in: authorization code with PKCE, the subject in `login_hint`.
  private func signIn(_ provider: EmbeddedProvider, further: ClientMetadata = [:]) async throws -> Session {
    let metadata = try await client.discoverOidcConfiguration(issuer: provider.publicURL)
    var wanted: ClientMetadata = [
      "redirect_uris": ["http://127.0.0.1:9999/cb"], "grant_types": ["authorization_code"], "response_types": ["code"],
      "scope": "openid email userinfo_credential_draft_00", "token_endpoint_auth_method": "none",
      "post_logout_redirect_uris": ["http://127.0.0.1:9999/bye"],
    ]
    wanted.members = wanted.members.merging(further.members)
    let created = try await client.createOidcDynamicClient(
      wanted, at: #require(Profile.hydra.registrationEndpoint(of: metadata)))

    // RFC 7636, appendix B.
    let query =
      "?response_type=code&client_id=\(created.clientID)&redirect_uri=http%3A%2F%2F127.0.0.1%3A9999%2Fcb"
      + "&scope=openid%20email%20userinfo_credential_draft_00&state=a-long-enough-state&nonce=n-0S6_WzA2Mj"
      + "&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256"
      + "&login_hint=alice%40example.com&login_claims=%7B%22email%22%3A%22alice%40example.com%22%7D"
    let authorization = try await transport.send(HTTPRequest(.get, #require(metadata.authorizationEndpoint) + query))
    let location = try #require(authorization.headers["location"])
    let code = try #require(URLComponents(string: location)?.queryItems?.first { $0.name == "code" }?.value, "\(location)")
    let cookies = authorization.headers.fields.filter { $0.name.lowercased() == "set-cookie" }
      .map { String($0.value.prefix { $0 != ";" }) }
    let form =
      "grant_type=authorization_code&code=\(code)&redirect_uri=http%3A%2F%2F127.0.0.1%3A9999%2Fcb"
      + "&client_id=\(created.clientID)&code_verifier=dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    let tokens = try await transport.send(
      HTTPRequest(
        .post, #require(metadata.tokenEndpoint), headers: ["Content-Type": "application/x-www-form-urlencoded"],
        body: Array(form.utf8)))
    let body = try JSONValue(parsing: tokens.body)
    return Session(
      metadata: metadata, clientID: created.clientID,
      accessToken: Secret(try #require(body["access_token"]?.string, "\(body)")),
      idToken: Secret(try #require(body["id_token"]?.string)),
      cookies: cookies.isEmpty ? nil : Secret(cookies.joined(separator: "; ")))
  }

  @Test(arguments: [Profile.hydra, .rfc7591])
  func `what an answer says can be changed and set again, at every provider`(_ profile: Profile) async throws {
    let provider = try EmbeddedProvider.start(.init(profile: profile))
    defer { provider.stop() }
    let metadata = try await client.discoverOidcConfiguration(issuer: provider.publicURL)
    let endpoint = try #require(Profile.hydra.registrationEndpoint(of: metadata))
    let declared: ClientMetadata = [
      "client_name": "One", "redirect_uris": ["https://a.example.com/callback"], "scope": "openid",
      "contacts": ["a@example.com"],
    ]
    var app = try await client.createOidcDynamicClient(declared, at: endpoint)
    let secret = app.clientSecret
    for name in ["Two", "Three"] {
      var body = profile.setBody(changing: app)
      body.clientName = name
      app = try await client.setOidcDynamicClient(body, of: app)
      app = try await client.getOidcDynamicClient(of: app)
      #expect(app.metadata.clientName == name && app.metadata.scope == "openid" && app.metadata.contacts == ["a@example.com"])
      #expect(app.metadata.redirectURIs == ["https://a.example.com/callback"] && app.clientSecret == secret)
    }
    // The metadata that was declared does as well, without a profile.
    app = try await client.setOidcDynamicClient(declared, of: app)
    #expect(app.metadata.clientName == "One")
    try await client.deleteOidcDynamicClient(of: app)
  }

  @Test(arguments: ["none", "RS256"])
  func `userinfo is read, signed or not`(_ algorithm: String) async throws {
    let provider = try EmbeddedProvider.start()
    defer { provider.stop() }
    let session = try await signIn(provider, further: ["userinfo_signed_response_alg": .string(algorithm)])
    let keys = ProviderKeys(jwksURI: try #require(session.metadata.jwksURI), client: client)
    let endpoint = try #require(session.metadata.userinfoEndpoint)
    for method in UserInfoMethod.allCases {
      let info = try await client.getOidcUserInfo(
        at: endpoint, accessToken: session.accessToken, subject: "alice@example.com", issuer: provider.publicURL,
        clientID: session.clientID, keys: keys, by: method)
      #expect(info.email == "alice@example.com" && (info.signedBy != nil) == (algorithm != "none"))
    }
    let error = await failure {
      _ = try await client.getOidcUserInfo(at: endpoint, accessToken: Secret("wrong"), keys: keys)
    }
    #expect(error?.code == .unauthorized && error?.bearerChallenge?.error == "request_unauthorized")
  }

  @Test(arguments: [SignatureAlgorithm.es256, .edDSA, .ps256])
  func `a credential is issued for a key, and checked`(_ algorithm: SignatureAlgorithm) async throws {
    let provider = try EmbeddedProvider.start()
    defer { provider.stop() }
    let session = try await signIn(provider)
    let keys = ProviderKeys(jwksURI: try #require(session.metadata.jwksURI), client: client)
    let endpoint = try #require(session.metadata.credentialsEndpoint)
    let key = SigningKey.generate(for: algorithm)
    let found = try await client.createVerifiableCredential(
      at: endpoint, accessToken: session.accessToken, key: key, nonce: CredentialNonce(Secret("too old")), keys: keys)
    #expect(found.isBound(to: key.publicKey) && found.signedBy != nil && found.issuer == provider.publicURL)
    #expect(found.credentialSubject?["sub"] == "alice@example.com")
    let error = await failure {
      _ = try await client.createVerifiableCredential(
        at: endpoint, accessToken: session.accessToken, proof: CredentialProof(jwt: Secret("a.b.c")))
    }
    #expect(error?.code == .refused && error?.effect == Effect.none)
  }

  @Test func `a session is ended, and the way leads back to the client`() async throws {
    let provider = try EmbeddedProvider.start()
    defer { provider.stop() }
    let session = try await signIn(provider)
    let endpoint = try #require(session.metadata.endSessionEndpoint)
    var request = LogoutRequest(
      idTokenHint: session.idToken, postLogoutRedirectURI: "http://127.0.0.1:9999/bye", state: "s 1")
    let answer = try await client.revokeOidcSession(request, at: endpoint, cookies: session.cookies)
    #expect(answer.outcome == .returned(to: "http://127.0.0.1:9999/bye?state=s+1"), "\(answer)")
    request.postLogoutRedirectURI = "http://127.0.0.1:9999/elsewhere"
    let error = await failure { _ = try await client.revokeOidcSession(request, at: endpoint, cookies: session.cookies) }
    #expect(error?.code == .refused && error?.error == "invalid_request" && error?.status == 302)
  }
}
