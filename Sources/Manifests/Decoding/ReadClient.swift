import Diagnostics
import OpenIDJSON
import YAML

/// A client's document before it is known which registry it belongs to.
///
/// A class, for there are as many as there are clients, and a copy of all its nodes for each question would cost more than
/// reading it.
final class ReadClient: Sendable {
  /// Without its registry's defaults; its registry is empty where the document leaves it out.
  let declared: DeclaredClient
  let source: Int
  let origin: String?
  let nameNode: YAMLNode
  let registryNode: YAMLNode?
  let specKey: YAMLKey
  let specNode: YAMLNode
  let clientKey: YAMLKey
  let metadataNode: YAMLNode
  let previousNameNodes: [YAMLNode]
  /// Members that are null: absent, also where the registry has a default.
  let nulls: Set<String>
  /// Members that are given and wrong.
  let failed: Set<String>
  let missingVariables: [Diagnostic]
  let notYet: [Diagnostic]

  init(
    declared: DeclaredClient, source: Int, origin: String?, nameNode: YAMLNode, registryNode: YAMLNode?, specKey: YAMLKey,
    specNode: YAMLNode, clientKey: YAMLKey, metadataNode: YAMLNode, previousNameNodes: [YAMLNode], nulls: Set<String>,
    failed: Set<String>,
    missingVariables: [Diagnostic], notYet: [Diagnostic]
  ) {
    self.declared = declared
    self.source = source
    self.origin = origin
    self.nameNode = nameNode
    self.registryNode = registryNode
    self.specKey = specKey
    self.specNode = specNode
    self.clientKey = clientKey
    self.metadataNode = metadataNode
    self.previousNameNodes = previousNameNodes
    self.nulls = nulls
    self.failed = failed
    self.missingVariables = missingVariables
    self.notYet = notYet
  }
}

extension ReadClient {
  /// The client as it is wanted: with what its registry's defaults bring behind its own members.
  func inheriting(from registry: ReadRegistry) -> DeclaredClient {
    var whole = declared
    whole.registry = registry.declared.name
    for inherited in registry.defaults {
      let name = inherited.member.name
      guard declared.metadata[name] == nil, !nulls.contains(name), !failed.contains(name) else { continue }
      whole.metadata[name] = inherited.member.value
      whole.defaulted.insert(name)
      if let place = inherited.place { whole.memberPlaces.append(name, place) }
    }
    return whole
  }
}
