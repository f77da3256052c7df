import Diagnostics
import Manifests
import MarkedText
import Testing

/// Documents as `kustomize build` and `kubectl` print them.
struct StreamTests {
  static let configMap = "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\ndata: {}\n---\n"
  static let client = clientText("grant_types: [client_credentials]\n")

  @Test func `documents of others are passed over in a stream, and counted`() {
    let set = decode(Self.configMap + Self.client + "---\n" + registryText + "---\n" + Self.configMap, file: "-")
    #expect(set.diagnostics == [])
    #expect(set.clients.count == 1)
    #expect(set.passedOver == 2)
    #expect(set.files == 1)
  }

  @Test(arguments: [
    "apiVersion: «other-document»v1\nkind: ConfigMap\n",
    "apiVersion: «other-document»clientsync/v2\nkind: Client\n",
    "apiVersion: «other-document»clientsnyc/v1\nkind: Client\n",
    "apiVersion: clientsync/v1\nkind: «other-document»Clients\n",
    "«not-a-document»kind: Client\n",
    "«not-a-document»apiVersion: clientsync/v1\n",
    "«not-a-document»- a\n",
    "«not-a-document»a\n",
    "«kustomization»apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n",
    "apiVersion: v1\nkind: List\nitems: «wrong-type»{}\n",
    "apiVersion: v1\nkind: List\nitems: [«not-a-document»~]\n",
    "apiVersion: v1\nkind: List\nitems: [{apiVersion: «other-document»v1, kind: List, items: []}]\n",
  ])
  func `a file holds nothing but registries and clients`(_ text: String) {
    let marked = MarkedText(text)
    #expect(MarkedText.marks(of: decode(marked.text).diagnostics) == marked.marks)
  }

  /// What is passed over declares nothing, and what declares nothing may be deleted: so a slip must not be passed over.
  @Test(arguments: [
    "apiVersion: clientsync/v2\nkind: Client\n", "apiVersion: clientsnyc/v1\nkind: Client\n",
    "apiVersion: clientsync/v1\nkind: client\n", "kind: Client\n",
  ])
  func `what was probably meant for us is no document of others`(_ text: String) {
    let set = decode(text, file: "-")
    #expect(set.diagnostics.count == 1)
    #expect(set.passedOver == 0)
    #expect(set.failure == .invalid)
  }

  @Test(arguments: ["kustomization.yaml", "overlays/a/kustomization.yml"])
  func `kustomize's own file says what to run`(_ file: String) {
    let set = decode("resources: [a.yaml]\n", file: file)
    #expect(set.diagnostics.map(\.rule) == ["kustomization"])
    #expect(set.diagnostics.first?.hint?.contains("kustomize build") == true)
  }

  @Test func `a configuration file is not left out silently`() {
    #expect(decode("rules: {}\n", file: "clients/clientsync.yaml").diagnostics.map(\.rule) == ["other-document"])
  }

  @Test func `the items of a list are documents`() throws {
    let set = decode(
      """
      {
        "apiVersion": "v1", "kind": "List", "metadata": { "resourceVersion": "" },
        "items": [
          { "apiVersion": "clientsync/v1", "kind": "Registry", "metadata": { "name": "a" }, "spec": { "embedded": {} } },
          {
            "apiVersion": "clientsync/v1", "kind": "Client", "metadata": { "name": "b" },
            "spec": { "client": { "grant_types": ["client_credentials"] } }
          }
        ]
      }
      """, file: "list.json")
    #expect(set.diagnostics.map { $0.text() } == [])
    #expect(set.clients.first?.place == SourcePlace(file: "list.json", line: 6, column: 7))
    #expect(set.registries.first?.place.line == 4)
  }

  @Test func `kustomize's origin names the file`() throws {
    let annotated = Self.client.replacing(
      "metadata: { name: example }",
      with:
        "metadata:\n  annotations:\n    config.kubernetes.io/origin: |\n      path: ../base/billing.yaml\n      repo: https://example.com/repo\n  name: example"
    )
    let set = decode(registryText + "---\n" + annotated, file: "-")
    let client = try #require(set.clients.first)
    #expect(set.diagnostics == [])
    #expect(client.source == "../base/billing.yaml")
    #expect(client.place.file == "../base/billing.yaml")
    let wrong = decode(registryText + "---\n" + annotated.replacing("grant_types", with: "grant_typse"), file: "-")
    let diagnostic = try #require(wrong.diagnostics.first)
    #expect(diagnostic.place?.file == "../base/billing.yaml")
    #expect(diagnostic.excerpt?.line == 16)
    #expect(
      diagnostic.hint == "did you mean \"grant_types\"? It takes a list of strings. It stands in line 16 of standard input.")
  }

  @Test func `an origin is believed in a stream only, and never with characters that steer a terminal`() {
    func source(_ origin: String, _ file: String) -> String? {
      let text = Self.client.replacing(
        "{ name: example }", with: "{ name: example, annotations: { config.kubernetes.io/origin: \"\(origin)\" } }")
      return ManifestDecoder.decode(
        [ManifestSource(file: file, text: text), ManifestSource(file: "r.yaml", text: registryText)], environment: [:]
      ).clients.first?.source
    }
    #expect(source("path: a.yaml", "b.yaml") == "b.yaml")
    #expect(source("path: a.yaml", "-") == "a.yaml")
    #expect(source("path: \\\"\\\\e[31m\\\"", "-") == "-")
    #expect(source("[", "-") == "-")
  }

  @Test func `documents without a line between them are one mistake`() {
    let set = decode(
      registryText + Self.client + "---\n" + Self.client.replacing("  client:", with: "  registry: other\n  client:"))
    #expect(set.diagnostics.map(\.rule) == ["duplicate-key"])
    #expect(set.diagnostics.first?.place?.line == 5)
    #expect(set.diagnostics.first?.hint?.contains("---") == true)
  }

  /// A command that failed before it wrote looks the same as one that had nothing to say.
  @Test(arguments: ["", "---\n---\n# nothing\n", "# nothing\n"])
  func `a stream of nothing is an error, and a file of nothing a warning`(_ text: String) {
    let stream = decode(text, file: "-")
    #expect(stream.diagnostics.map(\.rule) == ["empty-file"])
    #expect(stream.failure == .invalid)
    let file = decode(text)
    #expect(file.diagnostics.map(\.rule) == ["empty-file"])
    #expect(file.failure == nil)
  }

  @Test func `a kind of ours with a version of others' is a slip where it has a client`() {
    let slip = decode(Self.client.replacing("clientsync/v1", with: "v1") + "---\n" + registryText, file: "-")
    #expect(slip.diagnostics.map(\.hint) == ["Write apiVersion: clientsync/v1."])
    let other = decode(
      "apiVersion: k8s.keycloak.org/v2\nkind: Client\nmetadata: { name: a }\nspec: {}\n---\n" + registryText, file: "-")
    #expect(other.diagnostics == [])
    #expect(other.passedOver == 1)
  }
}
