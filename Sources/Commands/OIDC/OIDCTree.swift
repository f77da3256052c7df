import CommandLineParsing
import OpenIDRegistration

extension ClientsyncCommand {
  /// The operations by hand.
  static let oidc = CommandSpecification(
    "oidc", abstract: "The operations of OpenID Connect by hand: JSON in, JSON out.",
    discussion: [
      "Credentials are never typed: an option that takes one names where it is, env:NAME, file:PATH, or - for standard input.",
      "Nothing is repeated. Exits 0 where it is done, 1 where nothing was changed, 5 where the call was sent and its outcome is not known, 4 where it was done and its answer could not be used or kept. A failure is told on standard error, and as JSON with a member \"failure\" on standard output.",
      "One command at a time works with the file of a client: --out claims its name before anything is sent, by an empty file, and --client waits for as long as --timeout where another command has it, and exits 6 where that does not end. A file that became somebody else's meanwhile is not written over: what the answer brought is kept beside it then, under the name that kept_in gives, and the exit is 4.",
    ],
    groups: [
      CommandGroup("Clients", [register, get, set, delete]),
      CommandGroup("Providers and people", [discover, userinfo, credential, logout]),
    ],
    examples: [
      Example(
        "clientsync oidc register --issuer https://auth.example.com/ --out app.json --set client_name=App --set redirect_uris=https://app.example.com/cb",
        "Registers a client; its secret and token go into app.json, for its owner alone."),
      Example("clientsync oidc get --client app.json | jq .scope", "Reads it back."),
    ])

  private static let sources =
    "SOURCE says where a credential is, for none is typed: env:NAME, file:PATH, or - for standard input."

  private static let connection = OptionGroup(
    "Connection",
    [
      OptionSpecification.value(
        "header", "NAME=SOURCE", .namedSource, help: "A header field for a gateway, whose value is a credential.",
        isRepeatable: true),
      OptionSpecification.value("timeout", "DURATION", .duration, help: "For a whole call.", defaultText: "30s"),
      OptionSpecification.value("connect-timeout", "DURATION", .duration, help: "For connecting.", defaultText: "10s"),
      OptionSpecification.value("ca-file", "FILE", .path, help: "Certificates to trust, in PEM, instead of the system's."),
      OptionSpecification.value("certificate-file", "FILE", .path, help: "The client's certificate, in PEM."),
      OptionSpecification.value("key-file", "FILE", .path, help: "Its key, in PEM."),
      OptionSpecification.value("proxy", "URL", help: "The proxy; else the environment's."),
      OptionSpecification.value("unix-socket", "PATH", .path, help: "A Unix socket to connect to."),
      OptionSpecification.flag("insecure", help: "Allows http: beyond this machine."),
      OptionSpecification.flag(
        "verbose", short: "v", help: "Shows each exchange on standard error, with credentials left out."),
    ])

  private static let issuer = OptionSpecification.value(
    "issuer", "URL", help: "The provider, as it writes its own name; its discovery document names the endpoint.")

  private static let metadata = OptionSpecification.value(
    "set", "NAME=VALUE", .pair,
    help: "A member of the metadata. A list is JSON, or the option once for each element.", isRepeatable: true)

  private static let file = ArgumentSpecification(
    "FILE", .path, help: "Client metadata as JSON; - for standard input.", isOptional: true)

  private static let reference = OptionGroup(
    "Client",
    [
      OptionSpecification.value(
        "client", "FILE", .path,
        help: "The file that oidc register wrote: URI and token are taken from it, new ones kept in it."),
      OptionSpecification.value("uri", "URL", help: "The client's registration_client_uri."),
      OptionSpecification.value("token", "SOURCE", help: "Its registration access token; with --auth, what that takes."),
      OptionSpecification.value(
        "auth", "METHOD", .choice(["registration_access_token", "client_secret_basic", "client_secret_post", "bearer"]),
        help: "What shows that the call may be made.", defaultText: "registration_access_token"),
      OptionSpecification.value(
        "client-id", "ID", help: "The client's id, where --client does not name it."),
    ])

  private static let register = CommandSpecification(
    "register", abstract: "Creates a client (RFC 7591, section 3.1).",
    discussion: [
      "Where an answer breaks off or cannot be used, what arrived of it goes into the file of --out all the same, and the failure names the file in kept_in. Without --out, and where the file cannot be written any more, it is printed.",
      sources,
    ],
    options: [
      OptionGroup(
        "Client",
        [
          metadata,
          OptionSpecification.value(
            "out", short: "o", "FILE", .path,
            help: "Keeps the answer in this new file, durably and for its owner alone, and prints the id only."),
        ]),
      OptionGroup(
        "Provider",
        [
          issuer, OptionSpecification.value("endpoint", "URL", help: "The registration endpoint."),
          OptionSpecification.value("token", "SOURCE", help: "The initial access token."),
        ]), connection,
    ],
    arguments: [file],
    examples: [
      Example(
        "clientsync oidc register --endpoint http://127.0.0.1:4444/oauth2/register client.json",
        "Prints the whole answer, the secret and the token in it.")
    ])

  private static let get = CommandSpecification(
    "get", abstract: "Reads a client (RFC 7592, section 2.1).",
    discussion: [
      "Some providers show the secret and the token in a read, or hand out new ones. With --client they are kept in that file where they are new, and the token is not printed; the secret is, for a set at such a provider has to send it back. Without --client both are printed.",
      sources,
    ], options: [reference, connection])

  private static let set = CommandSpecification(
    "set", abstract: "Replaces a client's metadata (RFC 7592, section 2.2).",
    discussion: [
      "Members that are left out go back to the provider's defaults. Many providers answer with a new token and end the old one: with --client it is kept in that file, and only the id is printed. Without --client the whole answer is printed, with what it brings of secret and token.",
      "What only the provider writes (registration_access_token, registration_client_uri, client_secret_expires_at, client_id_issued_at) is not sent back, and client_id is, from the file of --client or from --client-id.",
      sources,
    ],
    options: [reference, OptionGroup("Metadata", [metadata]), connection], arguments: [file],
    examples: [
      Example(
        "clientsync oidc get --client app.json | jq '.client_name = \"Two\"' | clientsync oidc set --client app.json -",
        "Changes one member and leaves the others as they are.")
    ])

  private static let delete = CommandSpecification(
    "delete", abstract: "Deletes a client (RFC 7592, section 2.3).", discussion: [sources], options: [reference, connection])

  private static let discover = CommandSpecification(
    "discover", abstract: "Prints what a provider says about itself (OpenID Connect Discovery 1.0; RFC 8414).",
    options: [
      OptionGroup(
        "Provider",
        [OptionSpecification.value("issuer", "URL", help: "The same as the argument, as the other commands take it.")]),
      connection,
    ],
    arguments: [ArgumentSpecification("ISSUER", help: "The provider, as it writes its own name.", isOptional: true)],
    examples: [
      Example("clientsync oidc discover https://auth.example.com/ | jq -r .token_endpoint", "Prints one endpoint.")
    ])

  private static func provider(_ endpoint: String) -> OptionGroup {
    OptionGroup(
      "Provider",
      [
        issuer, OptionSpecification.value("endpoint", "URL", help: "The \(endpoint)."),
        OptionSpecification.value("jwks-uri", "URL", help: "Its keys; else those that its discovery document names."),
      ])
  }

  private static let accessToken = OptionSpecification.value("token", "SOURCE", help: "The access token of whoever signed in.")

  private static let userinfo = CommandSpecification(
    "userinfo", abstract: "Prints the claims of whoever signed in (OpenID Connect Core 1.0, section 5.3).",
    discussion: ["A signed answer is checked against the provider's keys first.", sources],
    options: [
      OptionGroup(
        "Person",
        [
          accessToken,
          OptionSpecification.value("subject", "SUB", help: "Whom the ID token is about; claims of somebody else are refused."),
          OptionSpecification.value("client-id", "ID", help: "Whom a signed answer has to be for."),
          OptionSpecification.value(
            "method", "METHOD", .choice(UserInfoMethod.allCases.map(\.rawValue)), help: "How the token is shown.",
            defaultText: "get"),
        ]), provider("userinfo endpoint"), connection,
    ])

  private static let credential = CommandSpecification(
    "credential", abstract: "Gets a verifiable credential about whoever signed in, bound to a key.",
    discussion: ["Hydra gives one for an access token with the scopes openid and userinfo_credential_draft_00.", sources],
    options: [
      OptionGroup(
        "Credential",
        [
          accessToken,
          OptionSpecification.value("key", "SOURCE", help: "The private key that it is bound to, as a JWK."),
          OptionSpecification.value(
            "key-out", "FILE", .path,
            help: "Makes a key and keeps it in this new file, for its owner alone; it serves again with --key."),
          OptionSpecification.value(
            "algorithm", "NAME", .choice(["ES256", "EdDSA"]), help: "What the new key signs by.", defaultText: "ES256"),
          OptionSpecification.value(
            "type", "NAME", help: "What it is about.", defaultText: "VerifiableCredential and UserInfoCredential",
            isRepeatable: true),
        ]), provider("credentials endpoint"), connection,
    ])

  private static let logout = CommandSpecification(
    "logout", abstract: "Asks the provider to end a session (RP-Initiated Logout 1.0).",
    discussion: [
      "A session lives in a browser's cookies. Without them the provider ends what the hint alone can end; --print-url prints what to open in the browser instead. The URL of the hint is a credential as the hint is.",
      sources,
    ],
    options: [
      OptionGroup(
        "Session",
        [
          OptionSpecification.value("id-token-hint", "SOURCE", help: "The ID token of the session."),
          OptionSpecification.value(
            "post-logout-redirect-uri", "URI", help: "Where the browser goes then, as the client registered it."),
          OptionSpecification.value("state", "TEXT", help: "Comes back with that redirect."),
          OptionSpecification.value("client-id", "ID", help: "The client, where no hint names it."),
          OptionSpecification.value("logout-hint", "TEXT", help: "Who signs out, where no hint says it."),
          OptionSpecification.value(
            "ui-locale", "TAG", help: "A language that the provider's page may have, the preferred first.", isRepeatable: true),
          OptionSpecification.value("cookie", "SOURCE", help: "The browser's cookies at the provider."),
          OptionSpecification.flag("print-url", help: "Prints the URL and does not go there."),
        ]),
      OptionGroup(
        "Provider", [issuer, OptionSpecification.value("endpoint", "URL", help: "The end-session endpoint.")]), connection,
    ])
}
