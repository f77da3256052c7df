import Diagnostics
import OpenIDJSON
import OpenIDRegistration
import YAML

extension Joining {
  /// Lets the lint rules look at a client, and puts what they find at its place.
  mutating func review(_ whole: DeclaredClient, _ client: ReadClient, _ registry: ReadRegistry) {
    let reviewed = ReviewedClient(metadata: whole.metadata, profile: registry.profile)
    let hasFailed = !client.failed.isEmpty || !registry.failed.isEmpty
    let present = MemberMask(reviewed.metadata.lazy.map(\.name))
    for rule in Rule.all {
      if !rule.triggers.isEmpty, rule.triggers.isDisjoint(with: present) { continue }
      if hasFailed, !rule.members.isDisjoint(with: client.failed) || !rule.members.isDisjoint(with: registry.failed) {
        continue
      }
      for finding in rule.check(reviewed) { add(finding, of: rule, whole, client, registry) }
    }
  }

  private mutating func add(
    _ finding: Finding, of rule: Rule, _ whole: DeclaredClient, _ client: ReadClient, _ registry: ReadRegistry
  ) {
    var (start, end) = (client.clientKey.start, client.clientKey.end)
    var isDefaulted = false
    if case .member(let name)? = finding.path.first {
      isDefaulted = whole.defaulted.contains(name)
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
