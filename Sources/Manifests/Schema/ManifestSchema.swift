package import OpenIDJSON

/// The JSON Schema (draft 2020-12) of what people write: made of the tables that the decoder reads by.
///
/// It judges one document as the decoder does. What only shows between members or documents (a second client of a name, response
/// types without their grant types) is for `validate` alone. Editors see values as YAML types them, so a text that looks like a
/// number or a truth value is let through where the decoder takes it for the text that it is.
package enum ManifestSchema {
  package enum Kind: String, Sendable, CaseIterable {
    case manifests
    case configuration
  }

  package static func schema(_ kind: Kind) -> JSONObject {
    switch kind {
    case .manifests: manifests
    case .configuration: configuration
    }
  }

  private static var manifests: JSONObject {
    var writer = SchemaWriter()
    let branches: [JSONValue] = [
      branch("Registry", writer.reference(to: .registryDocument)), branch("Client", writer.reference(to: .clientDocument)),
      branch(
        "List",
        [
          "description": "Documents as kubectl prints them",
          "properties": [
            "apiVersion": ["enum": ["v1", .string(DocumentKind.apiVersion)]],
            "items": ["type": ["array", "null"], "items": ["$ref": "#"]],
          ],
        ]),
    ]
    return [
      "$schema": draft, "title": "clientsync manifests", "description": "One document of kind: Registry or kind: Client",
      "type": "object", "required": ["apiVersion", "kind"],
      "properties": [
        "apiVersion": ["enum": [.string(DocumentKind.apiVersion), "v1"], "description": "The version of the format"],
        "kind": ["enum": ["Registry", "Client", "List"], "description": "What the document declares"],
      ],
      "allOf": .array(branches), "$defs": .object(writer.definitions),
    ]
  }

  private static var configuration: JSONObject {
    var writer = SchemaWriter()
    let body = writer.object(.configuration)
    return JSONObject([
      JSONMember(name: "$schema", value: draft), JSONMember(name: "title", value: "clientsync.yaml"),
      JSONMember(name: "description", value: "What belongs to no single registry"),
    ]).merging(body).merging(["$defs": .object(writer.definitions)])
  }

  private static let draft: JSONValue = "https://json-schema.org/draft/2020-12/schema"

  private static func branch(_ kind: String, _ schema: JSONValue) -> JSONValue {
    ["if": ["properties": ["kind": ["const": .string(kind)]], "required": ["kind"]], "then": schema]
  }
}
