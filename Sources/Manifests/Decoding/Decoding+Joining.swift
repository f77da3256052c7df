import Diagnostics
import OpenIDJSON
import OpenIDRegistration
import YAML

extension Decoding {
  /// Puts registries and clients beside each other, and judges what only shows then.
  mutating func joined(files: Int) -> ManifestSet {
    let registries = uniqueRegistries()
    for registry in registries.values where isSelected(registry.declared.name) {
      for diagnostic in registry.missingVariables { findings[registry.source].add(diagnostic) }
    }
    var declared: [DeclaredClient] = []
    declared.reserveCapacity(clients.count)
    var names: [ClientName: Int] = [:]
    for index in clients.indices {
      guard let registry = registry(of: index, in: registries) else {
        for diagnostic in clients[index].missingVariables { findings[clients[index].source].add(diagnostic) }
        continue
      }
      clients[index].declared.registry = registry.declared.name
      let name = ClientName(registry: registry.declared.name, name: clients[index].declared.name)
      if isSelected(name.registry) {
        for diagnostic in clients[index].missingVariables { findings[clients[index].source].add(diagnostic) }
      }
      if let first = names[name] {
        add(
          .duplicateName, "a second client is called \(quoted(name.name)) in the registry \(quoted(name.registry))",
          at: clients[index].nameNode, of: clients[index],
          hint: "The first stands at \(place(of: clients[first].nameNode, in: clients[first])).")
        continue
      }
      names[name] = index
      inherit(from: registry, index)
      review(index, registry)
      declared.append(clients[index].declared)
    }
    checkPreviousNames(names)
    return ManifestSet(
      registries: registries.values.map(\.declared).sorted { $0.name < $1.name },
      clients: declared.sorted { ($0.registry, $0.name) < ($1.registry, $1.name) },
      diagnostics: findings.flatMap(\.diagnostics).inOrderOfPlace(), files: files, passedOver: passedOver)
  }

  private struct ClientName: Hashable {
    var registry: String
    var name: String
  }

  private func isSelected(_ registry: String) -> Bool { selection?.contains(registry) ?? true }

  private mutating func uniqueRegistries() -> [String: ReadRegistry] {
    var unique: [String: ReadRegistry] = [:]
    for registry in registries {
      let name = registry.declared.name
      guard let first = unique[name] else {
        unique[name] = registry
        continue
      }
      findings[registry.source].origin = registry.origin
      findings[registry.source].add(
        .duplicateName, "a second registry is called \(quoted(name))", at: registry.nameNode,
        hint: "The first stands at \(first.declared.place).")
    }
    return unique
  }

  /// The registry of a client: the one that it names, else the only one.
  private mutating func registry(of index: Int, in registries: [String: ReadRegistry]) -> ReadRegistry? {
    let client = clients[index]
    if let node = client.registryNode {
      // A registry whose name could not be read was spoken of.
      guard !client.declared.registry.isEmpty else { return nil }
      if let registry = registries[client.declared.registry] { return registry }
      guard !isIncomplete else { return nil }
      let names = registries.keys.sorted()
      let hint = nearest(to: client.declared.registry, among: names).map { "did you mean \(quoted($0))?" }
      add(
        .unknownRegistry, "no registry is called \(quoted(client.declared.registry))", at: node, of: client,
        hint: hint ?? (names.isEmpty ? "No document of kind: Registry is here." : "There are \(names.joined(separator: ", ")).")
      )
      return nil
    }
    if registries.count == 1, !isIncomplete { return registries.values.first }
    guard !isIncomplete else { return nil }
    findings[client.source].origin = client.origin
    findings[client.source].add(
      .registryRequired,
      registries.isEmpty
        ? "no registry is declared that this client could belong to" : "a client among several registries must name its own",
      at: client.specKey,
      hint: registries.isEmpty
        ? "Add a document of kind: Registry."
        : "Write registry: and one of \(registries.keys.sorted().joined(separator: ", ")).")
    return nil
  }

  /// Lays the registry's defaults under the client's own members.
  private mutating func inherit(from registry: ReadRegistry, _ index: Int) {
    guard !registry.declared.defaults.isEmpty else { return }
    let client = clients[index]
    var metadata = client.declared.metadata
    for member in registry.declared.defaults.sorted()
    where metadata[member.name] == nil && !client.nulls.contains(member.name) && !client.failed.contains(member.name) {
      metadata[member.name] = member.value
      clients[index].declared.defaulted.insert(member.name)
      if let key = registry.defaultsNode?.entry(member.name)?.key {
        findings[registry.source].origin = registry.origin
        clients[index].declared.memberPlaces[member.name] = findings[registry.source].place(key.start)
      }
    }
    clients[index].declared.metadata = metadata
  }

  private mutating func checkPreviousNames(_ names: [ClientName: Int]) {
    var claimed: [ClientName: Int] = [:]
    for index in clients.indices {
      let client = clients[index]
      for (previous, node) in zip(client.declared.previousNames, client.previousNameNodes) {
        let name = ClientName(registry: client.declared.registry, name: previous)
        if name.name == client.declared.name {
          add(.previousName, "a previous name is another one than the client's own", at: node, of: client)
        } else if let other = names[name] {
          add(
            .previousName, "a client of that name is declared: \(quoted(previous))", at: node, of: client,
            hint: "It stands at \(place(of: clients[other].nameNode, in: clients[other])). One of the two must go.")
        } else if let other = claimed[name] {
          add(
            .previousName, "two clients were called \(quoted(previous))", at: node, of: client,
            hint: "The other one is \(clients[other].declared.name).")
        }
        claimed[name] = index
      }
    }
  }

  private mutating func add(
    _ rule: ManifestRule, _ message: String, at node: YAMLNode, of client: ReadClient, hint: String? = nil
  ) {
    findings[client.source].origin = client.origin
    findings[client.source].add(rule, message, at: node, hint: hint)
  }

  private mutating func place(of node: YAMLNode, in client: ReadClient) -> SourcePlace {
    findings[client.source].origin = client.origin
    return findings[client.source].place(node.start)
  }
}
