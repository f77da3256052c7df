/// Names and values that client registrations are full of, there before anything is read.
///
/// Handing out one of these texts costs nothing, neither memory nor a count of who holds it, and finding it less than making it.
struct RegisteredTexts {
  static let all = RegisteredTexts(
    // Ory Hydra's client as a read shows it, in this order: each name is looked for first behind the one that stands before it here.
    "client_id", "client_name", "redirect_uris", "grant_types", "response_types", "scope", "audience", "owner", "policy_uri",
    "allowed_cors_origins", "tos_uri", "client_uri", "logo_uri", "contacts", "client_secret_expires_at", "subject_type", "jwks",
    "token_endpoint_auth_method", "userinfo_signed_response_alg", "created_at", "updated_at", "skip_consent",
    "skip_logout_consent", "authorization_code_grant_access_token_lifespan", "authorization_code_grant_id_token_lifespan",
    "authorization_code_grant_refresh_token_lifespan", "client_credentials_grant_access_token_lifespan",
    "implicit_grant_access_token_lifespan", "implicit_grant_id_token_lifespan", "jwt_bearer_grant_access_token_lifespan",
    "refresh_token_grant_id_token_lifespan", "refresh_token_grant_access_token_lifespan",
    "refresh_token_grant_refresh_token_lifespan", "device_authorization_grant_id_token_lifespan",
    "device_authorization_grant_access_token_lifespan", "device_authorization_grant_refresh_token_lifespan",
    // What it shows besides, or takes.
    "client_secret", "metadata", "registration_access_token", "registration_client_uri", "access_token_strategy",
    // RFC 7591, RFC 7592.
    "jwks_uri", "software_id", "software_version", "software_statement", "client_id_issued_at", "authorization_code",
    "client_credentials", "refresh_token", "implicit", "client_secret_basic", "client_secret_post", "code", "none",
    // OpenID Connect Registration 1.0 and the specifications of its logouts.
    "application_type", "sector_identifier_uri", "public", "pairwise", "request_uris", "RS256", "id_token_signed_response_alg",
    "id_token_encrypted_response_alg", "id_token_encrypted_response_enc", "userinfo_encrypted_response_alg",
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
    "backchannel_user_code_parameter")

  struct Entry {
    let text: String
    let print: TextPrint
    /// Where its bytes stand in ``RegisteredTexts/bytes``, a quote behind them.
    fileprivate let place: Range<Int>
  }

  /// All of them, a quote behind each.
  private var bytes: [UInt8] = []
  private var entries: [Entry] = []
  /// Which entry stands in a slot, counted from 1, 0 where there is none: the slot that its print names, or the next that is free.
  private var slots: [UInt8] = Array(repeating: 0, count: 256)
  /// Which text is looked for behind which, as they stand above; the number of a text is its place there.
  let successors: [UInt8]

  private init(_ texts: String...) {
    for text in texts {
      let start = bytes.count
      bytes += Array(text.utf8)
      let place = start..<bytes.count
      bytes.append(UInt8(ascii: "\""))
      let print = JSONParser.print(of: bytes, in: place)
      entries.append(Entry(text: text, print: print, place: place))
      var slot = UInt8(truncatingIfNeeded: print)
      while slots[Int(slot)] != 0 { slot &+= 1 }
      slots[Int(slot)] = UInt8(entries.count)
    }
    successors = (1...UInt8(texts.count)).map { Int($0) < texts.count ? $0 : 0 }
  }

  subscript(number: UInt8) -> Entry { entries[Int(number)] }

  /// The number of the text that stands at a place, where it is one of these.
  func number(_ print: TextPrint, _ place: Range<Int>, in bytes: [UInt8]) -> UInt8? {
    var slot = UInt8(truncatingIfNeeded: print)
    while true {
      let number = slots[Int(slot)]
      guard number > 0 else { return nil }
      let entry = entries[Int(number) - 1]
      if entry.print == print { return self.bytes.isSame(entry.place, as: place, in: bytes) ? number - 1 : nil }
      slot &+= 1
    }
  }

  /// Where the text of that number ends, if it begins at that place with a quote behind it.
  func end(of number: UInt8, from start: Int, in bytes: [UInt8]) -> Int? {
    let place = entries[Int(number)].place
    let end = start + place.count
    guard end < bytes.count, self.bytes.isSame(place.lowerBound..<(place.upperBound + 1), as: start..<(end + 1), in: bytes)
    else {
      return nil
    }
    return end
  }
}
