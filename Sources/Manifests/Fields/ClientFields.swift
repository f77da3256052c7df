extension ObjectSchema {
  /// A Client's `spec`.
  package static let clientSpec = ObjectSchema(
    "a Client's spec",
    [
      Field(
        "registry", .string(.any), "The registry that the client belongs to", fallback: "the only one, where there is one"),
      Field(
        "deletion", .string(.choice(DeclaredClient.Deletion.allCases.map(\.rawValue))),
        "What happens at the provider when this document goes away", fallback: "delete"),
      Field(
        "previousNames", .list(.string(.clientName)), "Names that the client had here: a rename, not a delete and a create"),
      Field("ignoreDrift", .list(.string(.memberName)), "Members that are left as they are live, also by a set"),
      Field("secretVersion", .integer(1...Int.max), "Raise it to ask for a new secret"),
      Field("adopt", .object(.adoption), "Takes over a client that exists", standing: .notYet),
      Field("deliver", .list(.object(.delivery)), "Where client id and secret are handed over", standing: .notYet),
      Field("client", .object(.clientMetadata), "The client's metadata, by the standards' names", isRequired: true),
    ])
}
