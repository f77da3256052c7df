import Diagnostics
import OpenIDJSON
import YAML

/// The state of decoding one run's manifests: documents are read one by one, and then put beside each other.
///
/// Two passes, because a client may stand before its registry, and its registry's defaults belong under it.
struct Decoding {
  let environment: [String: String]
  let selection: Set<String>?
  /// One for each source.
  var findings: [Findings] = []
  var registries: [ReadRegistry] = []
  var clients: [ReadClient] = []
  var passedOver = 0
  /// Whether something that may have been a registry or a client could not be read: then nothing is said to be missing.
  var isIncomplete: Bool
  /// Diagnostics that are noted already: one mistake in a registry's defaults is one mistake, however many clients inherit it.
  var told: Set<Diagnostic> = []

  init(environment: [String: String], selection: Set<String>?, isIncomplete: Bool) {
    self.environment = environment
    self.selection = selection
    self.isIncomplete = isIncomplete
  }
}

/// A registry's document, and the nodes that are asked about later.
struct ReadRegistry {
  var declared: DeclaredRegistry
  var source: Int
  var origin: String?
  var nameNode: YAMLNode
  var defaultsNode: YAMLNode?
  var missingVariables: [Diagnostic]
  /// Defaults that are given and wrong.
  var failed: Set<String>
}

/// A client's document before it is known which registry it belongs to.
struct ReadClient {
  /// Its registry is empty where the document leaves it out.
  var declared: DeclaredClient
  var source: Int
  var origin: String?
  var nameNode: YAMLNode
  var registryNode: YAMLNode?
  var specKey: YAMLKey
  var clientKey: YAMLKey
  var metadataNode: YAMLNode
  var previousNameNodes: [YAMLNode]
  /// Members that are null: absent, also where the registry has a default.
  var nulls: Set<String>
  /// Members that are given and wrong.
  var failed: Set<String>
  var missingVariables: [Diagnostic]
}
