public import OpenIDJSON

/// RFC 7591, section 2.
extension ClientMetadata {
  /// Where the provider may send the user back to (RFC 7591, section 2). Required for grants with a redirect.
  public var redirectURIs: [String]? {
    get { self[strings: "redirect_uris"] }
    set { self[strings: "redirect_uris"] = newValue }
  }

  /// How the client authenticates at the token endpoint: `none`, `client_secret_basic` (the default), `client_secret_post`,
  /// `private_key_jwt`, … (RFC 7591, section 2).
  public var tokenEndpointAuthMethod: String? {
    get { self[string: "token_endpoint_auth_method"] }
    set { self[string: "token_endpoint_auth_method"] = newValue }
  }

  /// The grants that the client uses; `authorization_code` where left out (RFC 7591, section 2).
  public var grantTypes: [String]? {
    get { self[strings: "grant_types"] }
    set { self[strings: "grant_types"] = newValue }
  }

  /// What the client asks the authorization endpoint for; `code` where left out (RFC 7591, section 2).
  public var responseTypes: [String]? {
    get { self[strings: "response_types"] }
    set { self[strings: "response_types"] = newValue }
  }

  /// The name that people see when they sign in (RFC 7591, section 2).
  public var clientName: String? {
    get { self[string: "client_name"] }
    set { self[string: "client_name"] = newValue }
  }

  /// A page about the client (RFC 7591, section 2).
  public var clientURI: String? {
    get { self[string: "client_uri"] }
    set { self[string: "client_uri"] = newValue }
  }

  /// The client's logo (RFC 7591, section 2).
  public var logoURI: String? {
    get { self[string: "logo_uri"] }
    set { self[string: "logo_uri"] = newValue }
  }

  /// The scopes that the client may ask for, with one blank between (RFC 7591, section 2).
  public var scope: String? {
    get { self[string: "scope"] }
    set { self[string: "scope"] = newValue }
  }

  /// How to reach the people who answer for the client, mostly mail addresses (RFC 7591, section 2).
  public var contacts: [String]? {
    get { self[strings: "contacts"] }
    set { self[strings: "contacts"] = newValue }
  }

  /// The client's terms of service (RFC 7591, section 2).
  public var tosURI: String? {
    get { self[string: "tos_uri"] }
    set { self[string: "tos_uri"] = newValue }
  }

  /// What the client does with people's data (RFC 7591, section 2).
  public var policyURI: String? {
    get { self[string: "policy_uri"] }
    set { self[string: "policy_uri"] = newValue }
  }

  /// Where the client publishes its keys; not together with `jwks` (RFC 7591, section 2).
  public var jwksURI: String? {
    get { self[string: "jwks_uri"] }
    set { self[string: "jwks_uri"] = newValue }
  }

  /// The client's public keys as a JWK Set; not together with `jwks_uri` (RFC 7591, section 2).
  public var jwks: JSONObject? {
    get { self[object: "jwks"] }
    set { self[object: "jwks"] = newValue }
  }

  /// The software that the client is an instance of (RFC 7591, section 2).
  public var softwareID: String? {
    get { self[string: "software_id"] }
    set { self[string: "software_id"] = newValue }
  }

  /// The version of that software (RFC 7591, section 2).
  public var softwareVersion: String? {
    get { self[string: "software_version"] }
    set { self[string: "software_version"] = newValue }
  }

  /// Claims about the software, signed by its publisher: a JWT (RFC 7591, section 2.3).
  public var softwareStatement: String? {
    get { self[string: "software_statement"] }
    set { self[string: "software_statement"] = newValue }
  }
}
