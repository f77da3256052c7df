/// What later standards added.
extension ClientMetadata {
  /// Whether authorization requests must be pushed first; false where left out (RFC 9126, section 6).
  public var requirePushedAuthorizationRequests: Bool? {
    get { self[bool: "require_pushed_authorization_requests"] }
    set { self[bool: "require_pushed_authorization_requests"] = newValue }
  }

  /// Whether authorization requests must be signed; false where left out (RFC 9101, section 10.5).
  public var requireSignedRequestObject: Bool? {
    get { self[bool: "require_signed_request_object"] }
    set { self[bool: "require_signed_request_object"] = newValue }
  }

  /// Whether every token request must prove a key; false where left out (RFC 9449, section 5.2).
  public var dpopBoundAccessTokens: Bool? {
    get { self[bool: "dpop_bound_access_tokens"] }
    set { self[bool: "dpop_bound_access_tokens"] = newValue }
  }

  /// Whether access tokens are bound to a certificate; false where left out (RFC 8705, section 3.4).
  public var tlsClientCertificateBoundAccessTokens: Bool? {
    get { self[bool: "tls_client_certificate_bound_access_tokens"] }
    set { self[bool: "tls_client_certificate_bound_access_tokens"] = newValue }
  }

  /// The subject of the client's certificate (RFC 8705, section 2.1.2). One of these five at most.
  public var tlsClientAuthSubjectDN: String? {
    get { self[string: "tls_client_auth_subject_dn"] }
    set { self[string: "tls_client_auth_subject_dn"] = newValue }
  }

  /// The DNS name in the client's certificate (RFC 8705, section 2.1.2).
  public var tlsClientAuthSANDNS: String? {
    get { self[string: "tls_client_auth_san_dns"] }
    set { self[string: "tls_client_auth_san_dns"] = newValue }
  }

  /// The URI in the client's certificate (RFC 8705, section 2.1.2).
  public var tlsClientAuthSANURI: String? {
    get { self[string: "tls_client_auth_san_uri"] }
    set { self[string: "tls_client_auth_san_uri"] = newValue }
  }

  /// The IP address in the client's certificate (RFC 8705, section 2.1.2).
  public var tlsClientAuthSANIP: String? {
    get { self[string: "tls_client_auth_san_ip"] }
    set { self[string: "tls_client_auth_san_ip"] = newValue }
  }

  /// The mail address in the client's certificate (RFC 8705, section 2.1.2).
  public var tlsClientAuthSANEmail: String? {
    get { self[string: "tls_client_auth_san_email"] }
    set { self[string: "tls_client_auth_san_email"] = newValue }
  }

  /// The types of authorization details that the client uses (RFC 9396, section 10).
  public var authorizationDetailsTypes: [String]? {
    get { self[strings: "authorization_details_types"] }
    set { self[strings: "authorization_details_types"] = newValue }
  }

  /// The algorithm that authorization answers are signed with (JARM, section 3).
  public var authorizationSignedResponseAlg: String? {
    get { self[string: "authorization_signed_response_alg"] }
    set { self[string: "authorization_signed_response_alg"] = newValue }
  }

  /// The algorithm by which the key of an encrypted authorization answer is wrapped (JARM, section 3).
  public var authorizationEncryptedResponseAlg: String? {
    get { self[string: "authorization_encrypted_response_alg"] }
    set { self[string: "authorization_encrypted_response_alg"] = newValue }
  }

  /// The algorithm that encrypts authorization answers (JARM, section 3).
  public var authorizationEncryptedResponseEnc: String? {
    get { self[string: "authorization_encrypted_response_enc"] }
    set { self[string: "authorization_encrypted_response_enc"] = newValue }
  }

  /// The algorithm that introspection answers are signed with (RFC 9701, section 6).
  public var introspectionSignedResponseAlg: String? {
    get { self[string: "introspection_signed_response_alg"] }
    set { self[string: "introspection_signed_response_alg"] = newValue }
  }

  /// The algorithm by which the key of an encrypted introspection answer is wrapped (RFC 9701, section 6).
  public var introspectionEncryptedResponseAlg: String? {
    get { self[string: "introspection_encrypted_response_alg"] }
    set { self[string: "introspection_encrypted_response_alg"] = newValue }
  }

  /// The algorithm that encrypts introspection answers (RFC 9701, section 6).
  public var introspectionEncryptedResponseEnc: String? {
    get { self[string: "introspection_encrypted_response_enc"] }
    set { self[string: "introspection_encrypted_response_enc"] = newValue }
  }

  /// `poll`, `ping` or `push`: how the tokens of a backchannel authentication arrive (CIBA Core 1.0, section 4).
  public var backchannelTokenDeliveryMode: String? {
    get { self[string: "backchannel_token_delivery_mode"] }
    set { self[string: "backchannel_token_delivery_mode"] = newValue }
  }

  /// Where the provider sends those notices (CIBA Core 1.0, section 4).
  public var backchannelClientNotificationEndpoint: String? {
    get { self[string: "backchannel_client_notification_endpoint"] }
    set { self[string: "backchannel_client_notification_endpoint"] = newValue }
  }

  /// The algorithm of signed backchannel requests (CIBA Core 1.0, section 4).
  public var backchannelAuthenticationRequestSigningAlg: String? {
    get { self[string: "backchannel_authentication_request_signing_alg"] }
    set { self[string: "backchannel_authentication_request_signing_alg"] = newValue }
  }

  /// Whether those requests carry a user code; false where left out (CIBA Core 1.0, section 4).
  public var backchannelUserCodeParameter: Bool? {
    get { self[bool: "backchannel_user_code_parameter"] }
    set { self[bool: "backchannel_user_code_parameter"] = newValue }
  }
}
