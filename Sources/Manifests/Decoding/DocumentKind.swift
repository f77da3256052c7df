import YAML

/// What a document declares, by its envelope.
enum DocumentKind {
  case registry
  case client
  /// The items of a `List`, as kubectl prints it.
  case list([YAMLNode])
  /// Something of others' in a stream.
  case passedOver
  case mistaken(ManifestRule, String, YAMLNode, hint: String?)

  static let apiVersion = "clientsync/v1"

  init(_ root: YAMLNode, in source: ManifestSource, isItem: Bool) {
    guard root.entries != nil else {
      self = .mistaken(
        .notADocument, "a document is a mapping with apiVersion, kind, metadata and spec; this is \(root.words)", root,
        hint: root.elements == nil
          ? "Begin it with apiVersion: \(Self.apiVersion) and kind: Registry or kind: Client, each on a line of its own."
          : "Put --- between documents instead of dashes before them, or make them the items of a kind: List.")
      return
    }
    let version = root["apiVersion"]?.scalar?.text
    let kind = root["kind"]?.scalar?.text
    if !source.isStream,
      ["kustomization.yaml", "kustomization.yml", "Kustomization"].contains(source.baseName)
        || kind == "Kustomization" || kind == "Component" && version?.hasPrefix("kustomize.config.k8s.io/") == true
    {
      self = .mistaken(
        .kustomization, "this is kustomize's own file", Self.head(root),
        hint: "Leave it out of the folder, and run: kustomize build \(Self.folder(of: source)) | clientsync plan -f -")
      return
    }
    guard let version, let kind else {
      self = .mistaken(
        .notADocument, "this document has no \(version == nil ? "apiVersion" : "kind")", Self.head(root),
        hint: version == nil
          ? "Write apiVersion: \(Self.apiVersion) before it."
          : "Write kind: Registry or kind: Client below apiVersion.")
      return
    }
    if kind == "List", version == "v1" || version == Self.apiVersion, !isItem {
      guard let items = root["items"], !items.isNull else {
        self = .list([])
        return
      }
      guard let elements = items.elements else {
        self = .mistaken(
          .wrongType, "\"items\" takes a list of documents; this is \(items.words)", items,
          hint: "Put a \"- \" before the first line of each.")
        return
      }
      self = .list(elements)
      return
    }
    guard version == Self.apiVersion else {
      self = Self.other(root, version: version, kind: kind, in: source)
      return
    }
    switch kind {
    case "Registry": self = .registry
    case "Client": self = .client
    default:
      // Never passed over, for a slip of the pen would read as a client that is gone.
      self = .mistaken(
        .otherDocument, "\(Self.apiVersion) knows no kind \(quoted(kind))", root["kind"] ?? root,
        hint: nearest(to: kind, among: ["Registry", "Client"]).map { "did you mean \(quoted($0))?" }
          ?? "It knows Registry and Client.")
    }
  }

  /// The folder, as it is typed.
  private static func folder(of source: ManifestSource) -> String {
    let folder = ManifestSource.folder(of: source.file)
    return folder.isEmpty ? "." : folder == "/" ? "/" : String(folder.dropLast())
  }

  private static func other(_ root: YAMLNode, version: String, kind: String, in source: ManifestSource) -> DocumentKind {
    let node = root["apiVersion"] ?? root
    if version.hasPrefix("clientsync/") {
      return .mistaken(
        .otherDocument, "this version of clientsync does not know \(quoted(version))", node, hint: "It knows \(apiVersion).")
    }
    if nearest(to: version, among: [apiVersion]) != nil {
      return .mistaken(
        .otherDocument, "unknown apiVersion \(quoted(version))", node, hint: "did you mean \(quoted(apiVersion))?")
    }
    // A stream holds documents of others'; one with our kinds and no group is most likely a slip.
    if ["Registry", "Client"].contains(kind), !source.isStream || root["spec"]?["client"] != nil {
      return .mistaken(
        .otherDocument, "a \(kind) of \(quoted(version)) is none of \(apiVersion)", node,
        hint: "Write apiVersion: \(apiVersion).")
    }
    if source.isStream { return .passedOver }
    return .mistaken(
      .otherDocument, "this is a \(quoted(kind)) of \(quoted(version)), not of \(apiVersion)", node,
      hint: "Keep other documents in another folder, or pipe them in: in a stream (-f -) they are passed over.")
  }

  /// The first key, for findings about a document as a whole: marking all of it would say nothing.
  private static func head(_ root: YAMLNode) -> YAMLNode {
    guard let key = root.entries?.first?.key else { return root }
    return key.node
  }
}
