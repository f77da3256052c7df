import Diagnostics
import OpenIDJSON
import OpenIDRegistration
import YAML

/// A registry's document, and the nodes that are asked about later.
struct ReadRegistry: Sendable {
  var declared: DeclaredRegistry
  var source: Int
  var origin: String?
  var nameNode: YAMLNode
  var defaultsNode: YAMLNode?
  /// The defaults, sorted as they stand behind a client's own members, each with its place.
  var defaults: [Default] = []
  /// What is known of the provider; `nil` where it is left to its answers (`profile: auto`).
  var profile: Profile?
  var missingVariables: [Diagnostic]
  /// Defaults that are given and wrong.
  var failed: Set<String>
}

/// One member of a registry's defaults.
struct Default: Sendable {
  var member: JSONMember
  var place: SourcePlace?
}
