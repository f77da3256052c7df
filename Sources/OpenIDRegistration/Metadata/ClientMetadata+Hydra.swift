public import OpenIDJSON

/// Members of Ory Hydra and Ory Network.
extension ClientMetadata {
  /// The audiences that the client may ask for in access tokens (Ory Hydra).
  public var audience: [String]? {
    get { self[strings: "audience"] }
    set { self[strings: "audience"] = newValue }
  }

  /// Free text; the admin API's list filters by it (Ory Hydra).
  public var owner: String? {
    get { self[string: "owner"] }
    set { self[string: "owner"] = newValue }
  }

  /// The origins from which a browser may call the token endpoint (Ory Hydra).
  public var allowedCORSOrigins: [String]? {
    get { self[strings: "allowed_cors_origins"] }
    set { self[strings: "allowed_cors_origins"] = newValue }
  }

  /// Whatever an administrator likes to keep with the client; only the admin API takes and shows it (Ory Hydra).
  public var metadata: JSONObject? {
    get { self[object: "metadata"] }
    set { self[object: "metadata"] = newValue }
  }

  /// `jwt` or `opaque`; only the admin API takes it (Ory Hydra).
  public var accessTokenStrategy: String? {
    get { self[string: "access_token_strategy"] }
    set { self[string: "access_token_strategy"] = newValue }
  }

  /// Whether the consent page may be left out; only the admin API takes `true` (Ory Hydra).
  public var skipConsent: Bool? {
    get { self[bool: "skip_consent"] }
    set { self[bool: "skip_consent"] = newValue }
  }

  /// Whether the logout page may be left out; only the admin API takes `true` (Ory Hydra).
  public var skipLogoutConsent: Bool? {
    get { self[bool: "skip_logout_consent"] }
    set { self[bool: "skip_logout_consent"] = newValue }
  }

  /// How long access tokens of the authorization code grant live, as a Go duration like `1h30m` (Ory Hydra).
  public var authorizationCodeGrantAccessTokenLifespan: String? {
    get { self[string: "authorization_code_grant_access_token_lifespan"] }
    set { self[string: "authorization_code_grant_access_token_lifespan"] = newValue }
  }

  /// How long ID tokens of the authorization code grant live, as a Go duration like `1h30m` (Ory Hydra).
  public var authorizationCodeGrantIDTokenLifespan: String? {
    get { self[string: "authorization_code_grant_id_token_lifespan"] }
    set { self[string: "authorization_code_grant_id_token_lifespan"] = newValue }
  }

  /// How long refresh tokens of the authorization code grant live, as a Go duration like `1h30m` (Ory Hydra).
  public var authorizationCodeGrantRefreshTokenLifespan: String? {
    get { self[string: "authorization_code_grant_refresh_token_lifespan"] }
    set { self[string: "authorization_code_grant_refresh_token_lifespan"] = newValue }
  }

  /// How long access tokens of the client credentials grant live, as a Go duration like `1h30m` (Ory Hydra).
  public var clientCredentialsGrantAccessTokenLifespan: String? {
    get { self[string: "client_credentials_grant_access_token_lifespan"] }
    set { self[string: "client_credentials_grant_access_token_lifespan"] = newValue }
  }

  /// How long access tokens of the implicit grant live, as a Go duration like `1h30m` (Ory Hydra).
  public var implicitGrantAccessTokenLifespan: String? {
    get { self[string: "implicit_grant_access_token_lifespan"] }
    set { self[string: "implicit_grant_access_token_lifespan"] = newValue }
  }

  /// How long ID tokens of the implicit grant live, as a Go duration like `1h30m` (Ory Hydra).
  public var implicitGrantIDTokenLifespan: String? {
    get { self[string: "implicit_grant_id_token_lifespan"] }
    set { self[string: "implicit_grant_id_token_lifespan"] = newValue }
  }

  /// How long access tokens of the JWT bearer grant live, as a Go duration like `1h30m` (Ory Hydra).
  public var jwtBearerGrantAccessTokenLifespan: String? {
    get { self[string: "jwt_bearer_grant_access_token_lifespan"] }
    set { self[string: "jwt_bearer_grant_access_token_lifespan"] = newValue }
  }

  /// How long ID tokens of the refresh token grant live, as a Go duration like `1h30m` (Ory Hydra).
  public var refreshTokenGrantIDTokenLifespan: String? {
    get { self[string: "refresh_token_grant_id_token_lifespan"] }
    set { self[string: "refresh_token_grant_id_token_lifespan"] = newValue }
  }

  /// How long access tokens of the refresh token grant live, as a Go duration like `1h30m` (Ory Hydra).
  public var refreshTokenGrantAccessTokenLifespan: String? {
    get { self[string: "refresh_token_grant_access_token_lifespan"] }
    set { self[string: "refresh_token_grant_access_token_lifespan"] = newValue }
  }

  /// How long refresh tokens of the refresh token grant live, as a Go duration like `1h30m` (Ory Hydra).
  public var refreshTokenGrantRefreshTokenLifespan: String? {
    get { self[string: "refresh_token_grant_refresh_token_lifespan"] }
    set { self[string: "refresh_token_grant_refresh_token_lifespan"] = newValue }
  }

  /// How long ID tokens of the device authorization grant live, as a Go duration like `1h30m` (Ory Hydra).
  public var deviceAuthorizationGrantIDTokenLifespan: String? {
    get { self[string: "device_authorization_grant_id_token_lifespan"] }
    set { self[string: "device_authorization_grant_id_token_lifespan"] = newValue }
  }

  /// How long access tokens of the device authorization grant live, as a Go duration like `1h30m` (Ory Hydra).
  public var deviceAuthorizationGrantAccessTokenLifespan: String? {
    get { self[string: "device_authorization_grant_access_token_lifespan"] }
    set { self[string: "device_authorization_grant_access_token_lifespan"] = newValue }
  }

  /// How long refresh tokens of the device authorization grant live, as a Go duration like `1h30m` (Ory Hydra).
  public var deviceAuthorizationGrantRefreshTokenLifespan: String? {
    get { self[string: "device_authorization_grant_refresh_token_lifespan"] }
    set { self[string: "device_authorization_grant_refresh_token_lifespan"] = newValue }
  }

  /// When the client was made (RFC 3339), in an answer to a read; what a create or a set answers here is not what is stored
  /// (Ory Hydra).
  public var createdAt: String? { self[string: "created_at"] }

  /// When it was last written (RFC 3339), likewise (Ory Hydra).
  public var updatedAt: String? { self[string: "updated_at"] }
}
