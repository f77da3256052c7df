/// Names and values that client registrations are full of, there before anything is read.
///
/// Making one of these texts costs nothing, neither memory nor a count of who holds it. What is shorter than 16 bytes costs
/// nothing anyway and is not here.
struct RegisteredTexts {
  static let all = RegisteredTexts(
    // RFC 7591, RFC 7592.
    "token_endpoint_auth_method", "software_version", "software_statement", "client_id_issued_at", "client_secret_expires_at",
    "registration_access_token", "registration_client_uri", "authorization_code", "client_credentials", "client_secret_basic",
    "client_secret_post",
    // OpenID Connect Registration 1.0 and the specifications of its logouts.
    "application_type", "sector_identifier_uri", "id_token_signed_response_alg", "id_token_encrypted_response_alg",
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
    "allowed_cors_origins", "skip_logout_consent", "access_token_strategy", "authorization_code_grant_access_token_lifespan",
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
  /// The prints of texts in their slots, 0 where there is none. One whose slot is taken stands in the next that is free.
  private var prints: [TextPrint] = Array(repeating: 0, count: 256)
  private var entries: [Entry?] = Array(repeating: nil, count: 256)

  private init(_ texts: String...) {
    for text in texts {
      let start = bytes.count
      bytes += Array(text.utf8)
      let place = start..<bytes.count
      let print = JSONParser.print(of: bytes, in: place)
      var slot = Int(truncatingIfNeeded: print & 255)
      while prints[slot] != 0 { slot = (slot + 1) & 255 }
      prints[slot] = print
      entries[slot] = Entry(place: place, text: text)
    }
  }

  /// The text that stands at a place, where it is one of these.
  func text(_ print: TextPrint, _ place: Range<Int>, in bytes: [UInt8]) -> String? {
    var slot = Int(truncatingIfNeeded: print & 255)
    while prints[slot] != print {
      if prints[slot] == 0 { return nil }
      slot = (slot + 1) & 255
    }
    guard let entry = entries[slot], self.bytes.isSame(entry.place, as: place, in: bytes) else { return nil }
    return entry.text
  }
}
