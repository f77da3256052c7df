import Diagnostics
import OpenIDJSON
import OpenIDRegistration
import YAML

extension Joining {
  /// A client with its registry's defaults, and what the rules found in it.
  private struct Reviewed: Sendable {
    var whole: DeclaredClient
    var findings: [(rule: Rule, finding: Finding)]
  }

  /// Lets the lint rules look at each client, and puts what they find at its place.
  mutating func reviewed(_ joined: [Joined]) -> [DeclaredClient] {
    let blocks = Blocks.map(Blocks.ranges(joined.count, weighing: 256) { _ in 1 }) { range in
      joined[range].map { Self.review($0.client.inheriting(from: $0.registry), $0) }
    }
    var declared: [DeclaredClient] = []
    declared.reserveCapacity(joined.count)
    for reviewed in blocks.joined() {
      let from = joined[declared.count]
      declared.append(reviewed.whole)
      for (rule, finding) in reviewed.findings { add(finding, of: rule, reviewed.whole, from.client, from.registry) }
    }
    return declared
  }

  private static func review(_ whole: DeclaredClient, _ joined: Joined) -> Reviewed {
    let reviewed = ReviewedClient(
      metadata: whole.metadata, profile: joined.registry.profile, knowledge: joined.registry.knowledge)
    let hasFailed = !joined.client.failed.isEmpty || !joined.registry.failed.isEmpty
    var findings: [(rule: Rule, finding: Finding)] = []
    for rule in Rule.all {
      if !rule.triggers.isEmpty, rule.triggers.isDisjoint(with: reviewed.present) { continue }
      if hasFailed,
        !rule.members.isDisjoint(with: joined.client.failed) || !rule.members.isDisjoint(with: joined.registry.failed)
      {
        continue
      }
      for finding in rule.check(reviewed) { findings.append((rule, finding)) }
    }
    return Reviewed(whole: whole, findings: findings)
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
    let severity = rules.severity(of: rule)
    let diagnostic = findings[source].diagnostic(
      severity ?? rule.severity, rule.name, finding.message, from: start, to: end, hint: finding.hint)
    if isDefaulted, !told.insert(diagnostic).inserted { return }
    if severity == nil {
      findings[source].allow(diagnostic, .configuration)
    } else {
      findings[source].add(diagnostic, of: rule, line: start.line)
    }
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
