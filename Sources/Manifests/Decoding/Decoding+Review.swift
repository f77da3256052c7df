import Diagnostics
import OpenIDJSON
import OpenIDRegistration
import YAML

extension Decoding {
  /// Lets the lint rules look at a client, and puts what they find at its place.
  mutating func review(_ index: Int, _ registry: ReadRegistry) {
    let client = clients[index]
    let profile: Profile? =
      registry.declared.embedded && registry.declared.profile == "auto" ? .hydra : Profile.named(registry.declared.profile)
    let reviewed = ReviewedClient(metadata: client.declared.metadata, profile: profile)
    for rule in Rule.all {
      guard rule.members.isDisjoint(with: client.failed), rule.members.isDisjoint(with: registry.failed) else { continue }
      for finding in rule.check(reviewed) { add(finding, of: rule, client, registry) }
    }
  }

  private mutating func add(_ finding: Finding, of rule: Rule, _ client: ReadClient, _ registry: ReadRegistry) {
    var (start, end) = (client.clientKey.start, client.clientKey.end)
    var isDefaulted = false
    if case .member(let name)? = finding.path.first {
      isDefaulted = client.declared.defaulted.contains(name)
      (start, end) = marks(finding, in: isDefaulted ? registry.defaultsNode : client.metadataNode) ?? (start, end)
    }
    let source = isDefaulted ? registry.source : client.source
    findings[source].origin = isDefaulted ? registry.origin : client.origin
    let diagnostic = findings[source].diagnostic(
      rule.severity, rule.name, finding.message, from: start, to: end, hint: finding.hint)
    if isDefaulted, !told.insert(diagnostic).inserted { return }
    findings[source].add(diagnostic)
  }

  private func marks(_ finding: Finding, in node: YAMLNode?) -> (YAMLMark, YAMLMark)? {
    var node = node
    var key: YAMLKey?
    for step in finding.path {
      switch step {
      case .member(let name):
        key = node?.entry(name)?.key
        node = node?[name]
      case .index(let index): node = node?.elements.flatMap { $0.indices.contains(index) ? $0[index] : nil }
      }
    }
    if finding.isAboutName, let key { return (key.start, key.end) }
    return node.map { ($0.start, $0.end) }
  }
}
