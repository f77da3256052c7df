import OpenIDRegistration
import Testing

/// The properties of what providers say about themselves.
@Suite struct ProviderMetadataTests {
  /// OpenID Connect Discovery 1.0, section 3, and RFC 8414, section 2; the logout specifications; the later RFCs; Hydra's own.
  static var strings: [(String, KeyPath<ProviderMetadata, String?>)] {
    [
      ("signed_metadata", \.signedMetadata),
      ("credentials_endpoint_draft_00", \.credentialsEndpoint),
      ("issuer", \.issuer),
      ("authorization_endpoint", \.authorizationEndpoint),
      ("token_endpoint", \.tokenEndpoint),
      ("userinfo_endpoint", \.userinfoEndpoint),
      ("jwks_uri", \.jwksURI),
      ("registration_endpoint", \.registrationEndpoint),
      ("end_session_endpoint", \.endSessionEndpoint),
      ("check_session_iframe", \.checkSessionIframe),
      ("revocation_endpoint", \.revocationEndpoint),
      ("introspection_endpoint", \.introspectionEndpoint),
      ("device_authorization_endpoint", \.deviceAuthorizationEndpoint),
      ("pushed_authorization_request_endpoint", \.pushedAuthorizationRequestEndpoint),
      ("backchannel_authentication_endpoint", \.backchannelAuthenticationEndpoint),
      ("service_documentation", \.serviceDocumentation),
      ("op_policy_uri", \.opPolicyURI),
      ("op_tos_uri", \.opTosURI),
    ]
  }
  static var lists: [(String, KeyPath<ProviderMetadata, [String]?>)] {
    [
      ("token_endpoint_auth_methods_supported", \.tokenEndpointAuthMethodsSupported),
      ("token_endpoint_auth_signing_alg_values_supported", \.tokenEndpointAuthSigningAlgValuesSupported),
      ("revocation_endpoint_auth_methods_supported", \.revocationEndpointAuthMethodsSupported),
      ("revocation_endpoint_auth_signing_alg_values_supported", \.revocationEndpointAuthSigningAlgValuesSupported),
      ("introspection_endpoint_auth_methods_supported", \.introspectionEndpointAuthMethodsSupported),
      ("introspection_endpoint_auth_signing_alg_values_supported", \.introspectionEndpointAuthSigningAlgValuesSupported),
      ("id_token_signing_alg_values_supported", \.idTokenSigningAlgValuesSupported),
      ("id_token_encryption_alg_values_supported", \.idTokenEncryptionAlgValuesSupported),
      ("id_token_encryption_enc_values_supported", \.idTokenEncryptionEncValuesSupported),
      ("userinfo_signing_alg_values_supported", \.userinfoSigningAlgValuesSupported),
      ("userinfo_encryption_alg_values_supported", \.userinfoEncryptionAlgValuesSupported),
      ("userinfo_encryption_enc_values_supported", \.userinfoEncryptionEncValuesSupported),
      ("request_object_signing_alg_values_supported", \.requestObjectSigningAlgValuesSupported),
      ("request_object_encryption_alg_values_supported", \.requestObjectEncryptionAlgValuesSupported),
      ("request_object_encryption_enc_values_supported", \.requestObjectEncryptionEncValuesSupported),
      ("authorization_signing_alg_values_supported", \.authorizationSigningAlgValuesSupported),
      ("authorization_encryption_alg_values_supported", \.authorizationEncryptionAlgValuesSupported),
      ("authorization_encryption_enc_values_supported", \.authorizationEncryptionEncValuesSupported),
      ("introspection_signing_alg_values_supported", \.introspectionSigningAlgValuesSupported),
      ("introspection_encryption_alg_values_supported", \.introspectionEncryptionAlgValuesSupported),
      ("introspection_encryption_enc_values_supported", \.introspectionEncryptionEncValuesSupported),
      (
        "backchannel_authentication_request_signing_alg_values_supported",
        \.backchannelAuthenticationRequestSigningAlgValuesSupported
      ),
      ("dpop_signing_alg_values_supported", \.dpopSigningAlgValuesSupported),
      ("scopes_supported", \.scopesSupported),
      ("response_types_supported", \.responseTypesSupported),
      ("response_modes_supported", \.responseModesSupported),
      ("grant_types_supported", \.grantTypesSupported),
      ("acr_values_supported", \.acrValuesSupported),
      ("subject_types_supported", \.subjectTypesSupported),
      ("claim_types_supported", \.claimTypesSupported),
      ("claims_supported", \.claimsSupported),
      ("claims_locales_supported", \.claimsLocalesSupported),
      ("ui_locales_supported", \.uiLocalesSupported),
      ("display_values_supported", \.displayValuesSupported),
      ("prompt_values_supported", \.promptValuesSupported),
      ("code_challenge_methods_supported", \.codeChallengeMethodsSupported),
      ("authorization_details_types_supported", \.authorizationDetailsTypesSupported),
      ("backchannel_token_delivery_modes_supported", \.backchannelTokenDeliveryModesSupported),
      ("id_token_signed_response_alg", \.idTokenSignedResponseAlg),
      ("userinfo_signed_response_alg", \.userinfoSignedResponseAlg),
    ]
  }
  static var flags: [(String, KeyPath<ProviderMetadata, Bool?>)] {
    [
      ("claims_parameter_supported", \.claimsParameterSupported),
      ("request_parameter_supported", \.requestParameterSupported),
      ("request_uri_parameter_supported", \.requestURIParameterSupported),
      ("require_request_uri_registration", \.requireRequestURIRegistration),
      ("require_signed_request_object", \.requireSignedRequestObject),
      ("require_pushed_authorization_requests", \.requirePushedAuthorizationRequests),
      ("authorization_response_iss_parameter_supported", \.authorizationResponseIssParameterSupported),
      ("tls_client_certificate_bound_access_tokens", \.tlsClientCertificateBoundAccessTokens),
      ("frontchannel_logout_supported", \.frontchannelLogoutSupported),
      ("frontchannel_logout_session_supported", \.frontchannelLogoutSessionSupported),
      ("backchannel_logout_supported", \.backchannelLogoutSupported),
      ("backchannel_logout_session_supported", \.backchannelLogoutSessionSupported),
      ("backchannel_user_code_parameter_supported", \.backchannelUserCodeParameterSupported),
    ]
  }

  @Test func `each published member has a property that reads it, and nothing of another type`() {
    for (name, path) in Self.strings {
      #expect(ProviderMetadata([name: "a"])[keyPath: path] == "a", "\(name)")
      #expect(ProviderMetadata([name: 1])[keyPath: path] == nil, "\(name)")
    }
    for (name, path) in Self.lists {
      #expect(ProviderMetadata([name: ["a", "b"]])[keyPath: path] == ["a", "b"], "\(name)")
      #expect(ProviderMetadata([name: "a"])[keyPath: path] == nil, "\(name)")
    }
    for (name, path) in Self.flags {
      #expect(ProviderMetadata([name: true])[keyPath: path] == true, "\(name)")
      #expect(ProviderMetadata([name: "true"])[keyPath: path] == nil, "\(name)")
    }
    #expect(ProviderMetadata(["mtls_endpoint_aliases": ["token_endpoint": "x"]]).mtlsEndpointAliases?["token_endpoint"] == "x")
  }

  @Test(arguments: ["hydra/discovery", "keycloak/discovery", "oidc-provider/discovery-and-cors"])
  func `no member of a recorded document is without a property`(_ name: String) throws {
    let step = try #require(Conversation.named(name)?.steps.first)
    let published = Set(try #require(step.body?.object).names)
    let known = Set(Self.strings.map(\.0) + Self.lists.map(\.0) + Self.flags.map(\.0))
      .union(["mtls_endpoint_aliases", "credentials_supported_draft_00"])
    #expect(published.count > 20)
    #expect(published.subtracting(known) == [])
  }

  @Test func `Hydra's credentials are taken apart`() throws {
    let step = try #require(Conversation.named("hydra/discovery")?.steps.first)
    let provider = ProviderMetadata(try #require(step.body?.object))
    let credential = try #require(provider.credentialsSupported?.first)
    #expect(credential.format == "jwt_vc_json")
    #expect(credential.types == ["VerifiableCredential", "UserInfoCredential"])
    #expect(credential.cryptographicBindingMethodsSupported == ["jwk"])
    #expect(credential.cryptographicSuitesSupported?.contains("EdDSA") ?? false)
    #expect(provider.idTokenSignedResponseAlg == ["RS256"])
  }
}
