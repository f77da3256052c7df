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
  /// Of all destinations, those that could not be read included.
  let destinationNames: Set<String>
  /// The defaults, sorted as they stand behind a client's own members, each with its place.
  let defaults: [Default]
  /// What is known of the provider; `nil` where it is left to its answers (`profile: auto`).
  let profile: Profile?
  let knowledge: ProviderKnowledge?
  let missingVariables: [Diagnostic]
  let notYet: [Diagnostic]
  /// Defaults that are given and wrong.
  let failed: Set<String>

  init(
    declared: DeclaredRegistry, source: Int, origin: String?, nameNode: YAMLNode, defaultsNode: YAMLNode?,
    destinationNames: Set<String>,
    defaults: [Default],
    profile: Profile?, missingVariables: [Diagnostic], notYet: [Diagnostic], failed: Set<String>
  ) {
    self.declared = declared
    self.source = source
    self.origin = origin
    self.nameNode = nameNode
    self.defaultsNode = defaultsNode
    self.destinationNames = destinationNames
    self.defaults = defaults
    self.profile = profile
    knowledge = profile == nil ? ProviderKnowledge.named(declared.profile) : nil
    self.missingVariables = missingVariables
    self.notYet = notYet
    self.failed = failed
  }
}

/// One member of a registry's defaults.
struct Default: Sendable {
  var member: JSONMember
  var place: SourcePlace?
}
