import Diagnostics
import OpenIDJSON
import OpenIDRegistration
import YAML

/// Puts registries and clients beside each other, and judges what only shows then: the second pass over a run's manifests.
struct Joining {
  /// A client whose registry is known.
  struct Joined: Sendable {
    let client: ReadClient
    let registry: ReadRegistry
  }

  private struct ClientName: Hashable {
    var registry: String
    var name: String
  }

  private let reading: SourceReading
  private let selection: Set<String>?
  let rules: RuleSettings
  private let registries: [String: ReadRegistry]
  var findings: [Findings]
  private var unsupported: [Unsupported] = []
  /// Diagnostics that are noted already: one mistake in a registry's defaults is one mistake, however many clients inherit it.
  var told: Set<Diagnostic> = []

  init(_ reading: SourceReading, selection: Set<String>?, rules: RuleSettings) {
    self.reading = reading
    self.rules = rules
    self.selection = selection
    registries = Dictionary(reading.registries.map { ($0.declared.name, $0) }) { first, _ in first }
    findings = reading.findings
  }

  /// The whole set, with everything that was found.
  mutating func manifestSet() -> ManifestSet {
    checkRegistries()
    var joined: [Joined] = []
    joined.reserveCapacity(reading.clients.count)
    var names: [ClientName: ReadClient] = [:]
    names.reserveCapacity(reading.clients.count)
    for client in reading.clients {
      guard let registry = registry(of: client) else {
        note(client.missingVariables, client.source)
        continue
      }
      let name = ClientName(registry: registry.declared.name, name: client.declared.name)
      if isSelected(name.registry) {
        note(client.missingVariables, client.source)
        note(client.notYet, client.source)
        for diagnostic in client.notYet {
          unsupported.append(
            Unsupported(
              registry: name.registry, client: name.name, labels: client.declared.labels, diagnostic: diagnostic))
        }
      }
      if let first = names[name] {
        add(
          .duplicateName, "a second client is called \(quoted(name.name)) in the registry \(quoted(name.registry))",
          at: client.nameNode, of: client,
          hint: "The first stands at \(place(of: first.nameNode, in: first)). Give one of the two another name.")
        continue
      }
      names[name] = client
      joined.append(Joined(client: client, registry: registry))
    }
    checkPreviousNames(joined, names)
    checkDeliveries(joined)
    let declared = reviewed(joined)
    for index in findings.indices where !findings[index].allowances.isEmpty { findings[index].checkAllowances() }
    var set = ManifestSet(
      registries: registries.values.map(\.declared).sorted { $0.name < $1.name },
      clients: declared.sorted { ($0.registry, $0.name) < ($1.registry, $1.name) },
      diagnostics: findings.flatMap(\.diagnostics).inOrderOfPlace(), files: findings.count, passedOver: reading.passedOver,
      allowed: findings.flatMap(\.allowed))
    set.unsupported = unsupported
    return set
  }

  private func isSelected(_ registry: String) -> Bool { selection?.contains(registry) ?? true }

  private mutating func checkRegistries() {
    for registry in reading.registries {
      let name = registry.declared.name
      guard let first = registries[name] else { continue }
      if first === registry {
        guard isSelected(name) else { continue }
        note(registry.missingVariables, registry.source)
        note(registry.notYet, registry.source)
        for diagnostic in registry.notYet {
          unsupported.append(Unsupported(registry: name, client: nil, labels: [:], diagnostic: diagnostic))
        }
      } else {
        findings[registry.source].origin = registry.origin
        findings[registry.source].add(
          .duplicateName, "a second registry is called \(quoted(name))", at: registry.nameNode,
          hint: "The first stands at \(first.declared.place). Give one of the two another name.")
      }
    }
  }

  /// The registry of a client: the one that it names, else the only one.
  private mutating func registry(of client: ReadClient) -> ReadRegistry? {
    let name = client.declared.registry
    if let node = client.registryNode {
      if let registry = registries[name] { return registry }
      // A name that could not be read was spoken of, and what could not be read may be what is looked for.
      guard !name.isEmpty, !reading.isIncomplete else { return nil }
      let names = registries.keys.sorted()
      let hint = nearest(to: name, among: names).map { "did you mean \(quoted($0))?" }
      add(
        .unknownRegistry, "no registry is called \(quoted(name))", at: node, of: client,
        hint: hint
          ?? (names.isEmpty ? "No document of kind: Registry is here." : "Declared here: \(names.joined(separator: ", ")).")
      )
      return nil
    }
    guard !reading.isIncomplete else { return nil }
    if registries.count == 1 { return registries.values.first }
    findings[client.source].origin = client.origin
    findings[client.source].add(
      .registryRequired,
      registries.isEmpty
        ? "no registry is declared that this client could belong to" : "a client among several registries must name its own",
      at: client.specKey,
      hint: registries.isEmpty
        ? "Add a document of kind: Registry."
        : "Write registry: NAME below it, where NAME is one of \(registries.keys.sorted().joined(separator: ", ")).")
    return nil
  }

  private mutating func checkPreviousNames(_ joined: [Joined], _ names: [ClientName: ReadClient]) {
    var claimed: [ClientName: ReadClient] = [:]
    for joined in joined where !joined.client.previousNameNodes.isEmpty {
      let client = joined.client
      for (previous, node) in zip(client.declared.previousNames, client.previousNameNodes) {
        let name = ClientName(registry: joined.registry.declared.name, name: previous)
        if previous == client.declared.name {
          add(
            .previousName, "a previous name is another one than the client's own", at: node, of: client,
            hint: "Take it out, or write the name that the client had before.")
        } else if let other = names[name] {
          add(
            .previousName, "a client of that name is declared: \(quoted(previous))", at: node, of: client,
            hint: "It stands at \(place(of: other.nameNode, in: other)). One of the two must go.")
        } else if let other = claimed[name] {
          add(
            .previousName, "two clients were called \(quoted(previous))", at: node, of: client,
            hint: "The other one is \(other.declared.name). Take the name out of one of them.")
        }
        claimed[name] = client
      }
    }
  }

  private mutating func note(_ diagnostics: [Diagnostic], _ source: Int) {
    for diagnostic in diagnostics { findings[source].add(diagnostic) }
  }

  mutating func add(
    _ rule: ManifestRule, _ message: String, at node: YAMLNode, of client: ReadClient, hint: String? = nil
  ) {
    findings[client.source].origin = client.origin
    findings[client.source].add(rule, message, at: node, hint: hint)
  }

  mutating func place(of node: YAMLNode, in client: ReadClient) -> SourcePlace {
    findings[client.source].origin = client.origin
    return findings[client.source].place(node.start)
  }
}
