extension ObjectSchema {
  static let hydraFields: [Field] = [
    Field("audience", .list(.string(.any)), "The audiences that the client may ask for", source: .hydra),
    Field("owner", .string(.any), "Who owns the client; the admin API can look for it", source: .hydra),
    Field("allowed_cors_origins", .list(.string(.origin)), "Origins whose scripts may call the provider", source: .hydra),
    Field(
      "access_token_strategy", .string(.choice(["opaque", "jwt"])), "What access tokens are; the admin API alone takes it",
      source: .hydra),
    Field(
      "skip_consent", .boolean, "Whether people are not asked; the admin API alone takes true", source: .hydra,
      fallback: "false"),
    Field(
      "skip_logout_consent", .boolean, "Whether people are not asked when they sign out; the admin API alone takes true",
      source: .hydra, fallback: "false"),
    Field("metadata", .json, "Anything; the admin API alone takes it", source: .hydra),
  ]

  /// How long tokens live, for each grant that brings them.
  static let lifespanFields: [Field] = [
    ("authorization_code_grant", ["access_token", "id_token", "refresh_token"]),
    ("client_credentials_grant", ["access_token"]),
    ("implicit_grant", ["access_token", "id_token"]),
    ("jwt_bearer_grant", ["access_token"]),
    ("refresh_token_grant", ["id_token", "access_token", "refresh_token"]),
    ("device_authorization_grant", ["id_token", "access_token", "refresh_token"]),
  ].flatMap { grant, tokens in
    tokens.map { token in
      Field(
        "\(grant)_\(token)_lifespan", .string(.goDuration),
        "How long \(token.plural) live that the \(grant.words) brings", source: .hydra, fallback: "the provider's")
    }
  }
}

extension String {
  /// `access_token` → `access tokens`.
  fileprivate var plural: String { words + "s" }
  fileprivate var words: String { String(map { $0 == "_" ? " " : $0 }) }
}
