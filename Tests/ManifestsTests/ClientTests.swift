import Diagnostics
import Manifests
import MarkedText
import OpenIDJSON
import Testing

struct ClientTests {
  static let full = """
    # The comment is no part of the document.
    ---
    apiVersion: clientsync/v1
    kind: Client
    metadata:
      name: billing.web_1-a
      labels: { team: billing, tier: 1, empty: null }
      namespace: default
      annotations: { a: b }
      creationTimestamp: null
    spec:
      registry: example
      deletion: retain
      previousNames: [billing-portal, billing_old]
      ignoreDrift: [contacts, client_name#fr, x_tier]
      secretVersion: 2
      client:
        scope: openid
        client_name: Billing
        grant_types: [client_credentials]
    """

  @Test func `a document becomes a client`() throws {
    let set = decode(client: Self.full)
    #expect(set.diagnostics.map { $0.text() } == [])
    let client = try #require(set.clients.first)
    #expect(client.name == "billing.web_1-a")
    #expect(client.registry == "example")
    #expect(client.labels == ["team": "billing", "tier": "1"])
    #expect(client.deletion == .retain)
    #expect(client.previousNames == ["billing-portal", "billing_old"])
    #expect(client.ignoreDrift == ["contacts", "client_name#fr", "x_tier"])
    #expect(client.secretVersion == 2)
    #expect(client.source == "client.yaml")
    #expect(client.metadata.names == ["scope", "client_name", "grant_types"])
    #expect(client.defaulted == [])
  }

  @Test func `a client's place is its first key, a member's place its name`() throws {
    let client = try #require(decode(client: Self.full).clients.first)
    #expect(client.place == SourcePlace(file: "client.yaml", line: 3, column: 1))
    #expect(client.memberPlaces["client_name"] == SourcePlace(file: "client.yaml", line: 19, column: 5))
  }

  @Test func `what is left out has its default`() throws {
    let set = decode(client: clientText("grant_types: [client_credentials]"))
    let client = try #require(set.clients.first)
    #expect(client.registry == "example")
    #expect(client.deletion == .delete)
    #expect(client.secretVersion == nil)
    #expect(client.labels.isEmpty && client.previousNames.isEmpty && client.ignoreDrift.isEmpty)
  }

  @Test func `defaults lie under a client's members, sorted behind them`() throws {
    let registry = """
      apiVersion: clientsync/v1
      kind: Registry
      metadata: { name: example }
      spec:
        issuer: https://auth.example.com/
        profile: rfc7591
        defaults:
          scope: openid
          contacts: [ops@example.com]
          client_name: Nameless
          tos_uri: https://example.com/terms
          logo_uri: null
      """
    let set = decode(
      client: clientText("grant_types: [client_credentials]\nclient_name: Billing\ntos_uri: ~"), registry: registry)
    let client = try #require(set.clients.first)
    #expect(
      client.metadata.text()
        == #"{"grant_types":["client_credentials"],"client_name":"Billing","contacts":["ops@example.com"],"scope":"openid"}"#)
    #expect(client.defaulted == ["contacts", "scope"])
    #expect(client.memberPlaces["scope"] == SourcePlace(file: "registry.yaml", line: 8, column: 5))
    #expect(client.memberPlaces["client_name"]?.file == "client.yaml")
    #expect(client.memberPlaces["tos_uri"] == nil)
    #expect(set.registries.first?.defaults.names == ["scope", "contacts", "client_name", "tos_uri"])
  }

  @Test func `a mistake in a registry's defaults is told once, where it is`() {
    let registry = registryText.replacing("profile: hydra", with: "profile: hydra, defaults: {scope: \"a  b\"}")
    let clients = (0..<3).map {
      clientText("grant_types: [client_credentials]\n").replacing("name: example", with: "name: c\($0)")
    }
    let set = ManifestDecoder.decode(
      [
        ManifestSource(file: "c.yaml", text: clients.joined(separator: "---\n")),
        ManifestSource(file: "r.yaml", text: registry),
      ],
      environment: [:])
    #expect(set.diagnostics.map(\.rule) == ["scope-grammar"])
    #expect(set.diagnostics.first?.place?.file == "r.yaml")
  }

  @Test(arguments: ["Billing", "-a", "a-", "a b", "a/b", "ä", ".", "", String(repeating: "a", count: 64)])
  func `names that files and flags cannot carry are refused`(_ name: String) {
    let set = decode(
      client: clientText("grant_types: [client_credentials]").replacing("name: example", with: "name: \"\(name)\""))
    #expect(set.diagnostics.map(\.rule) == ["invalid-name"])
    #expect(set.clients.isEmpty)
  }

  @Test(arguments: ["a", "0", "a.b_c-d", String(repeating: "a", count: 63)])
  func `other names are fine`(_ name: String) {
    let set = decode(
      client: clientText("grant_types: [client_credentials]").replacing("name: example", with: "name: \"\(name)\""))
    #expect(set.diagnostics == [])
    #expect(set.clients.first?.name == name)
  }

  @Test(arguments: [
    "spec: { adopt: { clientId: a }, client: { grant_types: [client_credentials] } }",
    "spec: { deliver: [{ to: vault, path: a }], client: { grant_types: [client_credentials] } }",
  ])
  func `what is not acted upon yet is told, never left out silently`(_ spec: String) {
    let registry = registryText.replacing(
      "profile: hydra", with: "profile: hydra, destinations: { vault: { command: { argv: [vault] } } }")
    let set = decode(
      client: "apiVersion: clientsync/v1\nkind: Client\nmetadata: { name: a }\n\(spec)\n", registry: registry)
    #expect(set.diagnostics.map(\.rule) == ["not-supported-yet", "not-supported-yet"])
    #expect(set.failure == nil)
    #expect(set.unsupported.map(\.client) == [nil, "a"])
  }

  @Test(arguments: [
    "metadata: { name: a, labels: { «reserved-name»sealed: x } }\nspec: { client: { grant_types: [client_credentials] } }",
    "metadata: { name: «reserved-name»sealed }\nspec: { client: { grant_types: [client_credentials] } }",
    "metadata: { name: a }\nspec: «missing-key»{}",
    "metadata: { name: a }\nspec: { «missing-key»registry: example }",
    "metadata: «missing-key»{}\nspec: { client: { grant_types: [client_credentials] } }",
    "metadata: { name: a }\nspec: { client: «wrong-type»[a] }",
    "metadata: { name: a }\nspec: «wrong-type»[]",
    "metadata: { name: a }\nspec: { ignoreDrift: [«unknown-key»contact], client: { grant_types: [client_credentials] } }",
    "metadata: { name: a }\nspec: { previousNames: [«previous-name»a, b], client: { grant_types: [client_credentials] } }",
    "metadata: { name: a }\nspec: { secretVersion: «invalid-value»0, client: { grant_types: [client_credentials] } }",
    "metadata: { name: a, «unknown-key»label: {} }\nspec: { client: { grant_types: [client_credentials] } }",
    "metadata: { name: a }\n«unknown-key»status: {}\nspec: { client: { grant_types: [client_credentials] } }",
    "metadata: { name: a }\nspec: { «redirect-uris-required»client: {} }",
    "metadata: { name: a }\nspec: { registry: «unknown-registry»exmaple, client: { grant_types: [client_credentials] } }",
  ])
  func `mistakes in a client's document`(_ text: String) {
    let marked = MarkedText("apiVersion: clientsync/v1\nkind: Client\n\(text)\n")
    let set = decode(client: marked.text)
    #expect(MarkedText.marks(of: set.diagnostics) == marked.marks, "\(set.diagnostics.map { $0.text() }.joined())")
  }

  @Test func `clients of one name in one registry name each other`() {
    let text = clientText("grant_types: [client_credentials]\n")
    let set = ManifestDecoder.decode(
      [
        ManifestSource(file: "a.yaml", text: text), ManifestSource(file: "b.yaml", text: "\n\n" + text),
        ManifestSource(file: "r.yaml", text: registryText),
      ], environment: [:])
    #expect(set.diagnostics.map(\.rule) == ["duplicate-name"])
    #expect(set.diagnostics.first?.place == SourcePlace(file: "b.yaml", line: 5, column: 19))
    #expect(set.diagnostics.first?.hint == "The first stands at a.yaml:3:19. Give one of the two another name.")
  }

  @Test func `clients of one name in two registries are two`() {
    func client(_ registry: String) -> String {
      "apiVersion: clientsync/v1\nkind: Client\nmetadata: { name: a }\nspec: { registry: \(registry), client: { grant_types: [client_credentials] } }\n---\n"
    }
    let other = registryText.replacing("name: example", with: "name: other")
    let set = decode(client("other") + client("example") + registryText + "---\n" + other)
    #expect(set.diagnostics == [])
    #expect(set.clients.map(\.registry) == ["example", "other"])
  }

  @Test func `two clients cannot have had one name`() {
    func client(_ name: String) -> String {
      "apiVersion: clientsync/v1\nkind: Client\nmetadata: { name: \(name) }\nspec: { previousNames: [old], client: { grant_types: [client_credentials] } }\n---\n"
    }
    #expect(decode(client("a") + client("b") + registryText).diagnostics.map(\.rule) == ["previous-name"])
  }

  @Test func `a previous name that a client has now is refused`() {
    let set = decode(
      """
      apiVersion: clientsync/v1
      kind: Client
      metadata: { name: a }
      spec: { previousNames: [b], client: { grant_types: [client_credentials] } }
      ---
      apiVersion: clientsync/v1
      kind: Client
      metadata: { name: b }
      spec: { client: { grant_types: [client_credentials] } }
      ---

      """ + registryText)
    #expect(set.diagnostics.map(\.rule) == ["previous-name"])
    #expect(set.diagnostics.first?.hint?.contains("clients/a.yaml:8:19") == true)
  }

  @Test func `a client among several registries must name its own`() {
    let other = registryText.replacing("name: example", with: "name: other")
    let set = decode(clientText("grant_types: [client_credentials]\n") + "---\n" + registryText + "---\n" + other)
    #expect(set.diagnostics.map(\.rule) == ["registry-required"])
    #expect(set.diagnostics.first?.hint == "Write registry: NAME below it, where NAME is one of example, other.")
  }

  @Test func `nothing is said to be missing while something could not be read`() {
    let client = clientText("grant_types: [client_credentials]\n").replacing("  client:", with: "  registry: other\n  client:")
    let broken = decode(client + "---\napiVersion: clientsync/v1\nkind: Registry\nmetadata: { name: [\n")
    #expect(broken.diagnostics.map(\.rule) == ["yaml-syntax"])
    let unnamed = decode(
      client + "---\napiVersion: clientsync/v1\nkind: Registry\nmetadata: { name: Other }\nspec: {embedded: {}}\n")
    #expect(unnamed.diagnostics.map(\.rule) == ["invalid-name"])
    let unread = ManifestDecoder.decode(
      LoadedManifests(
        sources: [ManifestSource(file: "a.yaml", text: client)],
        diagnostics: [Diagnostic(.error, rule: "unreadable", "\"b.yaml\" cannot be read: permission denied")]), environment: [:]
    )
    #expect(unread.diagnostics.map(\.rule) == ["unreadable"])
    #expect(unread.failure == .unreadable)
  }
}
