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
  }

  @Test func `members without a property are there by name, in order`() {
    var metadata: ClientMetadata = ["x": 1, "client_name": "a"]
    metadata["y"] = true
    metadata.clientName = "b"
    #expect(metadata.members.names == ["x", "client_name", "y"])
    #expect(metadata.description == #"{"x":1,"client_name":"b","y":true}"#)
  }
}
