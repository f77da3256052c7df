import Diagnostics
import OpenIDJSON
import YAML

extension ReadClient {
  /// Reads a document of `kind: Client`; `nil` where it has no name or no metadata that could be spoken of.
  convenience init?(_ root: YAMLNode, _ reader: inout ValueReader, source: Int) {
    let document = reader.object(root, .clientDocument)
    guard let document, let name = document["metadata"]?["name"]?.string, let nameNode = root["metadata"]?["name"],
      let specKey = root.entry("spec")?.key, let specNode = root["spec"], let spec = document["spec"]?.object,
      let clientEntry = specNode.entry("client"), let metadata = spec["client"]?.object
    else { return nil }
    let entries = clientEntry.value.entries ?? []
    var places = MemberPlaces()
    places.reserve(entries.count)
    var nulls: Set<String> = []
    for entry in entries {
      if entry.value.isNull {
        nulls.insert(entry.key.text)
      } else {
        places.append(entry.key.text, reader.findings.place(entry.key.start))
      }
    }
    var declared = DeclaredClient(
      name: name, registry: spec["registry"]?.string ?? "", labels: Self.labels(document["metadata"]?["labels"]),
      place: reader.findings.place(root.entries?.first?.key.start ?? root.start),
      source: reader.findings.origin ?? reader.findings.source.file,
      deletion: spec["deletion"]?.string.flatMap(DeclaredClient.Deletion.init) ?? .delete,
      previousNames: spec["previousNames"]?.strings ?? [], ignoreDrift: spec["ignoreDrift"]?.strings ?? [],
      secretVersion: spec["secretVersion"]?.integer,
      metadata: metadata, memberPlaces: places)
    declared.adoption = Self.adoption(spec["adopt"], specNode["adopt"], reader)
    declared.deliveries = Self.deliveries(spec["deliver"], specNode["deliver"], reader)
    self.init(
      declared: declared, source: source, origin: reader.findings.origin, nameNode: nameNode,
      registryNode: specNode["registry"].flatMap { $0.isNull ? nil : $0 }, specKey: specKey,
      specNode: specNode, clientKey: clientEntry.key,
      metadataNode: clientEntry.value, previousNameNodes: specNode["previousNames"]?.elements ?? [], nulls: nulls,
      failed: reader.failed, missingVariables: reader.missingVariables, notYet: reader.notYet)
  }

  private static func adoption(_ value: JSONValue?, _ node: YAMLNode?, _ reader: ValueReader) -> Adoption? {
    guard let clientID = value?["clientId"]?.string, let node, let idNode = node["clientId"] else { return nil }
    let place = { reader.findings.place(($0 ?? idNode).start) }
    let token = value?["registrationAccessToken"]
    let tokenNode = node["registrationAccessToken"]
    var source: Adoption.Token?
    if let name = token?["env"]?.string {
      source = .environment(name, place: place(tokenNode?["env"]))
    } else if let path = token?["file"]?.string {
      source = .file(reader.beside(path), place: place(tokenNode?["file"]))
    } else if let armour = token?["age"]?.string {
      source = .sealed(armour, place: place(tokenNode?["age"]))
    }
    return Adoption(clientID: clientID, token: source, place: place(nil))
  }

  private static func deliveries(_ value: JSONValue?, _ node: YAMLNode?, _ reader: ValueReader) -> [Delivery] {
    zip(value?.array ?? [], node?.elements ?? []).compactMap { value, node in
      guard let destination = value["to"]?.string, let path = value["path"]?.string, let pathNode = node["path"] else {
        return nil
      }
      return Delivery(destination: destination, path: path, place: reader.findings.place(pathNode.start))
    }
  }

  private static func labels(_ value: JSONValue?) -> [String: String] {
    (value?.object?.dictionary() ?? [:]).compactMapValues(\.string)
  }
}
