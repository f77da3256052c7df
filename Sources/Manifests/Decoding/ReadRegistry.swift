import Diagnostics
import OpenIDJSON
import OpenIDRegistration
import YAML

/// A registry's document, and the nodes that are asked about later. A class as ``ReadClient`` is, for each client holds its own.
final class ReadRegistry: Sendable {
  let declared: DeclaredRegistry
  let source: Int
  let origin: String?
  let nameNode: YAMLNode
  let defaultsNode: YAMLNode?
  /// The defaults, sorted as they stand behind a client's own members, each with its place.
  let defaults: [Default]
  /// What is known of the provider; `nil` where it is left to its answers (`profile: auto`).
  let profile: Profile?
  let missingVariables: [Diagnostic]
  /// Defaults that are given and wrong.
  let failed: Set<String>

  init(
    declared: DeclaredRegistry, source: Int, origin: String?, nameNode: YAMLNode, defaultsNode: YAMLNode?, defaults: [Default],
    profile: Profile?, missingVariables: [Diagnostic], failed: Set<String>
  ) {
    self.declared = declared
    self.source = source
    self.origin = origin
    self.nameNode = nameNode
    self.defaultsNode = defaultsNode
    self.defaults = defaults
    self.profile = profile
    self.missingVariables = missingVariables
    self.failed = failed
  }
}

/// One member of a registry's defaults.
struct Default: Sendable {
  var member: JSONMember
  var place: SourcePlace?
}
