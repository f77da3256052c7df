import OpenIDCryptography
import OpenIDJSON
import OpenIDRegistration

/// One member of a client on the wire. ``all`` has them in the order in which Hydra writes them; decoding and encoding go by it.
struct ClientMember: Sendable {
  typealias Place<Value> = any WritableKeyPath<ClientRecord, Value> & Sendable

  /// The Go type of the member, and where its value lies.
  enum Kind: Sendable {
    case text(Place<String>)
    /// Left out where it is empty.
    case optionalText(Place<String>)
    case secret(Place<Secret?>)
    /// `null` where it is absent.
    case list(Place<[String]?>)
    /// Left out where it is absent or empty.
    case optionalList(Place<[String]?>)
    case integer(Place<Int>)
    case flag(Place<Bool>)
    /// Left out where it is false.
    case optionalFlag(Place<Bool>)
    /// `null` where it is absent.
    case nullableFlag(Place<Bool?>)
    case time(Place<GoTime?>)
    case keys(Place<ClientKeys?>)
    /// Any JSON, left out where it is absent.
    case any(Place<JSONValue?>)
    case lifespan(Place<GoDuration?>)
  }

  let name: String
  let kind: Kind

  init(_ name: String, _ kind: Kind) {
    self.name = name
    self.kind = kind
  }

  static let all =
    [
      ClientMember("client_id", .text(\.clientID)),
      ClientMember("client_name", .text(\.clientName)),
      ClientMember("client_secret", .secret(\.clientSecret)),
      ClientMember("redirect_uris", .list(\.redirectURIs)),
      ClientMember("grant_types", .list(\.grantTypes)),
      ClientMember("response_types", .list(\.responseTypes)),
      ClientMember("scope", .text(\.scope)),
      ClientMember("audience", .list(\.audience)),
      ClientMember("owner", .text(\.owner)),
      ClientMember("policy_uri", .text(\.policyURI)),
      ClientMember("allowed_cors_origins", .list(\.allowedCORSOrigins)),
      ClientMember("tos_uri", .text(\.termsOfServiceURI)),
      ClientMember("client_uri", .text(\.clientURI)),
      ClientMember("logo_uri", .text(\.logoURI)),
      ClientMember("contacts", .list(\.contacts)),
      ClientMember("client_secret_expires_at", .integer(\.clientSecretExpiresAt)),
      ClientMember("subject_type", .text(\.subjectType)),
      ClientMember("sector_identifier_uri", .optionalText(\.sectorIdentifierURI)),
      ClientMember("jwks_uri", .optionalText(\.jwksURI)),
      ClientMember("jwks", .keys(\.jwks)),
      ClientMember("token_endpoint_auth_method", .optionalText(\.tokenEndpointAuthMethod)),
      ClientMember("token_endpoint_auth_signing_alg", .optionalText(\.tokenEndpointAuthSigningAlg)),
      ClientMember("request_uris", .optionalList(\.requestURIs)),
      ClientMember("request_object_signing_alg", .optionalText(\.requestObjectSigningAlg)),
      ClientMember("userinfo_signed_response_alg", .optionalText(\.userinfoSignedResponseAlg)),
      ClientMember("created_at", .time(\.createdAt)),
      ClientMember("updated_at", .time(\.updatedAt)),
      ClientMember("frontchannel_logout_uri", .optionalText(\.frontchannelLogoutURI)),
      ClientMember("frontchannel_logout_session_required", .optionalFlag(\.frontchannelLogoutSessionRequired)),
      ClientMember("post_logout_redirect_uris", .optionalList(\.postLogoutRedirectURIs)),
      ClientMember("backchannel_logout_uri", .optionalText(\.backchannelLogoutURI)),
      ClientMember("backchannel_logout_session_required", .optionalFlag(\.backchannelLogoutSessionRequired)),
      ClientMember("metadata", .any(\.metadata)),
      ClientMember("registration_access_token", .secret(\.registrationAccessToken)),
      ClientMember("registration_client_uri", .optionalText(\.registrationClientURI)),
      ClientMember("access_token_strategy", .optionalText(\.accessTokenStrategy)),
      ClientMember("skip_consent", .flag(\.skipConsent)),
      ClientMember("skip_logout_consent", .nullableFlag(\.skipLogoutConsent)),
    ] + lifespans

  static let lifespans = [
    ClientMember("authorization_code_grant_access_token_lifespan", .lifespan(\.lifespans.authorizationCodeAccessToken)),
    ClientMember("authorization_code_grant_id_token_lifespan", .lifespan(\.lifespans.authorizationCodeIDToken)),
    ClientMember("authorization_code_grant_refresh_token_lifespan", .lifespan(\.lifespans.authorizationCodeRefreshToken)),
    ClientMember("client_credentials_grant_access_token_lifespan", .lifespan(\.lifespans.clientCredentialsAccessToken)),
    ClientMember("implicit_grant_access_token_lifespan", .lifespan(\.lifespans.implicitAccessToken)),
    ClientMember("implicit_grant_id_token_lifespan", .lifespan(\.lifespans.implicitIDToken)),
    ClientMember("jwt_bearer_grant_access_token_lifespan", .lifespan(\.lifespans.jwtBearerAccessToken)),
    ClientMember("refresh_token_grant_id_token_lifespan", .lifespan(\.lifespans.refreshTokenIDToken)),
    ClientMember("refresh_token_grant_access_token_lifespan", .lifespan(\.lifespans.refreshTokenAccessToken)),
    ClientMember("refresh_token_grant_refresh_token_lifespan", .lifespan(\.lifespans.refreshTokenRefreshToken)),
    ClientMember("device_authorization_grant_id_token_lifespan", .lifespan(\.lifespans.deviceAuthorizationIDToken)),
    ClientMember("device_authorization_grant_access_token_lifespan", .lifespan(\.lifespans.deviceAuthorizationAccessToken)),
    ClientMember("device_authorization_grant_refresh_token_lifespan", .lifespan(\.lifespans.deviceAuthorizationRefreshToken)),
  ]
}
