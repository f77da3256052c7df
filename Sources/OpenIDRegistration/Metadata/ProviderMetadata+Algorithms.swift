import OpenIDJSON

/// How clients authenticate, and what is signed and encrypted how. Each is `nil` where the provider does not say.
extension ProviderMetadata {
  /// `client_secret_basic` where left out.
  public var tokenEndpointAuthMethodsSupported: [String]? { members["token_endpoint_auth_methods_supported"]?.strings }
  public var tokenEndpointAuthSigningAlgValuesSupported: [String]? {
    members["token_endpoint_auth_signing_alg_values_supported"]?.strings
  }
  /// RFC 8414, section 2.
  public var revocationEndpointAuthMethodsSupported: [String]? {
    members["revocation_endpoint_auth_methods_supported"]?.strings
  }
  /// RFC 8414, section 2.
  public var revocationEndpointAuthSigningAlgValuesSupported: [String]? {
    members["revocation_endpoint_auth_signing_alg_values_supported"]?.strings
  }
  /// RFC 8414, section 2.
  public var introspectionEndpointAuthMethodsSupported: [String]? {
    members["introspection_endpoint_auth_methods_supported"]?.strings
  }
  /// RFC 8414, section 2.
  public var introspectionEndpointAuthSigningAlgValuesSupported: [String]? {
    members["introspection_endpoint_auth_signing_alg_values_supported"]?.strings
  }
  public var idTokenSigningAlgValuesSupported: [String]? { members["id_token_signing_alg_values_supported"]?.strings }
  public var idTokenEncryptionAlgValuesSupported: [String]? { members["id_token_encryption_alg_values_supported"]?.strings }
  public var idTokenEncryptionEncValuesSupported: [String]? { members["id_token_encryption_enc_values_supported"]?.strings }
  public var userinfoSigningAlgValuesSupported: [String]? { members["userinfo_signing_alg_values_supported"]?.strings }
  public var userinfoEncryptionAlgValuesSupported: [String]? { members["userinfo_encryption_alg_values_supported"]?.strings }
  public var userinfoEncryptionEncValuesSupported: [String]? { members["userinfo_encryption_enc_values_supported"]?.strings }
  public var requestObjectSigningAlgValuesSupported: [String]? {
    members["request_object_signing_alg_values_supported"]?.strings
  }
  public var requestObjectEncryptionAlgValuesSupported: [String]? {
    members["request_object_encryption_alg_values_supported"]?.strings
  }
  public var requestObjectEncryptionEncValuesSupported: [String]? {
    members["request_object_encryption_enc_values_supported"]?.strings
  }
  /// JARM, section 4.
  public var authorizationSigningAlgValuesSupported: [String]? {
    members["authorization_signing_alg_values_supported"]?.strings
  }
  /// JARM, section 4.
  public var authorizationEncryptionAlgValuesSupported: [String]? {
    members["authorization_encryption_alg_values_supported"]?.strings
  }
  /// JARM, section 4.
  public var authorizationEncryptionEncValuesSupported: [String]? {
    members["authorization_encryption_enc_values_supported"]?.strings
  }
  /// RFC 9701, section 7.
  public var introspectionSigningAlgValuesSupported: [String]? {
    members["introspection_signing_alg_values_supported"]?.strings
  }
  /// RFC 9701, section 7.
  public var introspectionEncryptionAlgValuesSupported: [String]? {
    members["introspection_encryption_alg_values_supported"]?.strings
  }
  /// RFC 9701, section 7.
  public var introspectionEncryptionEncValuesSupported: [String]? {
    members["introspection_encryption_enc_values_supported"]?.strings
  }
  /// CIBA Core 1.0, section 4.
  public var backchannelAuthenticationRequestSigningAlgValuesSupported: [String]? {
    members["backchannel_authentication_request_signing_alg_values_supported"]?.strings
  }
  /// RFC 9449, section 5.1.
  public var dpopSigningAlgValuesSupported: [String]? { members["dpop_signing_alg_values_supported"]?.strings }
  /// The whole document once more, as a JWT (RFC 8414, section 2.1). It is not looked at here.
  public var signedMetadata: String? { members["signed_metadata"]?.string }
}
