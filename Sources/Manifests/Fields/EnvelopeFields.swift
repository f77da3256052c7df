extension ObjectSchema {
  /// What stands around every document's `spec`.
  static func envelope(kind: String, spec: ObjectSchema, name: StringForm) -> ObjectSchema {
    ObjectSchema(
      "a \(kind) document",
      [
        Field(
          "apiVersion", .string(.choice(["clientsync/v1"])), "The version of the format", source: .kubernetes, isRequired: true),
        Field(
          "kind", .string(.choice(["Registry", "Client"])), "What the document declares", source: .kubernetes, isRequired: true),
        Field(
          "metadata", .object(metadata(kind: kind, name: name)), "What the document is called", source: .kubernetes,
          isRequired: true),
        Field("spec", .object(spec), "What is wanted", source: .kubernetes, isRequired: true),
      ])
  }

  private static func metadata(kind: String, name: StringForm) -> ObjectSchema {
    ObjectSchema(
      "a \(kind)'s metadata",
      [
        Field("name", .string(name), "The \(kind.lowercased())'s name", source: .kubernetes, isRequired: true),
        Field("labels", .map(.string(.any)), "Words to select by, with -l KEY=VALUE", source: .kubernetes),
        // What kustomize and kubectl write is taken, and means nothing but for the origin annotation.
        Field("namespace", .json, "Accepted from kustomize, without a meaning", source: .kubernetes),
        Field(
          "annotations", .json, "Accepted from kustomize; config.kubernetes.io/origin names the file", source: .kubernetes),
        Field("creationTimestamp", .json, "Accepted from kubectl, without a meaning", source: .kubernetes),
      ])
  }

  package static let registryDocument = envelope(kind: "Registry", spec: registrySpec, name: .registryName)
  package static let clientDocument = envelope(kind: "Client", spec: clientSpec, name: .clientName)
}
