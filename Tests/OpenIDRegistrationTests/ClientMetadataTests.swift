import OpenIDRegistration
import Testing

/// The properties of client metadata.
@Suite struct ClientMetadataTests {
  /// Writes through a property and says which member that is, and whether reading it gives the value back.
  private func member<Value: Equatable>(_ path: WritableKeyPath<ClientMetadata, Value?>, _ value: Value) -> String? {
    var metadata = ClientMetadata()
    metadata[keyPath: path] = value
    guard metadata.members.count == 1, metadata[keyPath: path] == value, let name = metadata.members.names.first else {
      return nil
    }
    // Another type reads as absent, and nothing takes the member away.
    var odd = ClientMetadata([name: [1]])
    guard odd[keyPath: path] == nil else { return nil }
    odd[keyPath: path] = nil
    return odd.members.isEmpty ? name : nil
  }

  @Test func `each property stands for a member of its own that Hydra or the RFCs name`() {
    let strings: [WritableKeyPath<ClientMetadata, String?>] = [
      \.tokenEndpointAuthMethod, \.clientName, \.clientURI, \.logoURI, \.scope, \.tosURI, \.policyURI, \.jwksURI, \.softwareID,
      \.softwareVersion, \.softwareStatement, \.applicationType, \.sectorIdentifierURI, \.subjectType,
      \.idTokenSignedResponseAlg,
      \.idTokenEncryptedResponseAlg, \.idTokenEncryptedResponseEnc, \.userinfoSignedResponseAlg, \.userinfoEncryptedResponseAlg,
      \.userinfoEncryptedResponseEnc, \.requestObjectSigningAlg, \.requestObjectEncryptionAlg, \.requestObjectEncryptionEnc,
      \.tokenEndpointAuthSigningAlg, \.initiateLoginURI, \.frontchannelLogoutURI, \.backchannelLogoutURI, \.owner,
      \.accessTokenStrategy,
      \.authorizationCodeGrantAccessTokenLifespan, \.authorizationCodeGrantIDTokenLifespan,
      \.authorizationCodeGrantRefreshTokenLifespan,
      \.clientCredentialsGrantAccessTokenLifespan, \.implicitGrantAccessTokenLifespan, \.implicitGrantIDTokenLifespan,
      \.jwtBearerGrantAccessTokenLifespan, \.refreshTokenGrantIDTokenLifespan, \.refreshTokenGrantAccessTokenLifespan,
      \.refreshTokenGrantRefreshTokenLifespan, \.deviceAuthorizationGrantIDTokenLifespan,
      \.deviceAuthorizationGrantAccessTokenLifespan,
      \.deviceAuthorizationGrantRefreshTokenLifespan,
    ]
    let laterStrings: [WritableKeyPath<ClientMetadata, String?>] = [
      \.tlsClientAuthSubjectDN, \.tlsClientAuthSANDNS, \.tlsClientAuthSANURI, \.tlsClientAuthSANIP, \.tlsClientAuthSANEmail,
      \.authorizationSignedResponseAlg, \.authorizationEncryptedResponseAlg, \.authorizationEncryptedResponseEnc,
      \.introspectionSignedResponseAlg, \.introspectionEncryptedResponseAlg, \.introspectionEncryptedResponseEnc,
      \.backchannelTokenDeliveryMode, \.backchannelClientNotificationEndpoint, \.backchannelAuthenticationRequestSigningAlg,
    ]
    let laterFlags: [WritableKeyPath<ClientMetadata, Bool?>] = [
      \.requirePushedAuthorizationRequests, \.requireSignedRequestObject, \.dpopBoundAccessTokens,
      \.tlsClientCertificateBoundAccessTokens, \.backchannelUserCodeParameter,
    ]
    let lists: [WritableKeyPath<ClientMetadata, [String]?>] = [
      \.redirectURIs, \.grantTypes, \.responseTypes, \.contacts, \.defaultACRValues, \.requestURIs, \.postLogoutRedirectURIs,
      \.audience,
      \.allowedCORSOrigins,
    ]
    let flags: [WritableKeyPath<ClientMetadata, Bool?>] = [
      \.requireAuthTime, \.frontchannelLogoutSessionRequired, \.backchannelLogoutSessionRequired, \.skipConsent,
      \.skipLogoutConsent,
    ]
    let names =
      strings.map { member($0, "a") } + lists.map { member($0, ["a", "b"]) } + flags.map { member($0, true) }
      + [member(\.jwks, ["keys": []]), member(\.metadata, ["a": 1]), member(\.defaultMaxAge, 5)]
    #expect(!names.contains(nil))
    let known = Profile.hydra.kept!.union(Profile.hydra.dropped).subtracting(Profile.hydra.neverSent)
    #expect(Set(names.compactMap(\.self)) == known)
    #expect(Set(names).count == names.count)

    let later =
      laterStrings.map { member($0, "a") } + laterFlags.map { member($0, true) }
      + [member(\.authorizationDetailsTypes, ["a"])]
    #expect(!later.contains(nil) && Set(later).count == 20)
    #expect(Set(later).isDisjoint(with: names))
  }

  @Test func `every member of Hydra's model that only the provider writes has a property too`() {
    let read: ClientMetadata = ["created_at": "2026-03-20T10:00:00Z", "updated_at": "2026-03-20T10:00:01Z"]
    #expect(read.createdAt == "2026-03-20T10:00:00Z" && read.updatedAt == "2026-03-20T10:00:01Z")
  }

  @Test func `members for people are there in each language`() {
    var metadata: ClientMetadata = ["client_name": "Billing", "client_name#de-CH": "Rechnungen", "client_names#x": "no"]
    #expect(metadata["client_name", language: "de-ch"] == "Rechnungen")
    #expect(metadata["client_name", language: "fr"] == nil)
    metadata["client_name", language: "DE-ch"] = "Abrechnung"
    metadata["client_name", language: "fr"] = "Facturation"
    #expect(metadata.members.names == ["client_name", "client_name#de-CH", "client_names#x", "client_name#fr"])
    #expect(metadata.languages(of: "client_name") == ["de-CH", "fr"])
    metadata["client_name", language: "fr"] = nil
    #expect(metadata.languages(of: "client_name") == ["de-CH"])
  }

  @Test func `members without a property are there by name, in order`() {
    var metadata: ClientMetadata = ["x": 1, "client_name": "a"]
    metadata["y"] = true
    metadata.clientName = "b"
    #expect(metadata.members.names == ["x", "client_name", "y"])
    #expect(metadata.description == #"{"x":1,"client_name":"b","y":true}"#)
    let careless: ClientMetadata = [
      "client_secret": "canary", "jwks": ["keys": [["kty": "EC", "x": "public", "d": "canary"], ["d": "no key"]]],
    ]
    #expect(
      careless.description
        == #"{"client_secret":"(sensitive)","jwks":{"keys":[{"kty":"EC","x":"public","d":"(sensitive)"},{"d":"no key"}]}}"#)
  }
}
