import Diagnostics
import YAML

/// What clients say about credentials: where they go, and whose they are.
extension Joining {
  private struct Target: Hashable {
    var registry: String
    var destination: String
    var path: String
  }

  private struct Identifier: Hashable {
    var registry: String
    var clientID: String
  }

  /// A destination is one of the registry's, and one file or entry belongs to one client: the second would write over the first.
  mutating func checkDeliveries(_ joined: [Joined]) {
    var targets: [Target: ReadClient] = [:]
    var adopted: [Identifier: ReadClient] = [:]
    for joined in joined {
      let client = joined.client
      let registry = joined.registry.declared
      for (index, delivery) in client.declared.deliveries.enumerated() {
        guard let node = client.specNode["deliver"]?.elements?[index] else { continue }
        if registry.destinations[delivery.destination] == nil {
          // One that could not be read has been spoken of.
          guard joined.registry.destinationNames.contains(delivery.destination) == false, let to = node["to"] else { continue }
          let known = registry.destinations.keys.sorted()
          add(
            .unknownDestination,
            "the registry \(quoted(registry.name)) has no destination \(quoted(delivery.destination))", at: to, of: client,
            hint: nearest(to: delivery.destination, among: known).map { "did you mean \(quoted($0))?" }
              ?? (known.isEmpty
                ? "Declare it under spec.destinations of the Registry: whoever writes a Client may not choose a command or a file."
                : "It has \(known.joined(separator: ", "))."))
          continue
        }
        let target = Target(registry: registry.name, destination: delivery.destination, path: delivery.path)
        if let other = targets[target], let path = node["path"] {
          let isSame = other === client
          add(
            .duplicateDelivery,
            isSame
              ? "this client is delivered to \(quoted(delivery.path)) twice"
              : "the client \(quoted(other.declared.name)) is delivered to \(quoted(delivery.path)) as well", at: path,
            of: client,
            hint: isSame
              ? "Take one of the two out." : "Give each client a path of its own: the second would write over the first.")
        } else {
          targets[target] = client
        }
      }
      guard let adoption = client.declared.adoption, let node = client.specNode["adopt"]?["clientId"] else { continue }
      let identifier = Identifier(registry: registry.name, clientID: adoption.clientID)
      if let other = adopted[identifier] {
        add(
          .duplicateAdoption, "the client \(quoted(other.declared.name)) takes over \(quoted(adoption.clientID)) as well",
          at: node,
          of: client, hint: "Take adopt out of one of the two: one client at the provider is one document here.")
      } else {
        adopted[identifier] = client
      }
    }
  }
}
