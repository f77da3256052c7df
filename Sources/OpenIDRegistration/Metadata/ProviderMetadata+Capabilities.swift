public import OpenIDJSON

/// What clients may ask for. Each is `nil` where the provider does not say.
extension ProviderMetadata {
  public var scopesSupported: [String]? { members["scopes_supported"]?.strings }
  public var responseTypesSupported: [String]? { members["response_types_supported"]?.strings }
  /// `query` and `fragment` where left out.
  public var responseModesSupported: [String]? { members["response_modes_supported"]?.strings }
  /// `authorization_code` and `implicit` where left out.
  public var grantTypesSupported: [String]? { members["grant_types_supported"]?.strings }
  public var acrValuesSupported: [String]? { members["acr_values_supported"]?.strings }
  public var subjectTypesSupported: [String]? { members["subject_types_supported"]?.strings }
  /// `normal` where left out.
  public var claimTypesSupported: [String]? { members["claim_types_supported"]?.strings }
  public var claimsSupported: [String]? { members["claims_supported"]?.strings }
  public var claimsLocalesSupported: [String]? { members["claims_locales_supported"]?.strings }
  public var uiLocalesSupported: [String]? { members["ui_locales_supported"]?.strings }
  public var displayValuesSupported: [String]? { members["display_values_supported"]?.strings }
  /// Initiating User Registration 1.0.
  public var promptValuesSupported: [String]? { members["prompt_values_supported"]?.strings }
  /// False where left out.
  public var claimsParameterSupported: Bool? { members["claims_parameter_supported"]?.bool }
  /// False where left out.
  public var requestParameterSupported: Bool? { members["request_parameter_supported"]?.bool }
  /// True where left out.
  public var requestURIParameterSupported: Bool? { members["request_uri_parameter_supported"]?.bool }
  /// False where left out.
  public var requireRequestURIRegistration: Bool? { members["require_request_uri_registration"]?.bool }
  /// RFC 9101, section 10.5.
  public var requireSignedRequestObject: Bool? { members["require_signed_request_object"]?.bool }
  /// RFC 9126, section 5.
  public var requirePushedAuthorizationRequests: Bool? { members["require_pushed_authorization_requests"]?.bool }
  /// RFC 9207, section 3.
  public var authorizationResponseIssParameterSupported: Bool? {
    members["authorization_response_iss_parameter_supported"]?.bool
  }
  /// RFC 7636.
  public var codeChallengeMethodsSupported: [String]? { members["code_challenge_methods_supported"]?.strings }
  /// RFC 9396, section 10.
  public var authorizationDetailsTypesSupported: [String]? { members["authorization_details_types_supported"]?.strings }
  /// RFC 8705, section 3.3.
  public var tlsClientCertificateBoundAccessTokens: Bool? { members["tls_client_certificate_bound_access_tokens"]?.bool }
  /// The endpoints for clients with certificates, by the names of the plain ones (RFC 8705, section 5).
  public var mtlsEndpointAliases: JSONObject? { members["mtls_endpoint_aliases"]?.object }
  /// Front-Channel Logout 1.0, section 3.
  public var frontchannelLogoutSupported: Bool? { members["frontchannel_logout_supported"]?.bool }
  /// Front-Channel Logout 1.0, section 3.
  public var frontchannelLogoutSessionSupported: Bool? { members["frontchannel_logout_session_supported"]?.bool }
  /// Back-Channel Logout 1.0, section 2.1.
  public var backchannelLogoutSupported: Bool? { members["backchannel_logout_supported"]?.bool }
  /// Back-Channel Logout 1.0, section 2.1.
  public var backchannelLogoutSessionSupported: Bool? { members["backchannel_logout_session_supported"]?.bool }
  /// CIBA Core 1.0, section 4.
  public var backchannelTokenDeliveryModesSupported: [String]? {
    members["backchannel_token_delivery_modes_supported"]?.strings
  }
  /// CIBA Core 1.0, section 4.
  public var backchannelUserCodeParameterSupported: Bool? { members["backchannel_user_code_parameter_supported"]?.bool }
}
