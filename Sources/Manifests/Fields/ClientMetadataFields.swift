extension ObjectSchema {
  /// The members of `spec.client` and of a registry's `defaults`: client metadata as the standards name it, and Hydra's own.
  package static let clientMetadata = ObjectSchema(
    "client metadata", extensions: .clientMetadata,
    registrationFields + openIDConnectFields + logoutFields + laterStandards + hydraFields + lifespanFields + serverOwnedFields)

  private static let registrationFields: [Field] = {
    let source = Field.Source.standard("RFC 7591, section 2")
    return [
      Field("client_name", .string(.any), "The name that people see when they sign in", source: source),
      Field("client_uri", .string(.webURL), "A page about the client", source: source),
      Field("logo_uri", .string(.webURL), "A picture of the client's logo", source: source),
      Field("tos_uri", .string(.webURL), "A page with the terms of service", source: source),
      Field("policy_uri", .string(.webURL), "A page that says how data is used", source: source),
      Field("contacts", .list(.string(.any)), "Whom to ask about the client, mostly by e-mail", source: source),
      Field(
        "redirect_uris", .list(.string(.redirectURI)), "Where the browser may be sent back to after signing in", source: source),
      Field(
        "grant_types",
        .list(
          .string(
            .usual([
              "authorization_code", "implicit", "password", "client_credentials", "refresh_token",
              "urn:ietf:params:oauth:grant-type:jwt-bearer", "urn:ietf:params:oauth:grant-type:saml2-bearer",
              "urn:ietf:params:oauth:grant-type:device_code", "urn:ietf:params:oauth:grant-type:token-exchange",
              "urn:openid:params:grant-type:ciba",
            ]))), "How the client may come by tokens", source: source, fallback: "authorization_code"),
      Field(
        "response_types",
        .list(
          .string(
            .usual([
              "code", "token", "id_token", "none", "code id_token", "code token", "code id_token token", "id_token token",
            ]))), "What the authorization endpoint may answer with", source: source, fallback: "code"),
      Field("scope", .string(.scope), "The scopes that the client may ask for, with a blank between", source: source),
      Field(
        "token_endpoint_auth_method",
        .string(
          .usual([
            "none", "client_secret_basic", "client_secret_post", "client_secret_jwt", "private_key_jwt", "tls_client_auth",
            "self_signed_tls_client_auth",
          ])), "How the client proves itself at the token endpoint", source: source, fallback: "client_secret_basic"),
      Field(
        "token_endpoint_auth_signing_alg", .string(.any), "How the client's assertions at the token endpoint are signed",
        source: .standard("OpenID Connect Registration 1.0, section 2")),
      Field("jwks_uri", .string(.webURL), "Where the client's public keys can be fetched", source: source),
      Field("jwks", .jsonObject, "The client's public keys, as a JWK set (RFC 7517)", source: source),
      Field("software_id", .string(.any), "A name for the software, the same in all its installations", source: source),
      Field("software_version", .string(.any), "The version of the software", source: source),
      Field(
        "software_statement", .string(.any), "A signed statement about the software (a JWT)",
        source: .standard("RFC 7591, section 2.3")),
    ]
  }()

  private static let openIDConnectFields: [Field] = {
    let source = Field.Source.standard("OpenID Connect Registration 1.0, section 2")
    return [
      Field("application_type", .string(.choice(["web", "native"])), "Web or native", source: source, fallback: "web"),
      Field(
        "sector_identifier_uri", .string(.securedURL), "A list of redirect URIs that share pairwise subjects", source: source),
      Field(
        "subject_type", .string(.choice(["public", "pairwise"])), "Whether all clients see the same subject, or each its own",
        source: source),
      Field(
        "id_token_signed_response_alg", .string(.any), "How ID tokens are signed", source: source, fallback: "RS256"),
      Field("id_token_encrypted_response_alg", .string(.any), "How keys of ID tokens are encrypted", source: source),
      Field("id_token_encrypted_response_enc", .string(.any), "How ID tokens are encrypted", source: source),
      Field("userinfo_signed_response_alg", .string(.any), "How userinfo answers are signed", source: source),
      Field("userinfo_encrypted_response_alg", .string(.any), "How keys of userinfo answers are encrypted", source: source),
      Field("userinfo_encrypted_response_enc", .string(.any), "How userinfo answers are encrypted", source: source),
      Field("request_object_signing_alg", .string(.any), "How request objects must be signed", source: source),
      Field("request_object_encryption_alg", .string(.any), "How keys of request objects may be encrypted", source: source),
      Field("request_object_encryption_enc", .string(.any), "How request objects may be encrypted", source: source),
      Field(
        "default_max_age", .integer(0...Int.max), "After how many seconds people must sign in again", source: source),
      Field(
        "require_auth_time", .boolean, "Whether ID tokens always say when people signed in", source: source, fallback: "false"),
      Field("default_acr_values", .list(.string(.any)), "Which kinds of signing in are asked for", source: source),
      Field(
        "initiate_login_uri", .string(.securedURL), "Where others may send people to sign in at the client", source: source),
      Field("request_uris", .list(.string(.any)), "Request objects that may be named by URI", source: source),
    ]
  }()

  private static let logoutFields: [Field] = {
    let front = Field.Source.standard("OpenID Connect Front-Channel Logout 1.0, section 2")
    let back = Field.Source.standard("OpenID Connect Back-Channel Logout 1.0, section 2.2")
    return [
      Field(
        "post_logout_redirect_uris", .list(.string(.redirectURI)), "Where the browser may be sent after signing out",
        source: .standard("OpenID Connect RP-Initiated Logout 1.0, section 3.1")),
      Field("frontchannel_logout_uri", .string(.webURL), "A page that ends the client's session in a frame", source: front),
      Field(
        "frontchannel_logout_session_required", .boolean, "Whether that page must be told issuer and session", source: front,
        fallback: "false"),
      Field("backchannel_logout_uri", .string(.webURL), "Where the provider posts logout tokens", source: back),
      Field(
        "backchannel_logout_session_required", .boolean, "Whether logout tokens must name the session", source: back,
        fallback: "false"),
    ]
  }()

  private static let laterStandards: [Field] = [
    Field(
      "require_pushed_authorization_requests", .boolean, "Whether requests must be pushed first",
      source: .standard("RFC 9126, section 6"), fallback: "false"),
    Field(
      "require_signed_request_object", .boolean, "Whether requests must be signed", source: .standard("RFC 9101, section 10.5"),
      fallback: "false"),
    Field(
      "dpop_bound_access_tokens", .boolean, "Whether access tokens are bound to a key of the client",
      source: .standard("RFC 9449, section 5.2"), fallback: "false"),
    Field(
      "tls_client_certificate_bound_access_tokens", .boolean, "Whether access tokens are bound to a client certificate",
      source: .standard("RFC 8705, section 3.4"), fallback: "false"),
    Field(
      "tls_client_auth_subject_dn", .string(.any), "The subject of the client's certificate",
      source: .standard("RFC 8705, section 2.1.2")),
    Field(
      "tls_client_auth_san_dns", .string(.any), "The DNS name in the client's certificate",
      source: .standard("RFC 8705, section 2.1.2")),
    Field(
      "tls_client_auth_san_uri", .string(.any), "The URI in the client's certificate",
      source: .standard("RFC 8705, section 2.1.2")),
    Field(
      "tls_client_auth_san_ip", .string(.any), "The IP address in the client's certificate",
      source: .standard("RFC 8705, section 2.1.2")),
    Field(
      "tls_client_auth_san_email", .string(.any), "The e-mail address in the client's certificate",
      source: .standard("RFC 8705, section 2.1.2")),
    Field(
      "authorization_details_types", .list(.string(.any)), "The types of authorization details that the client uses",
      source: .standard("RFC 9396, section 10")),
    Field(
      "authorization_signed_response_alg", .string(.any), "How authorization answers are signed",
      source: .standard("JARM, section 3")
    ),
    Field(
      "authorization_encrypted_response_alg", .string(.any), "How keys of authorization answers are encrypted",
      source: .standard("JARM, section 3")),
    Field(
      "authorization_encrypted_response_enc", .string(.any), "How authorization answers are encrypted",
      source: .standard("JARM, section 3")),
  ]

  private static let serverOwnedFields: [Field] = {
    let answer = Field.Source.standard("RFC 7591, section 3.2.1")
    let configuration = Field.Source.standard("RFC 7592, section 3")
    return [
      Field("client_id", .json, "The client's identifier", source: answer, standing: .serverOwned),
      Field("client_secret", .json, "The client's secret", source: answer, standing: .serverOwned),
      Field("client_id_issued_at", .json, "When the identifier was made", source: answer, standing: .serverOwned),
      Field("client_secret_expires_at", .json, "When the secret ends", source: answer, standing: .serverOwned),
      Field(
        "registration_access_token", .json, "The token that manages the client", source: configuration, standing: .serverOwned),
      Field("registration_client_uri", .json, "Where the client is managed", source: configuration, standing: .serverOwned),
      Field("created_at", .json, "When the client was made", source: .hydra, standing: .serverOwned),
      Field("updated_at", .json, "When the client was changed last", source: .hydra, standing: .serverOwned),
    ]
  }()
}
