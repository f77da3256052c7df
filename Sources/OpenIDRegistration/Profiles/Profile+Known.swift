extension Profile {
  /// A provider that nothing is known about: what RFC 7591, RFC 7592 and OpenID Connect Registration 1.0 say, and no more.
  public static let rfc7591 = Profile(
    name: "rfc7591", title: "the provider",
    setRotatesToken: .unknown, readRotatesToken: .unknown, readReturnsToken: true, readReturnsSecret: true,
    setClientID: .required,
    // RFC 7592, section 2.2: it may be sent, and must then be the right one. Left out it stays as it is at nearly every provider.
    setClientSecret: .allowed,
    neverSent: registrationMembers, refused: [:], adminOnly: [], kept: nil, dropped: [], defaults: [:], invisible: [],
    serverOwned: registrationMembers,
    unorderedLists: [
      "redirect_uris", "grant_types", "response_types", "contacts", "post_logout_redirect_uris", "request_uris", "audience",
      "allowed_cors_origins",
    ],
    unorderedWords: ["scope"], listsOfUnorderedWords: ["response_types"], durations: [], originLists: ["allowed_cors_origins"],
    emptyStringIsAbsent: true, emptyObjectIsAbsent: true,
    falseIsAbsent: [
      "frontchannel_logout_session_required", "backchannel_logout_session_required", "require_auth_time",
      "require_signed_request_object", "require_pushed_authorization_requests", "tls_client_certificate_bound_access_tokens",
      "dpop_bound_access_tokens",
    ],
    createMarker: nil, hasAdminAPI: false, registrationPath: nil)

  /// Ory Hydra from 2.2 on, as v26.2.0 was seen to behave.
  public static let hydra: Profile = {
    var profile = rfc7591
    profile.name = "hydra"
    profile.title = "Ory Hydra"
    profile.setRotatesToken = .always
    profile.readRotatesToken = .never
    profile.readReturnsToken = false
    profile.readReturnsSecret = false
    // It is ignored today; releases 2.0 and 2.1 refuse it.
    profile.setClientID = .forbidden
    // Refused with 403, also the right one.
    profile.setClientSecret = .forbidden
    profile.neverSent = registrationMembers.union(["created_at", "updated_at"])
    profile.refused = [
      "metadata": .always, "access_token_strategy": .whenNotEmpty, "skip_consent": .whenTrue, "skip_logout_consent": .whenTrue,
    ]
    profile.adminOnly = ["metadata", "access_token_strategy", "skip_consent", "skip_logout_consent"]
    profile.kept = hydraMembers
    profile.dropped = [
      "application_type", "software_id", "software_version", "software_statement", "id_token_signed_response_alg",
      "id_token_encrypted_response_alg", "id_token_encrypted_response_enc", "userinfo_encrypted_response_alg",
      "userinfo_encrypted_response_enc", "request_object_encryption_alg", "request_object_encryption_enc", "default_max_age",
      "require_auth_time", "default_acr_values", "initiate_login_uri",
    ]
    profile.defaults = [
      "scope": "offline_access offline openid", "subject_type": "public", "token_endpoint_auth_method": "client_secret_basic",
      "userinfo_signed_response_alg": "none",
    ]
    profile.invisible = ["metadata"]
    // Answers of a create and a set say `metadata: {}` whatever is stored, and reads leave it out: it says nothing.
    profile.serverOwned = registrationMembers.union(["created_at", "updated_at", "metadata"])
    profile.durations = lifespans
    profile.falseIsAbsent.formUnion(["skip_consent", "skip_logout_consent"])
    profile.createMarker = "owner"
    profile.hasAdminAPI = true
    profile.registrationPath = "/oauth2/register"
    return profile
  }()

  /// Ory Network: Hydra behind Ory's gateway, with limits on the number of requests.
  public static let oryNetwork: Profile = {
    var profile = hydra
    profile.name = "ory-network"
    profile.title = "Ory Network"
    return profile
  }()

  /// What only a provider writes (RFC 7591, section 3.2.1; RFC 7592, section 3).
  private static let registrationMembers: Set<String> = [
    "client_id", "client_secret", "client_secret_expires_at", "client_id_issued_at", "registration_access_token",
    "registration_client_uri",
  ]

  /// Hydra's token lifespans.
  private static let lifespans: Set<String> = [
    "authorization_code_grant_access_token_lifespan", "authorization_code_grant_id_token_lifespan",
    "authorization_code_grant_refresh_token_lifespan", "client_credentials_grant_access_token_lifespan",
    "implicit_grant_access_token_lifespan", "implicit_grant_id_token_lifespan", "jwt_bearer_grant_access_token_lifespan",
    "refresh_token_grant_id_token_lifespan", "refresh_token_grant_access_token_lifespan",
    "refresh_token_grant_refresh_token_lifespan", "device_authorization_grant_id_token_lifespan",
    "device_authorization_grant_access_token_lifespan", "device_authorization_grant_refresh_token_lifespan",
  ]

  /// The members of Hydra's client.
  private static let hydraMembers: Set<String> = lifespans.union(registrationMembers).union([
    "client_name", "redirect_uris", "grant_types", "response_types", "scope", "audience", "owner", "policy_uri",
    "allowed_cors_origins", "tos_uri", "client_uri", "logo_uri", "contacts", "subject_type", "sector_identifier_uri", "jwks",
    "jwks_uri", "token_endpoint_auth_method", "token_endpoint_auth_signing_alg", "request_uris", "request_object_signing_alg",
    "userinfo_signed_response_alg", "created_at", "updated_at", "frontchannel_logout_uri",
    "frontchannel_logout_session_required", "post_logout_redirect_uris", "backchannel_logout_uri",
    "backchannel_logout_session_required", "metadata", "access_token_strategy", "skip_consent", "skip_logout_consent",
  ])
}
