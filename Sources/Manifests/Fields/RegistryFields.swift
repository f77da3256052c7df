extension ObjectSchema {
  /// A Registry's `spec`.
  package static let registrySpec = ObjectSchema(
    "a Registry's spec",
    combinations: [["issuer"], ["registrationEndpoint"], ["issuer", "registrationEndpoint"], ["embedded"]],
    [
      Field("issuer", .string(.endpoint), "The provider's issuer; its discovery document names the registration endpoint"),
      Field("registrationEndpoint", .string(.endpoint), "Where clients are registered; wins over discovery"),
      Field("embedded", .object(ObjectSchema("embedded", [])), "The provider that ships inside clientsync"),
      Field(
        "profile",
        .either(
          .string(
            .choice(
              ["auto", "rfc7591", "hydra", "ory-network"],
              notYet: ["keycloak", "oidc-provider", "django-oauth-toolkit", "glewlwyd", "authlib", "pyoidc"])),
          .object(
            ObjectSchema("profile", [Field("file", .string(.path), "A profile file", isRequired: true, standing: .notYet)]))),
        "How the provider behaves", fallback: "auto"),
      Field(
        "authentication",
        .string(.choice(["registration_access_token"], notYet: ["client_secret_basic", "client_secret_post", "bearer"])),
        "How clients are managed", fallback: "registration_access_token"),
      Field("initialAccessToken", .object(.credential), "The credential that registration asks for"),
      Field("admin", .object(admin), "Hydra's or Keycloak's admin API"),
      Field("tls", .object(tls), "Certificates, as PEM files beside the manifest"),
      Field("http", .object(http), "How requests are made"),
      Field("rewriteRegistrationURI", .object(rewrite), "For servers that do not know their public URL"),
      Field(
        "headers", .map(.either(.string(.headerValue), .object(.credential)), keys: .headerName),
        "Headers that are sent to this registry's endpoints only"
      ),
      Field("insecure", .boolean, "Allows http: beyond loopback", fallback: "false"),
      Field("safety", .object(safety), "Thresholds past which an apply refuses all changes of a kind"),
      Field(
        "encryption", .either(.string(.choice(["none"])), .object(encryption)), "How the state's secrets are sealed"
      ),
      Field(
        "keepSecret", .string(.choice(["always"], notYet: ["until-delivered"])), "How long secrets are kept", fallback: "always"
      ),
      Field(
        "renewBefore", .string(.duration), "How long before its end a secret is renewed", fallback: "14d", standing: .notYet),
      Field(
        "destinations", .map(.object(.destination), keys: .clientName),
        "Where credentials may be handed over; a Client only names one",
        standing: .notYet),
      Field("defaults", .object(.clientMetadata), "Client metadata that is merged under every client"),
    ])

  /// Where a credential is to be had; exactly one of the three.
  package static let credential = ObjectSchema(
    "a credential", combinations: [["env"], ["file"], ["command"]],
    [
      Field("env", .string(.environmentVariable), "An environment variable"),
      Field("file", .string(.path), "A file beside the manifest"),
      Field(
        "command", .list(.string(.any), atLeast: 1), "A command that prints it; runs only with --allow-exec", isOrdered: true),
    ])

  private static let admin = ObjectSchema(
    "admin",
    [
      Field("endpoint", .string(.endpoint), "The admin API's base URL", isRequired: true),
      Field("token", .object(credential), "The credential for it"),
      Field("readToken", .object(credential), "A lesser credential for reading"),
      Field(
        "manage", .string(.choice(["never", "tokenless"], notYet: ["all"])), "Which clients the admin API manages",
        fallback: "tokenless"),
    ])

  private static let tls = ObjectSchema(
    "tls", combinations: [[], ["certificateFile", "keyFile"]],
    [
      Field("caFile", .string(.path), "The authorities to trust", fallback: "the system's"),
      Field("certificateFile", .string(.path), "The certificate to show"),
      Field("keyFile", .string(.path), "Its private key"),
    ])

  private static let http = ObjectSchema(
    "http",
    [
      Field("timeout", .string(.duration), "How long one request may take", fallback: "30s"),
      Field("connectTimeout", .string(.duration), "How long connecting may take", fallback: "10s"),
      Field("maxConcurrency", .integer(1...1024), "How many requests are in flight at once", fallback: "16"),
      Field("requestsPerSecond", .number, "How many requests are made in a second at most"),
      Field("maxRetries", .integer(0...100), "How often a request that had no effect is made again", fallback: "5"),
      Field("maxResponseBytes", .integer(1024...(1 << 30)), "How long an answer may be", fallback: "10485760 (10 MiB)"),
      Field("proxy", .string(.any), "The proxy to go through", fallback: "the environment's"),
      Field("unixSocket", .string(.path), "A socket to connect to instead of the host"),
    ])

  private static let rewrite = ObjectSchema(
    "rewriteRegistrationURI",
    [
      Field("from", .string(.endpoint), "What registration_client_uri begins with", isRequired: true),
      Field("to", .string(.endpoint), "What stands there instead", isRequired: true),
    ])

  private static let safety = ObjectSchema(
    "safety",
    [
      Field("maxCreates", .integer(0...Int.max), "How many clients one apply may create"),
      Field("maxDeletes", .integer(0...Int.max), "How many clients one apply may delete"),
      Field(
        "maxDeletePercent", .integer(0...100), "How many of a hundred clients one apply may delete; counts from ten clients up",
        fallback: "30"),
    ])

  private static let encryption = ObjectSchema(
    "encryption",
    [Field("age", .list(.string(.ageRecipient), atLeast: 1), "The age recipients that may open the state", isRequired: true)])
}
