import Foundation

/// Made-up documents, valid and not: each member with values of each kind, and the examples.
enum SchemaCorpus {
  static let clientBeside = "apiVersion: clientsync/v1\nkind: Client\nmetadata: { name: beside }\nspec: { client: {} }\n"

  static let manifests: [String] =
    examples + documents
    + members.flatMap { member in
      values.map { value in
        switch member.place {
        case .client: client("client_name: x\n    \(member.name): \(value)")
        case .clientSpec: client("client_name: x", spec: "\n  \(member.name): \(value)")
        case .registry: registry("\n  \(member.name): \(value)")
        case .http: registry("\n  http: { \(member.name): \(value) }")
        case .metadata:
          "apiVersion: clientsync/v1\nkind: Client\nmetadata:\n  \(member.name): \(value)\nspec: { client: { client_name: x } }\n"
        }
      }
    }

  private enum Place { case client, clientSpec, registry, http, metadata }

  /// Values that belong in one member and in no other, so that each member meets right and wrong ones.
  private static let values = [
    "null", "text", "5", "-5", "true", "\"true\"", "[]", "[text]", "[5]", "[null]", "{}", "{ a: b }", "{ sealed: x }", "''",
    "10s", "1m30s", "0s", "30d", "1.5h", "https://app.example.com/x", "[https://app.example.com/x]", "['com.example:/x']",
    "['https://a.example.com/#x']", "['*://x']", "[/callback]", "['javascript:alert(1)']", "http://a.example.com",
    "openid profile",
    "'openid  profile'", "$(env:HOME)", "'$(env:CLIENTSYNC_VAR_A'", "retain", "{ env: A }",
    "{ env: A, file: b }", "{ file: ../x }", "0", "1.5", "no",
  ]

  private static let members: [(place: Place, name: String)] = [
    (.client, "client_uri"), (.client, "redirect_uris"), (.client, "scope"), (.client, "contacts"),
    (.client, "default_max_age"), (.client, "require_auth_time"), (.client, "implicit_grant_id_token_lifespan"),
    (.client, "allowed_cors_origins"), (.client, "sector_identifier_uri"), (.client, "jwks"), (.client, "metadata"),
    (.client, "client_id"), (.client, "x_tier"), (.client, "client_name#fr"), (.client, "scope#fr"), (.client, "redirect_uri"),
    (.client, "subject_type"), (.client, "grant_types"), (.client, "token_endpoint_auth_method"),
    (.clientSpec, "deletion"), (.clientSpec, "secretVersion"), (.clientSpec, "previousNames"), (.clientSpec, "ignoreDrift"),
    (.clientSpec, "deliver"), (.clientSpec, "adopt"), (.clientSpec, "unknown"),
    (.registry, "profile"), (.registry, "initialAccessToken"), (.registry, "headers"), (.registry, "insecure"),
    (.registry, "encryption"), (.registry, "tls"), (.registry, "defaults"), (.registry, "rewriteRegistrationURI"),
    (.registry, "registrationEndpoint"), (.registry, "destinations"), (.registry, "renewBefore"), (.registry, "keepSecret"),
    (.registry, "authentication"), (.http, "timeout"), (.http, "maxConcurrency"), (.http, "requestsPerSecond"),
    (.metadata, "name"), (.metadata, "labels"), (.metadata, "annotations"),
  ]

  private static func client(_ members: String, spec: String = "") -> String {
    "apiVersion: clientsync/v1\nkind: Client\nmetadata: { name: made-up }\nspec:\(spec)\n  client:\n    \(members)\n"
  }

  private static func registry(_ spec: String) -> String {
    "apiVersion: clientsync/v1\nkind: Registry\nmetadata: { name: made-up }\nspec:\n  issuer: https://auth.example.com/\(spec)\n"
  }

  /// Whole documents, each with something of its own about its envelope, or what members have to do with each other.
  private static let documents: [String] = [
    "apiVersion: clientsync/v1\nkind: Registry\nmetadata: { name: a }\nspec: { embedded: {} }\n",
    "apiVersion: clientsync/v1\nkind: Registry\nmetadata: { name: a }\nspec: { embedded: {}, issuer: 'https://a.example.com' }\n",
    "apiVersion: clientsync/v1\nkind: Registry\nmetadata: { name: a }\nspec: { issuer: null, embedded: {} }\n",
    "apiVersion: clientsync/v1\nkind: Registry\nmetadata: { name: a }\nspec: { profile: hydra }\n",
    "apiVersion: clientsync/v1\nkind: Registry\nmetadata: { name: a.b }\nspec: { embedded: {} }\n",
    "apiVersion: clientsync/v1\nkind: Registry\nmetadata: { name: sealed }\nspec: { embedded: {} }\n",
    "apiVersion: clientsync/v1\nkind: Registry\nmetadata: { name: 7 }\nspec: { embedded: {} }\n",
    "apiVersion: clientsync/v1\nkind: Client\nmetadata: { name: a }\nspec: {}\n",
    "apiVersion: clientsync/v1\nkind: Client\nmetadata: { name: a }\nspec: { client: null }\n",
    "apiVersion: clientsync/v1\nkind: Client\nmetadata: {}\nspec: { client: { client_name: x } }\n",
    "apiVersion: clientsync/v1\nkind: Client\nspec: { client: { client_name: x } }\n",
    "apiVersion: clientsync/v1\nkind: Client\nmetadata: { name: a }\nspec: { client: { client_name: x } }\nstatus: {}\n",
    "apiVersion: clientsync/v1\nkind: Klient\nmetadata: { name: a }\nspec: { client: { client_name: x } }\n",
    "apiVersion: clientsync/v2\nkind: Client\nmetadata: { name: a }\nspec: { client: { client_name: x } }\n",
    "apiVersion: v1\nkind: Client\nmetadata: { name: a }\nspec: { client: { client_name: x } }\n",
    "apiVersion: v1\nkind: List\nitems: []\n", "apiVersion: v1\nkind: List\n", "apiVersion: v1\nkind: List\nitems: text\n",
    "apiVersion: v1\nkind: List\nitems: [{ apiVersion: clientsync/v1, kind: Client, metadata: { name: a }, spec: { client: {} } }]\n",
    "apiVersion: v1\nkind: List\nitems: [{ apiVersion: clientsync/v1, kind: Client, metadata: { name: a }, spec: {} }]\n",
    client("client_name: $(env:CLIENTSYNC_VAR_A:-x) and $(env:CLIENTSYNC_VAR_B:-)"), client("client_name: $(env:A:-x)"),
    client("client_name: a $(path) $ $$(env)"), client("contacts: [a, '$(env:CLIENTSYNC_VAR_A:-x)', '$(env:B)']"),
    client("redirect_uris: ['https://$(env:CLIENTSYNC_VAR_A:-x)/cb']"), client("metadata: { a: ['$(env:HOME)'] }"),
    registry("\n  http: { timeout: $(env:CLIENTSYNC_VAR_T:-10s) }"), registry("\n  profile: $(env:CLIENTSYNC_VAR_P:-hydra)"),
    "[]\n", "text\n", "kind: Client\n",
    registry("\n  tls: { certificateFile: a }"), registry("\n  tls: { certificateFile: a, keyFile: b }"),
    registry("\n  tls: { caFile: a }"), registry("\n  initialAccessToken: { env: A, file: null }"),
    registry("\n  headers: { X-Team: a, X-Token: { env: B } }"), registry("\n  headers: { authorization: a }"),
    registry("\n  headers: { 'a b': c }"), registry("\n  admin: { endpoint: 'http://127.0.0.1:4445', manage: never }"),
    registry("\n  admin: { manage: never }"), registry("\n  destinations: { vault: { command: { argv: [a] } } }"),
    registry("\n  destinations: { vault: { command: { argv: [] } } }"),
    registry("\n  destinations: { vault: { command: {} } }"),
    registry("\n  destinations: { vault: { file: { root: deploy, format: kubernetes-secret } } }"),
    registry("\n  destinations: { vault: { file: { root: deploy, format: xml } } }"),
    registry("\n  destinations: { vault: { file: { root: .git/hooks } } }"),
    registry("\n  destinations: { vault: { file: { root: a/.GIT } } }"),
    registry("\n  destinations: { vault: { file: { root: .github } } }"),
    registry("\n  destinations: { vault: { file: { root: a }, command: { argv: [a] } } }"),
    registry("\n  destinations: { 'A B': { file: { root: a } } }"), registry("\n  destinations: { vault: {} }"),
    registry("\n  destinations: { vault: { file: { root: a, seal: { age: [bob] } } } }"),
    registry("\n  authentication: bearer"), registry("\n  profile: keycloak"), registry("\n  profile: { file: ours.yaml }"),
    registry("\n  admin: { endpoint: 'http://127.0.0.1:4445', manage: all }"), registry("\n  renewBefore: 30d"),
    client("client_name: x", spec: "\n  deliver: [{ to: vault, path: a/b }]"),
    client("client_name: x", spec: "\n  deliver: [{ to: vault, path: ../b }]"),
    client("client_name: x", spec: "\n  deliver: [{ to: vault, path: .git/b }]"),
    client("client_name: x", spec: "\n  deliver: [{ to: vault }]"),
    client("client_name: x", spec: "\n  adopt: { clientId: a }"),
    client("client_name: x", spec: "\n  adopt: { clientId: a, registrationAccessToken: { env: CLIENTSYNC_VAR_A } }"),
    client("client_name: x", spec: "\n  adopt: { clientId: a, registrationAccessToken: { env: HOME } }"),
    client("client_name: x", spec: "\n  adopt: { clientId: a, registrationAccessToken: { file: ../a } }"),
    client("client_name: x", spec: "\n  adopt: { registrationAccessToken: { file: a } }"),
    client("client_name: ${CLIENTSYNC_VAR_A}"), client("client_name: $(CLIENTSYNC_VAR_A)"),
    client("client_name: $CLIENTSYNC_VAR_A"),
    client("client_name: ${env:CLIENTSYNC_VAR_A}"), client("client_name: $(env:CLIENTSYNC_VAR_A:-$CLIENTSYNC_VAR_B)"),
    client("client_name: ${HOST} and $(HOST)"),
    registry("\n  safety: { maxDeletePercent: 101 }"), registry("\n  safety: { maxDeletePercent: 100 }"),
    registry("\n  keepSecret: until-delivered"), registry("\n  keepSecret: always"),
    registry("\n  encryption: { age: [age1yt3tfqlfrwdwx0z0ynwplcr6qxcxfaqycuprpmy89nr83ltx74tqdpszlw] }"),
    registry("\n  encryption: { age: [] }"),
    registry("\n  defaults: { scope: openid, policy_uri: https://example.com/p }"), registry("\n  defaults: { scope: ' ' }"),
  ]

  private static let examples: [String] = {
    let folder = packageRoot.appending(path: "examples/clients")
    let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)?.compactMap { $0 as? URL } ?? []
    return files.filter { $0.pathExtension == "yaml" }.flatMap { file in
      ((try? String(contentsOf: file, encoding: .utf8)) ?? "").components(separatedBy: "\n---\n")
    }
  }()

  static let configurations = [
    "filename: clients\n", "filename: [a, b]\n", "filename: []\n", "filename: {}\n", "state: state\n", "state: [a]\n",
    "state: null\n",
    "rules: {}\n", "rules: { redirect-uri-http: off }\n", "rules: { redirect-uri-http: error, lifespan: warning }\n",
    "rules: { redirect-uri-http: no }\n", "rules: { private-key: off }\n", "rules: { unknown-key: off }\n", "rules: [off]\n",
    "rules: { nothing: off }\n", "policies: []\n", "policies: null\n", "unknown: 1\n", "filename: null\n", "[]\n", "{}\n",
    "filename: a\nstate: b\nrules: { implicit-grant: warning }\n",
  ]
}
