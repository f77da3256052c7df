/// An operation of the API, by the id that Ory's API description gives it.
public enum OpenIDOperation: String, Sendable, Hashable, CaseIterable {
  case createOidcDynamicClient
  case getOidcDynamicClient
  case setOidcDynamicClient
  case deleteOidcDynamicClient
  case discoverOidcConfiguration
  case getOidcUserInfo
  case createVerifiableCredential
  case revokeOidcSession
  /// The provider's keys, by which what it signs is checked.
  case discoverJsonWebKeys
  /// Hydra's admin API, by which this project settles what is in doubt.
  case listOAuth2Clients
  case getOAuth2Client
  case deleteOAuth2Client

  /// Whether the call changes nothing at the provider, however it ends (RFC 9110, section 9.2.1).
  public var isRead: Bool {
    switch self {
    case .getOidcDynamicClient, .discoverOidcConfiguration, .getOidcUserInfo, .discoverJsonWebKeys, .listOAuth2Clients,
      .getOAuth2Client:
      true
    case .createOidcDynamicClient, .setOidcDynamicClient, .deleteOidcDynamicClient, .createVerifiableCredential,
      .revokeOidcSession, .deleteOAuth2Client:
      false
    }
  }

  /// Whether the call goes to a client registration endpoint or a client configuration endpoint (RFC 7591, RFC 7592).
  public var isRegistration: Bool { self == .createOidcDynamicClient || isClientConfiguration }

  /// Whether the call goes to a client's own URI (RFC 7592).
  var isClientConfiguration: Bool {
    self == .getOidcDynamicClient || self == .setOidcDynamicClient || self == .deleteOidcDynamicClient
  }

  /// Whether the call shows the access token of somebody who signed in.
  var takesAccessToken: Bool { self == .getOidcUserInfo || self == .createVerifiableCredential }

  var isAdministration: Bool { self == .listOAuth2Clients || self == .getOAuth2Client || self == .deleteOAuth2Client }
}
