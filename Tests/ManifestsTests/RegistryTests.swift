import Diagnostics
import Manifests
import MarkedText
import OpenIDJSON
import Testing

struct RegistryTests {
  @Test func `a document becomes a registry`() throws {
    let set = decode(
      """
      apiVersion: clientsync/v1
      kind: Registry
      metadata: { name: hydra }
      spec:
        issuer: https://auth.example.com/
        registrationEndpoint: https://auth.example.com/oauth2/register
        profile: hydra
        authentication: registration_access_token
        initialAccessToken: { env: REGISTRATION_IAT }
        admin:
          endpoint: http://127.0.0.1:4445
          token: { file: secrets/admin.token }
          readToken: { command: [vault, read, -field=token, "secret/a b"] }
          manage: never
        tls: { caFile: ca.pem, certificateFile: /etc/c.pem, keyFile: k.pem }
        http:
          { timeout: 1m30s, connectTimeout: 500ms, maxConcurrency: 4, requestsPerSecond: 2.5, maxRetries: 0,
            maxResponseBytes: 4096, proxy: "http://proxy:3128", unixSocket: hydra.sock }
        rewriteRegistrationURI: { from: "http://hydra:4444/", to: https://auth.example.com/ }
        headers: { X-Tenant: acme, X-Key: { env: GATEWAY_KEY } }
        safety: { maxCreates: 50, maxDeletes: 0, maxDeletePercent: 10 }
        encryption: { age: [age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p] }
        keepSecret: always
        defaults: { scope: openid }
      """, file: "teams/registry.yaml")
    #expect(set.diagnostics.map { $0.text() } == [])
    let registry = try #require(set.registries.first)
    #expect(registry.name == "hydra")
    #expect(registry.place == SourcePlace(file: "teams/registry.yaml", line: 1, column: 1))
    #expect(registry.issuer == "https://auth.example.com/")
    #expect(registry.registrationEndpoint == "https://auth.example.com/oauth2/register")
    #expect(registry.profile == "hydra")
    #expect(registry.embedded == false)
    func place(_ line: Int, _ column: Int) -> SourcePlace {
      SourcePlace(file: "teams/registry.yaml", line: line, column: column)
    }
    #expect(registry.initialAccessToken == .environment("REGISTRATION_IAT", place: place(9, 23)))
    #expect(
      registry.admin
        == .init(
          endpoint: "http://127.0.0.1:4445", token: .file("teams/secrets/admin.token", place: place(12, 12)),
          readToken: .command(["vault", "read", "-field=token", "secret/a b"], place: place(13, 16)), manage: .never))
    #expect(registry.tls == .init(caFile: "teams/ca.pem", certificateFile: "/etc/c.pem", keyFile: "teams/k.pem"))
    #expect(
      registry.http
        == .init(
          timeout: .seconds(90), connectTimeout: .milliseconds(500), maxConcurrency: 4, requestsPerSecond: 2.5, maxRetries: 0,
          maxResponseBytes: 4096, proxy: "http://proxy:3128", unixSocket: "teams/hydra.sock"))
    #expect(registry.rewriteRegistrationURI == .init(from: "http://hydra:4444/", to: "https://auth.example.com/"))
    #expect(registry.headers.map(\.name) == ["X-Tenant", "X-Key"])
    #expect(registry.headers.first?.value == .text("acme"))
    #expect(registry.safety == .init(maxCreates: 50, maxDeletes: 0, maxDeletePercent: 10, isMaxDeletePercentGiven: true))
    #expect(registry.encryption == .age(["age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"]))
    #expect(registry.defaults.text() == #"{"scope":"openid"}"#)
  }

  @Test func `what is left out has its default`() throws {
    let set = decode("apiVersion: clientsync/v1\nkind: Registry\nmetadata: { name: a }\nspec: { embedded: {} }\n")
    let registry = try #require(set.registries.first)
    #expect(set.diagnostics == [])
    #expect(registry == DeclaredRegistry(name: "a", place: registry.place, embedded: true))
    #expect(registry.http.timeout == .seconds(30))
    #expect(registry.safety.maxDeletePercent == 30)
    #expect(registry.profile == "auto")
  }

  @Test(arguments: [
    "issuer: «insecure-url»http://auth.example.com",
    "issuer: «insecure-url»http://auth.localhost",
    "issuer: https://auth.example.com\n  registrationEndpoint: «insecure-url»http://10.0.0.1/register",
    "issuer: https://a.example.com\n  admin: { endpoint: «insecure-url»http://hydra:4445 }",
    "issuer: https://a.example.com\n  rewriteRegistrationURI: { from: http://a/, to: «insecure-url»http://b/ }",
    "issuer: «invalid-url»https://user:password@auth.example.com",
    "issuer: «invalid-url»auth.example.com",
    "issuer: «invalid-url»https://auth.example.com/#x",
    "issuer: «invalid-url»https://auth.example.com/?a=b",
    "issuer: «invalid-url»ftp://auth.example.com",
    "issuer: https://a.example.com\n  profile: «unknown-value»hydar",
    "issuer: https://a.example.com\n  admin: { «missing-key»manage: never }",
    "issuer: https://a.example.com\n  initialAccessToken: «missing-key»{}",
    "issuer: https://a.example.com\n  initialAccessToken: «conflicting-keys»{ env: A, file: b }",
    "issuer: https://a.example.com\n  initialAccessToken: «wrong-type»s3cr3t",
    "issuer: https://a.example.com\n  initialAccessToken: { «unknown-key»environment: A }",
    "issuer: https://a.example.com\n  initialAccessToken: { env: «invalid-name»1A }",
    "issuer: https://a.example.com\n  initialAccessToken: { command: «invalid-value»[] }",
    "issuer: https://a.example.com\n  initialAccessToken: { command: «wrong-type»vault read }",
    "issuer: https://a.example.com\n  http: { timeout: «invalid-value»0s }",
    "issuer: https://a.example.com\n  http: { timeout: «invalid-value»30 }",
    "issuer: https://a.example.com\n  http: { timeout: «invalid-value»1s1m }",
    "issuer: https://a.example.com\n  http: { maxConcurrency: «invalid-value»0 }",
    "issuer: https://a.example.com\n  http: { requestsPerSecond: «invalid-value»0 }",
    "issuer: https://a.example.com\n  http: { requestsPerSecond: «wrong-type»many }",
    "issuer: https://a.example.com\n  safety: { maxDeletePercent: «invalid-value»101 }",
    "issuer: https://a.example.com\n  tls: «missing-key»{ keyFile: k.pem }",
    "issuer: https://a.example.com\n  encryption: { age: «invalid-value»[] }",
    "issuer: https://a.example.com\n  encryption: { age: [«invalid-value»ssh-ed25519 AAAA] }",
    "issuer: https://a.example.com\n  encryption: { age: [«invalid-value»AGE-SECRET-KEY-1QQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQ] }",
    "issuer: https://a.example.com\n  headers: { «reserved-name»Authorization: x }",
    "issuer: https://a.example.com\n  headers: { «invalid-name»\"X Tenant\": x }",
    "issuer: https://a.example.com\n  headers: { X-Tenant: «invalid-value»\"a\\r\\nb\" }",
    "issuer: https://a.example.com\n  headers: { X-Tenant: «wrong-type»[a] }",
    "issuer: https://a.example.com\n  defaults: { «unknown-key»scopes: x }",
    "issuer: https://a.example.com\n  defaults: { «server-owned-member»client_secret: x }",
    "issuer: https://a.example.com\n  «conflicting-keys»embedded: {}",
    "embedded: { «unknown-key»port: 1 }",
    "issuer: https://a.example.com\n  «unknown-key»timeout: 10s",
  ])
  func `mistakes in a registry's document`(_ spec: String) {
    let marked = MarkedText("apiVersion: clientsync/v1\nkind: Registry\nmetadata: { name: a }\nspec:\n  \(spec)\n")
    let set = decode(marked.text)
    #expect(MarkedText.marks(of: set.diagnostics) == marked.marks, "\(set.diagnostics.map { $0.text() }.joined())")
    let shown = set.diagnostics.map { $0.text() }.joined()
    #expect(!shown.contains("password@"))
    #expect(!shown.contains("QQQQQQ"))
  }

  @Test(arguments: ["a.b", "a_b", "Hydra", "-a"])
  func `a registry's name is a DNS label`(_ name: String) {
    let set = decode("apiVersion: clientsync/v1\nkind: Registry\nmetadata: { name: \(name) }\nspec: { embedded: {} }\n")
    #expect(set.diagnostics.map(\.rule) == ["invalid-name"])
  }

  @Test(arguments: [
    "issuer: http://localhost:4444", "issuer: http://127.0.0.1", "issuer: \"http://[::1]:4444\"",
    "issuer: http://hydra:4444\n  insecure: true",
  ])
  func `clear text is fine on loopback, or where it is asked for`(_ spec: String) {
    let set = decode("apiVersion: clientsync/v1\nkind: Registry\nmetadata: { name: a }\nspec:\n  \(spec)\n")
    #expect(set.diagnostics.map { $0.text() } == [])
  }

  @Test func `two registries of one name name each other`() {
    let set = ManifestDecoder.decode(
      [ManifestSource(file: "a.yaml", text: registryText), ManifestSource(file: "b.yaml", text: registryText)], environment: [:]
    )
    #expect(set.diagnostics.map(\.rule) == ["duplicate-name"])
    #expect(set.diagnostics.first?.place?.file == "b.yaml")
    #expect(set.diagnostics.first?.hint == "The first stands at a.yaml:1:1. Give one of the two another name.")
  }
}

/// What the format has and this version does nothing about: read and checked, with a warning.
struct NotYetTests {
  @Test(arguments: [
    "profile: «not-supported-yet»keycloak", "profile: { «not-supported-yet»file: ours.yaml }",
    "authentication: «not-supported-yet»bearer", "keepSecret: «not-supported-yet»until-delivered",
    "«not-supported-yet»renewBefore: 14d", "«not-supported-yet»destinations: { vault: { command: { argv: [vault] } } }",
    "admin: { endpoint: https://b.example.com, manage: «not-supported-yet»all }",
    "«not-supported-yet»destinations: { files: { file: { root: secrets, format: dotenv } } }",
  ])
  func `a registry's member is checked, and told`(_ member: String) {
    let marked = MarkedText(
      "apiVersion: clientsync/v1\nkind: Registry\nmetadata: { name: a }\nspec:\n  issuer: https://a.example.com\n  \(member)\n")
    let set = decode(marked.text)
    #expect(MarkedText.marks(of: set.diagnostics) == marked.marks, "\(set.diagnostics.map { $0.text() }.joined())")
    #expect(set.failure == nil)
    #expect(set.unsupported.map(\.registry) == ["a"])
    let other = decode(marked.text, selection: ["b"])
    #expect(other.diagnostics == [] && other.unsupported == [])
  }

  static let registry = """
    apiVersion: clientsync/v1
    kind: Registry
    metadata: { name: a }
    spec:
      embedded: {}
      keepSecret: until-delivered
      renewBefore: 30d
      destinations:
        vault: { command: { argv: [vault, kv, put, "secret/$(path)", "-"], format: dotenv } }
        cluster: { file: { root: ../deploy, format: kubernetes-secret, seal: { age: [age1yt3tfqlfrwdwx0z0ynwplcr6qxcxfaqycuprpmy89nr83ltx74tqdpszlw] } } }
    ---

    """

  static func client(_ name: String, _ spec: String) -> String {
    "apiVersion: clientsync/v1\nkind: Client\nmetadata: { name: \(name) }\nspec:\n  \(spec)\n  client: { grant_types: [client_credentials] }\n"
  }

  @Test func `destinations, deliveries and adoptions are values`() throws {
    let set = decode(
      Self.registry
        + Self.client(
          "b", "adopt: { clientId: '7', registrationAccessToken: { file: tokens/b } }\n  deliver: [{ to: vault, path: b/c }]"))
    let registry = try #require(set.registries.first)
    #expect(registry.keepSecret == .untilDelivered)
    #expect(registry.renewBefore == .seconds(30 * 86_400))
    #expect(registry.destinations["vault"]?.kind == .command(["vault", "kv", "put", "secret/$(path)", "-"]))
    #expect(registry.destinations["vault"]?.format == .dotenv)
    #expect(
      registry.destinations["cluster"]?.kind
        == .file(root: "clients/../deploy", recipients: ["age1yt3tfqlfrwdwx0z0ynwplcr6qxcxfaqycuprpmy89nr83ltx74tqdpszlw"]))
    let client = try #require(set.clients.first)
    #expect(client.deliveries.map { [$0.destination, $0.path] } == [["vault", "b/c"]])
    #expect(client.adoption?.clientID == "7")
    guard case .file(let path, _)? = client.adoption?.token else {
      Issue.record("no file")
      return
    }
    #expect(path == "clients/tokens/b")
  }

  @Test(arguments: [
    "deliver: [{ to: «unknown-destination»vualt, path: b }]",
    "deliver: [{ to: vault, path: b }, { to: cluster, path: b }, { to: vault, path: «duplicate-delivery»b }]",
    "deliver: [{ to: vault, path: «duplicate-delivery»taken }]",
    "adopt: { clientId: «duplicate-adoption»'1' }",
    "adopt: { clientId: '2', registrationAccessToken: «wrong-type»ory_at_token }",
    "adopt: { clientId: '2', registrationAccessToken: «conflicting-keys»{ env: CLIENTSYNC_VAR_A, file: a } }",
    "adopt: { «missing-key»registrationAccessToken: { env: CLIENTSYNC_VAR_A } }",
    "deliver: [{ «missing-key»to: vault }]", "deliver: «wrong-type»{ to: vault, path: b }",
  ])
  func `what a client says of credentials is checked against its registry and the other clients`(_ spec: String) {
    let first = Self.registry + Self.client("a", "deliver: [{ to: vault, path: taken }]\n  adopt: { clientId: '1' }") + "---\n"
    let marked = MarkedText(first + Self.client("b", spec))
    let found = decode(marked.text).diagnostics.filter { $0.severity == .error }
    #expect(MarkedText.marks(of: found) == marked.marks, "\(found.map { $0.text() }.joined())")
    #expect(found.allSatisfy { $0.hint != nil })
  }
}
