/// Names and values that client registrations are full of, there before anything is read.
///
/// Handing out one of these texts costs nothing, neither memory nor a count of who holds it, and finding it less than making it.
struct RegisteredTexts {
  static let all = RegisteredTexts(
    // RFC 7591, RFC 7592.
    "redirect_uris", "token_endpoint_auth_method", "grant_types", "response_types", "client_name", "client_uri", "logo_uri",
    "scope",
    "contacts", "tos_uri", "policy_uri", "jwks_uri", "jwks", "software_id", "software_version", "software_statement",
    "client_id",
    "client_secret", "client_id_issued_at", "client_secret_expires_at", "registration_access_token", "registration_client_uri",
    "authorization_code", "client_credentials", "refresh_token", "implicit", "client_secret_basic", "client_secret_post",
    "code",
    "none",
    // OpenID Connect Registration 1.0 and the specifications of its logouts.
    "application_type", "sector_identifier_uri", "subject_type", "public", "pairwise", "request_uris", "RS256",
    "id_token_signed_response_alg", "id_token_encrypted_response_alg",
    "id_token_encrypted_response_enc", "userinfo_signed_response_alg", "userinfo_encrypted_response_alg",
    "userinfo_encrypted_response_enc", "request_object_signing_alg", "request_object_encryption_alg",
    "request_object_encryption_enc", "token_endpoint_auth_signing_alg", "default_max_age", "require_auth_time",
    "default_acr_values", "initiate_login_uri", "post_logout_redirect_uris", "frontchannel_logout_uri",
    "frontchannel_logout_session_required", "backchannel_logout_uri", "backchannel_logout_session_required",
    // RFC 8705, RFC 9101, RFC 9126, RFC 9449 and what FAPI asks for.
    "tls_client_certificate_bound_access_tokens", "require_signed_request_object", "require_pushed_authorization_requests",
    "dpop_bound_access_tokens", "authorization_signed_response_alg", "authorization_encrypted_response_alg",
    "authorization_encrypted_response_enc", "introspection_signed_response_alg", "introspection_encrypted_response_alg",
    "introspection_encrypted_response_enc", "authorization_details_types", "backchannel_token_delivery_mode",
    "backchannel_client_notification_endpoint", "backchannel_authentication_request_signing_alg",
    "backchannel_user_code_parameter",
    // Ory's own.
    "audience", "owner", "metadata", "created_at", "updated_at", "skip_consent", "allowed_cors_origins", "skip_logout_consent",
    "access_token_strategy", "authorization_code_grant_access_token_lifespan",
    "authorization_code_grant_id_token_lifespan", "authorization_code_grant_refresh_token_lifespan",
    "client_credentials_grant_access_token_lifespan", "device_authorization_grant_access_token_lifespan",
    "device_authorization_grant_id_token_lifespan", "device_authorization_grant_refresh_token_lifespan",
    "implicit_grant_access_token_lifespan", "implicit_grant_id_token_lifespan", "jwt_bearer_grant_access_token_lifespan",
    "refresh_token_grant_access_token_lifespan", "refresh_token_grant_id_token_lifespan",
    "refresh_token_grant_refresh_token_lifespan")

  private struct Entry {
    let place: Range<Int>
    let text: String
  }

  /// All of them, one after the other.
  private var bytes: [UInt8] = []
  /// Which entry stands in a slot, counted from 1, 0 where there is none: the slot that its print names, or the next that is free.
  private var slots: [UInt8] = Array(repeating: 0, count: 256)
  private var prints: [TextPrint] = []
  private var entries: [Entry] = []

  private init(_ texts: String...) {
    for text in texts {
      let start = bytes.count
      bytes += Array(text.utf8)
      let place = start..<bytes.count
      prints.append(JSONParser.print(of: bytes, in: place))
      entries.append(Entry(place: place, text: text))
      var slot = UInt8(truncatingIfNeeded: prints[prints.count - 1])
      while slots[Int(slot)] != 0 { slot &+= 1 }
      slots[Int(slot)] = UInt8(entries.count)
    }
  }

  /// The text that stands at a place, where it is one of these.
  func text(_ print: TextPrint, _ place: Range<Int>, in bytes: [UInt8]) -> String? {
    var slot = UInt8(truncatingIfNeeded: print)
    while true {
      let number = Int(slots[Int(slot)])
      guard number > 0 else { return nil }
      if prints[number - 1] == print {
        guard self.bytes.isSame(entries[number - 1].place, as: place, in: bytes) else { return nil }
        return entries[number - 1].text
      }
      slot &+= 1
    }
  }
}
