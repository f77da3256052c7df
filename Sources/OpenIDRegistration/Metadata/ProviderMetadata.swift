public import OpenIDJSON

/// What a provider says about itself (OpenID Connect Discovery 1.0, section 3; RFC 8414, section 2).
///
/// All members stand in ``members``, also those without a property here.
public struct ProviderMetadata: Sendable, Hashable {
  public var members: JSONObject
  /// Where it was read, in the order in which it was asked; the first document's members win.
  public var sources: [String]

  public init(_ members: JSONObject, sources: [String] = []) {
    self.members = members
    self.sources = sources
  }

  public subscript(name: String) -> JSONValue? { members[name] }
}

/// Endpoints. Each is `nil` where the provider does not name it.
extension ProviderMetadata {
  /// The provider's name for itself, a URL; ID tokens carry it.
  public var issuer: String? { members["issuer"]?.string }
  public var authorizationEndpoint: String? { members["authorization_endpoint"]?.string }
  public var tokenEndpoint: String? { members["token_endpoint"]?.string }
  /// Where clients are registered. Hydra names it only where it is told to.
  public var registrationEndpoint: String? { members["registration_endpoint"]?.string }
  public var userinfoEndpoint: String? { members["userinfo_endpoint"]?.string }
  public var jwksURI: String? { members["jwks_uri"]?.string }
  /// RP-Initiated Logout 1.0, section 2.1.
  public var endSessionEndpoint: String? { members["end_session_endpoint"]?.string }
  /// RFC 7009.
  public var revocationEndpoint: String? { members["revocation_endpoint"]?.string }
  /// RFC 7662.
  public var introspectionEndpoint: String? { members["introspection_endpoint"]?.string }
  /// RFC 8628, section 4.
  public var deviceAuthorizationEndpoint: String? { members["device_authorization_endpoint"]?.string }
  /// RFC 9126, section 5.
  public var pushedAuthorizationRequestEndpoint: String? { members["pushed_authorization_request_endpoint"]?.string }
  /// Hydra's endpoint for verifiable credentials.
  public var credentialsEndpoint: String? { members["credentials_endpoint_draft_00"]?.string }
}

/// What clients may ask for. Each is `nil` where the provider does not say.
extension ProviderMetadata {
  public var scopesSupported: [String]? { members["scopes_supported"]?.strings }
  public var responseTypesSupported: [String]? { members["response_types_supported"]?.strings }
  public var responseModesSupported: [String]? { members["response_modes_supported"]?.strings }
  public var grantTypesSupported: [String]? { members["grant_types_supported"]?.strings }
  public var acrValuesSupported: [String]? { members["acr_values_supported"]?.strings }
  public var subjectTypesSupported: [String]? { members["subject_types_supported"]?.strings }
  public var claimsSupported: [String]? { members["claims_supported"]?.strings }
  public var tokenEndpointAuthMethodsSupported: [String]? { members["token_endpoint_auth_methods_supported"]?.strings }
  public var tokenEndpointAuthSigningAlgValuesSupported: [String]? {
    members["token_endpoint_auth_signing_alg_values_supported"]?.strings
  }
  public var idTokenSigningAlgValuesSupported: [String]? { members["id_token_signing_alg_values_supported"]?.strings }
  public var userinfoSigningAlgValuesSupported: [String]? { members["userinfo_signing_alg_values_supported"]?.strings }
  public var requestObjectSigningAlgValuesSupported: [String]? {
    members["request_object_signing_alg_values_supported"]?.strings
  }
  /// RFC 7636.
  public var codeChallengeMethodsSupported: [String]? { members["code_challenge_methods_supported"]?.strings }
  public var claimsParameterSupported: Bool? { members["claims_parameter_supported"]?.bool }
  public var requestParameterSupported: Bool? { members["request_parameter_supported"]?.bool }
  public var requestURIParameterSupported: Bool? { members["request_uri_parameter_supported"]?.bool }
  public var requireRequestURIRegistration: Bool? { members["require_request_uri_registration"]?.bool }
  /// Front-Channel Logout 1.0, section 3.
  public var frontchannelLogoutSupported: Bool? { members["frontchannel_logout_supported"]?.bool }
  public var frontchannelLogoutSessionSupported: Bool? { members["frontchannel_logout_session_supported"]?.bool }
  /// Back-Channel Logout 1.0, section 2.1.
  public var backchannelLogoutSupported: Bool? { members["backchannel_logout_supported"]?.bool }
  public var backchannelLogoutSessionSupported: Bool? { members["backchannel_logout_session_supported"]?.bool }
}
