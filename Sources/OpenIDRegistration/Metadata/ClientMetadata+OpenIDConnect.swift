/// OpenID Connect Dynamic Client Registration 1.0, section 2.
extension ClientMetadata {
  /// `web` (the default) or `native` (OIDC Registration, section 2).
  public var applicationType: String? {
    get { self[string: "application_type"] }
    set { self[string: "application_type"] = newValue }
  }

  /// A list of redirect URIs whose host stands for all of them in pairwise subject identifiers (OIDC Registration, section
  /// 5).
  public var sectorIdentifierURI: String? {
    get { self[string: "sector_identifier_uri"] }
    set { self[string: "sector_identifier_uri"] = newValue }
  }

  /// `public` or `pairwise` (OIDC Registration, section 2).
  public var subjectType: String? {
    get { self[string: "subject_type"] }
    set { self[string: "subject_type"] = newValue }
  }

  /// The algorithm that ID tokens are signed with; `RS256` where left out (OIDC Registration, section 2).
  public var idTokenSignedResponseAlg: String? {
    get { self[string: "id_token_signed_response_alg"] }
    set { self[string: "id_token_signed_response_alg"] = newValue }
  }

  /// The algorithm by which the key of an encrypted ID token is wrapped (OIDC Registration, section 2).
  public var idTokenEncryptedResponseAlg: String? {
    get { self[string: "id_token_encrypted_response_alg"] }
    set { self[string: "id_token_encrypted_response_alg"] = newValue }
  }

  /// The algorithm that encrypts ID tokens (OIDC Registration, section 2).
  public var idTokenEncryptedResponseEnc: String? {
    get { self[string: "id_token_encrypted_response_enc"] }
    set { self[string: "id_token_encrypted_response_enc"] = newValue }
  }

  /// The algorithm that userinfo answers are signed with; plain JSON where left out (OIDC Registration, section 2).
  public var userinfoSignedResponseAlg: String? {
    get { self[string: "userinfo_signed_response_alg"] }
    set { self[string: "userinfo_signed_response_alg"] = newValue }
  }

  /// The algorithm by which the key of an encrypted userinfo answer is wrapped (OIDC Registration, section 2).
  public var userinfoEncryptedResponseAlg: String? {
    get { self[string: "userinfo_encrypted_response_alg"] }
    set { self[string: "userinfo_encrypted_response_alg"] = newValue }
  }

  /// The algorithm that encrypts userinfo answers (OIDC Registration, section 2).
  public var userinfoEncryptedResponseEnc: String? {
    get { self[string: "userinfo_encrypted_response_enc"] }
    set { self[string: "userinfo_encrypted_response_enc"] = newValue }
  }

  /// The algorithm that the client signs request objects with (OIDC Registration, section 2).
  public var requestObjectSigningAlg: String? {
    get { self[string: "request_object_signing_alg"] }
    set { self[string: "request_object_signing_alg"] = newValue }
  }

  /// The algorithm by which the key of an encrypted request object is wrapped (OIDC Registration, section 2).
  public var requestObjectEncryptionAlg: String? {
    get { self[string: "request_object_encryption_alg"] }
    set { self[string: "request_object_encryption_alg"] = newValue }
  }

  /// The algorithm that encrypts request objects (OIDC Registration, section 2).
  public var requestObjectEncryptionEnc: String? {
    get { self[string: "request_object_encryption_enc"] }
    set { self[string: "request_object_encryption_enc"] = newValue }
  }

  /// The algorithm of the client's assertions at the token endpoint (OIDC Registration, section 2).
  public var tokenEndpointAuthSigningAlg: String? {
    get { self[string: "token_endpoint_auth_signing_alg"] }
    set { self[string: "token_endpoint_auth_signing_alg"] = newValue }
  }

  /// How many seconds ago the user may have signed in at most (OIDC Registration, section 2).
  public var defaultMaxAge: Int? {
    get { self[integer: "default_max_age"] }
    set { self[integer: "default_max_age"] = newValue }
  }

  /// Whether ID tokens must say when the user signed in (OIDC Registration, section 2).
  public var requireAuthTime: Bool? {
    get { self[bool: "require_auth_time"] }
    set { self[bool: "require_auth_time"] = newValue }
  }

  /// The authentication context classes asked for by default, the preferred first (OIDC Registration, section 2).
  public var defaultACRValues: [String]? {
    get { self[strings: "default_acr_values"] }
    set { self[strings: "default_acr_values"] = newValue }
  }

  /// Where somebody else can start a sign-in at the client (OIDC Registration, section 2).
  public var initiateLoginURI: String? {
    get { self[string: "initiate_login_uri"] }
    set { self[string: "initiate_login_uri"] = newValue }
  }

  /// The `request_uri` values that the client may use (OIDC Registration, section 2).
  public var requestURIs: [String]? {
    get { self[strings: "request_uris"] }
    set { self[strings: "request_uris"] = newValue }
  }
}
