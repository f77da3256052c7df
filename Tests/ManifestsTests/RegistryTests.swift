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
    "issuer: https://a.example.com\n  profile: «not-supported-yet»keycloak",
    "issuer: https://a.example.com\n  profile: { «not-supported-yet»file: ours.yaml }",
    "issuer: https://a.example.com\n  authentication: «not-supported-yet»bearer",
    "issuer: https://a.example.com\n  keepSecret: «not-supported-yet»until-delivered",
    "issuer: https://a.example.com\n  «not-supported-yet»renewBefore: 14d",
    "issuer: https://a.example.com\n  «not-supported-yet»destinations: { vault: { command: { argv: [vault] } } }",
    "issuer: https://a.example.com\n  admin: { endpoint: https://b.example.com, manage: «not-supported-yet»all }",
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
    #expect(set.diagnostics.first?.hint == "The first stands at a.yaml:1:1.")
  }
}
