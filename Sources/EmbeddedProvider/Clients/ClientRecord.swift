import OpenIDCryptography
import OpenIDJSON
import OpenIDRegistration

/// A client with every member that Hydra knows (RFC 7591, section 2; OpenID Connect Registration 1.0, section 2; Hydra's own).
///
/// The values are what its Go struct would hold: a list may be absent, which is not the same as empty, and a text may not.
struct ClientRecord: Sendable {
  var clientID = ""
  var clientName = ""
  /// Only in the answer that hands it out.
  var clientSecret: Secret?
  var redirectURIs: [String]?
  var grantTypes: [String]?
  var responseTypes: [String]?
  var scope = ""
  var audience: [String]?
  var owner = ""
  var policyURI = ""
  var allowedCORSOrigins: [String]?
  var termsOfServiceURI = ""
  var clientURI = ""
  var logoURI = ""
  var contacts: [String]?
  var clientSecretExpiresAt = 0
  var subjectType = ""
  var sectorIdentifierURI = ""
  var jwksURI = ""
  var jwks: ClientKeys?
  var tokenEndpointAuthMethod = ""
  var tokenEndpointAuthSigningAlg = ""
  var requestURIs: [String]?
  var requestObjectSigningAlg = ""
  var userinfoSignedResponseAlg = ""
  var createdAt: GoTime?
  var updatedAt: GoTime?
  var frontchannelLogoutURI = ""
  var frontchannelLogoutSessionRequired = false
  var postLogoutRedirectURIs: [String]?
  var backchannelLogoutURI = ""
  var backchannelLogoutSessionRequired = false
  /// Any JSON; for the admin API alone.
  var metadata: JSONValue?
  var registrationAccessToken: Secret?
  var registrationClientURI = ""
  var accessTokenStrategy = ""
  var skipConsent = false
  var skipLogoutConsent: Bool?
  var lifespans = ClientLifespans()
}

/// How long a client's tokens live, by grant; `nil` leaves it to the server.
struct ClientLifespans: Sendable, Hashable {
  var authorizationCodeAccessToken: GoDuration?
  var authorizationCodeIDToken: GoDuration?
  var authorizationCodeRefreshToken: GoDuration?
  var clientCredentialsAccessToken: GoDuration?
  var implicitAccessToken: GoDuration?
  var implicitIDToken: GoDuration?
  var jwtBearerAccessToken: GoDuration?
  var refreshTokenIDToken: GoDuration?
  var refreshTokenAccessToken: GoDuration?
  var refreshTokenRefreshToken: GoDuration?
  var deviceAuthorizationIDToken: GoDuration?
  var deviceAuthorizationAccessToken: GoDuration?
  var deviceAuthorizationRefreshToken: GoDuration?
}
