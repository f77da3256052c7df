import OpenIDJSON

/// Endpoints. Each is `nil` where the provider does not name it.
extension ProviderMetadata {
  /// The provider's name for itself, a URL; ID tokens carry it.
  public var issuer: String? { members["issuer"]?.string }
  public var authorizationEndpoint: String? { members["authorization_endpoint"]?.string }
  public var tokenEndpoint: String? { members["token_endpoint"]?.string }
  public var userinfoEndpoint: String? { members["userinfo_endpoint"]?.string }
  /// The keys that the provider signs with; ``ProviderKeys`` reads them.
  public var jwksURI: String? { members["jwks_uri"]?.string }
  /// Where clients are registered. Hydra names it only where it is told to.
  public var registrationEndpoint: String? { members["registration_endpoint"]?.string }
  /// RP-Initiated Logout 1.0, section 2.1.
  public var endSessionEndpoint: String? { members["end_session_endpoint"]?.string }
  /// Session Management 1.0, section 3.3.
  public var checkSessionIframe: String? { members["check_session_iframe"]?.string }
  /// RFC 7009.
  public var revocationEndpoint: String? { members["revocation_endpoint"]?.string }
  /// RFC 7662.
  public var introspectionEndpoint: String? { members["introspection_endpoint"]?.string }
  /// RFC 8628, section 4.
  public var deviceAuthorizationEndpoint: String? { members["device_authorization_endpoint"]?.string }
  /// RFC 9126, section 5.
  public var pushedAuthorizationRequestEndpoint: String? { members["pushed_authorization_request_endpoint"]?.string }
  /// CIBA Core 1.0, section 4.
  public var backchannelAuthenticationEndpoint: String? { members["backchannel_authentication_endpoint"]?.string }
  /// A page for people who write clients.
  public var serviceDocumentation: String? { members["service_documentation"]?.string }
  /// What clients may do with what they learn.
  public var opPolicyURI: String? { members["op_policy_uri"]?.string }
  /// The provider's terms of service.
  public var opTosURI: String? { members["op_tos_uri"]?.string }
}
