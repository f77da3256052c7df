extension ObjectSchema {
  /// `clientsync.yaml`: what belongs to no single registry.
  package static let configuration = ObjectSchema(
    "clientsync.yaml",
    [
      Field(
        "filename", .either(.string(.path), .list(.string(.path))), "The manifests, where -f names none: files and folders",
        isOrdered: true, fallback: "clients/"),
      Field("state", .string(.path), "Where the state lies, where --state does not say it", fallback: "state"),
      Field(
        "rules", .map(.string(.choice(RuleSettings.Setting.allCases.map(\.rawValue))), keys: .lintRule),
        "Lint rules that are turned down, up or off, each with its severity"),
      Field("policies", .json, "Commands that judge plans; run only with --allow-exec", standing: .notYet),
    ])
}
