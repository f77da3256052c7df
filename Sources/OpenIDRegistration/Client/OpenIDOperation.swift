/// An operation of the API, by the id that Ory's API description gives it.
public enum OpenIDOperation: String, Sendable, Hashable, CaseIterable {
  case createOidcDynamicClient
  case getOidcDynamicClient
  case setOidcDynamicClient
  case deleteOidcDynamicClient
  case discoverOidcConfiguration
  /// Hydra's admin API, by which this project settles what is in doubt.
  case listOAuth2Clients
  case getOAuth2Client
  case deleteOAuth2Client

  /// Whether the call changes nothing at the provider, however it ends (RFC 9110, section 9.2.1).
  public var isRead: Bool {
    switch self {
    case .getOidcDynamicClient, .discoverOidcConfiguration, .listOAuth2Clients, .getOAuth2Client: true
    case .createOidcDynamicClient, .setOidcDynamicClient, .deleteOidcDynamicClient, .deleteOAuth2Client: false
    }
  }

  /// Whether the call goes to a client registration endpoint or a client configuration endpoint (RFC 7591, RFC 7592).
  public var isRegistration: Bool {
    switch self {
    case .createOidcDynamicClient, .getOidcDynamicClient, .setOidcDynamicClient, .deleteOidcDynamicClient: true
    case .discoverOidcConfiguration, .listOAuth2Clients, .getOAuth2Client, .deleteOAuth2Client: false
    }
  }
}
