import Diagnostics
import OpenIDJSON
import YAML

extension ReadClient {
  /// Reads a document of `kind: Client`; `nil` where it has no name or no metadata that could be spoken of.
  init?(_ root: YAMLNode, _ reader: inout ValueReader, source: Int) {
    let document = reader.object(root, .clientDocument)
    guard let document, let name = document["metadata"]?["name"]?.string, let nameNode = root["metadata"]?["name"],
      let specKey = root.entry("spec")?.key, let specNode = root["spec"], let spec = document["spec"]?.object,
      let clientEntry = specNode.entry("client"), let metadata = spec["client"]?.object
    else { return nil }
    let entries = clientEntry.value.entries ?? []
    var places: [String: SourcePlace] = [:]
    places.reserveCapacity(entries.count)
    var nulls: Set<String> = []
    for entry in entries {
      if entry.value.isNull {
        nulls.insert(entry.key.text)
      } else {
        places[entry.key.text] = reader.findings.place(entry.key.start)
      }
    }
    declared = DeclaredClient(
      name: name, registry: spec["registry"]?.string ?? "", labels: Self.labels(document["metadata"]?["labels"]),
      place: reader.findings.place(root.entries?.first?.key.start ?? root.start),
      source: reader.findings.origin ?? reader.findings.source.file,
      deletion: spec["deletion"]?.string.flatMap(DeclaredClient.Deletion.init) ?? .delete,
      previousNames: spec["previousNames"]?.strings ?? [], ignoreDrift: spec["ignoreDrift"]?.strings ?? [],
      secretVersion: spec["secretVersion"]?.integer,
      metadata: metadata.filter { $0.value != .null }, memberPlaces: places)
    self.source = source
    origin = reader.findings.origin
    self.nameNode = nameNode
    registryNode = specNode["registry"].flatMap { $0.isNull ? nil : $0 }
    self.specKey = specKey
    clientKey = clientEntry.key
    metadataNode = clientEntry.value
    previousNameNodes = specNode["previousNames"]?.elements ?? []
    self.nulls = nulls
    failed = reader.failed
    missingVariables = reader.missingVariables
  }

  private static func labels(_ value: JSONValue?) -> [String: String] {
    (value?.object?.dictionary() ?? [:]).compactMapValues(\.string)
  }
}
