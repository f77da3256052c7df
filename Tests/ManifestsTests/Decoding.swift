import Diagnostics
import Foundation
import Manifests
import MarkedText

/// A registry, for tests that are about clients.
let registryText = """
  apiVersion: clientsync/v1
  kind: Registry
  metadata: { name: example }
  spec: { issuer: "https://auth.example.com/", profile: hydra }

  """

func decode(
  _ text: String, file: String = "clients/a.yaml", environment: [String: String] = [:], selection: Set<String>? = nil
) -> ManifestSet {
  ManifestDecoder.decode([ManifestSource(file: file, text: text)], environment: environment, selection: selection)
}

/// A document of `kind: Client` in a file of its own, beside ``registryText``.
func decode(client text: String, environment: [String: String] = [:], registry: String = registryText) -> ManifestSet {
  ManifestDecoder.decode(
    [ManifestSource(file: "client.yaml", text: text), ManifestSource(file: "registry.yaml", text: registry)],
    environment: environment)
}

/// A client with that under `spec.client`, each line indented by four blanks from the eighth line on.
func clientText(_ members: String) -> String {
  """
  apiVersion: clientsync/v1
  kind: Client
  metadata: { name: example }
  spec:
    client:

  """ + indented(members, by: 4)
}

func indented(_ text: String, by count: Int) -> String {
  text.split(separator: "\n", omittingEmptySubsequences: false)
    .map { $0.isEmpty ? "" : String(repeating: " ", count: count) + $0 }.joined(separator: "\n")
}

/// The root of the package, for tests of what lies beside the sources.
let packageRoot = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
