import OpenIDJSON
import OpenIDRegistration

/// What the provider says of itself (OpenID Connect Discovery 1.0, section 3; RFC 8414, section 2), in Hydra's order.
///
/// It says what Hydra was recorded to say. Of that the device flow, request objects and the challenge method `plain` are not there;
/// the last is not at Hydra either.
enum Discovery {
  ///
  /// For another profile without what only Hydra has.
  static func document(_ address: PublicAddress, _ settings: Settings, _ profile: Profile = .hydra) -> JSONObject {
    let members = document(address, settings)
    return profile.isPlayedFromRecordings ? members : members.filter { !hydrasOwn.contains($0.name) }
  }

  private static let hydrasOwn: Set<String> = [
    "device_authorization_endpoint", "id_token_signed_response_alg", "userinfo_signed_response_alg",
    "credentials_endpoint_draft_00", "credentials_supported_draft_00", "request_object_signing_alg_values_supported",
  ]

  private static func document(_ address: PublicAddress, _ settings: Settings) -> JSONObject {
    var members: JSONObject = [
      "issuer": .string(address.issuer),
      "authorization_endpoint": .string(address.url("/oauth2/auth")),
      "device_authorization_endpoint": .string(address.url("/oauth2/device/auth")),
      "registration_endpoint": .string(""),
      "token_endpoint": .string(address.url("/oauth2/token")),
      "jwks_uri": .string(address.url("/.well-known/jwks.json")),
      "subject_types_supported": JSONValue(texts: settings.subjectTypes),
      "response_types_supported": ["code", "code id_token", "id_token", "token id_token", "token", "token id_token code"],
      "claims_supported": ["sub"],
      "grant_types_supported": [
        "authorization_code", "implicit", "client_credentials", "refresh_token",
        "urn:ietf:params:oauth:grant-type:device_code",
      ],
      "response_modes_supported": ["query", "fragment", "form_post"],
      "userinfo_endpoint": .string(address.url("/userinfo")),
      "scopes_supported": ["offline_access", "offline", "openid"],
      "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic", "private_key_jwt", "none"],
      "userinfo_signing_alg_values_supported": ["none", "RS256"],
      "id_token_signing_alg_values_supported": ["RS256"],
      "id_token_signed_response_alg": ["RS256"],
      "userinfo_signed_response_alg": ["RS256"],
      "request_parameter_supported": true,
      "request_uri_parameter_supported": true,
      "require_request_uri_registration": true,
      "claims_parameter_supported": false,
      "revocation_endpoint": .string(address.url("/oauth2/revoke")),
      "backchannel_logout_supported": true,
      "backchannel_logout_session_supported": true,
      "frontchannel_logout_supported": true,
      "frontchannel_logout_session_supported": true,
      "end_session_endpoint": .string(address.url("/oauth2/sessions/logout")),
      "request_object_signing_alg_values_supported": ["none", "RS256", "ES256"],
      "code_challenge_methods_supported": ["plain", "S256"],
      "credentials_endpoint_draft_00": .string(address.url("/credentials")),
      "credentials_supported_draft_00": [
        [
          "format": "jwt_vc_json",
          "types": ["VerifiableCredential", "UserInfoCredential"],
          "cryptographic_binding_methods_supported": ["jwk"],
          "cryptographic_suites_supported": [
            "PS256", "RS256", "ES256", "PS384", "RS384", "ES384", "PS512", "RS512", "ES512", "EdDSA",
          ],
        ]
      ],
    ]
    members["registration_endpoint"] =
      switch settings.registrationURL {
      case .own: .string(address.url("/oauth2/register"))
      case .other(let url): url.isEmpty ? Optional.none : .string(url)
      case .unnamed: Optional.none
      }
    return members
  }
}
