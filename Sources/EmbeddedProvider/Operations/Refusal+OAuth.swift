/// The codes of OAuth 2.0 and OpenID Connect (RFC 6749, sections 4.1.2.1 and 5.2; OpenID Connect Core 1.0, section 3.1.2.6), and those
/// of Hydra's own.
enum OAuthErrorCode: String, Sendable {
  case invalidRequest = "invalid_request"
  case invalidClient = "invalid_client"
  case invalidGrant = "invalid_grant"
  case invalidScope = "invalid_scope"
  case unauthorizedClient = "unauthorized_client"
  case unsupportedGrantType = "unsupported_grant_type"
  case unsupportedResponseType = "unsupported_response_type"
  case unsupportedResponseMode = "unsupported_response_mode"
  case loginRequired = "login_required"
  case requestNotSupported = "request_not_supported"
  case requestURINotSupported = "request_uri_not_supported"
  case requestUnauthorized = "request_unauthorized"
  case invalidToken = "invalid_token"
  case insufficientScope = "insufficient_scope"
  case tokenSignatureMismatch = "token_signature_mismatch"

  var status: Int {
    switch self {
    case .invalidClient, .requestUnauthorized, .invalidToken: 401
    case .insufficientScope: 403
    default: 400
    }
  }

  /// What stands before the reason.
  var sentence: String {
    switch self {
    case .invalidRequest:
      "The request is missing a required parameter, includes an invalid parameter value, includes a parameter more than once, or is "
        + "otherwise malformed."
    case .invalidClient:
      "Client authentication failed (e.g., unknown client, no client authentication included, or unsupported authentication method)."
    case .invalidGrant:
      "The provided authorization grant (e.g., authorization code, resource owner credentials) or refresh token is invalid, expired, "
        + "revoked, does not match the redirection URI used in the authorization request, or was issued to another client."
    case .invalidScope: "The requested scope is invalid, unknown, or malformed."
    case .unauthorizedClient: "The client is not authorized to request a token using this method."
    case .unsupportedGrantType: "The authorization grant type is not supported by the authorization server."
    case .unsupportedResponseType: "The authorization server does not support obtaining a token using this method."
    case .unsupportedResponseMode: "The authorization server does not support obtaining a response using this response mode."
    case .loginRequired: "The Authorization Server requires End-User authentication."
    case .requestNotSupported: "The OP does not support use of the request parameter."
    case .requestURINotSupported: "The OP does not support use of the request_uri parameter."
    case .requestUnauthorized: "The request could not be authorized."
    case .invalidToken: "Token expired."
    case .insufficientScope: "The request requires higher privileges than provided by the access token."
    case .tokenSignatureMismatch: "Token signature mismatch."
    }
  }
}

extension Refusal {
  static func oauth(_ code: OAuthErrorCode, _ reason: String) -> Refusal {
    Refusal(code.status, code.rawValue, code.sentence + " " + reason)
  }

  /// No access token, or none of ours.
  static let noAccessToken = Refusal.oauth(
    .requestUnauthorized, "Check that you provided valid credentials in the right format.")
}
