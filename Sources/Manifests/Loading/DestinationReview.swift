import Diagnostics

/// Looks at where file destinations lie on this disk: links that lead out of their folder, and work trees that would commit what is
/// written there in clear.
package struct DestinationReview {
  private var sources: PlacedSources
  /// Whether git leaves out what lies at a path; `nil` where that cannot be told.
  private let isIgnored: (_ path: String, _ folder: String) -> Bool?

  /// - Parameters:
  ///   - sources: What was read, for the excerpts.
  ///   - isIgnored: Asks git, in a folder that is there, about a path.
  package init(_ sources: [ManifestSource], isIgnored: @escaping (_ path: String, _ folder: String) -> Bool?) {
    self.sources = PlacedSources(sources)
    self.isIgnored = isIgnored
  }

  /// Adds to the set what is wrong with the destinations and token files of these registries; all, where none is named.
  package mutating func review(_ registries: [String], in set: inout ManifestSet) {
    let reviewed = set.registries.filter { registries.isEmpty || registries.contains($0.name) }
    var found: [Diagnostic] = []
    for registry in reviewed {
      for destination in registry.destinations.values.sorted(by: { $0.name < $1.name }) {
        if case .file(let root, let recipients) = destination.kind, recipients.isEmpty {
          found += plaintext(root, destination.place)
        }
      }
    }
    let names = Dictionary(uniqueKeysWithValues: reviewed.map { ($0.name, $0) })
    for client in set.clients {
      guard let registry = names[client.registry] else { continue }
      for delivery in client.deliveries {
        guard case .file(let root, _)? = registry.destinations[delivery.destination]?.kind else { continue }
        found += leaving(root, delivery.path, delivery.place)
      }
      if case .file(let path, let place)? = client.adoption?.token {
        let folder = ManifestSource.folder(of: client.source)
        found += leaving(folder.isEmpty ? "." : String(folder), String(path.dropFirst(folder.count)), place)
      }
    }
    guard !found.isEmpty else { return }
    set.diagnostics = (set.diagnostics + found).inOrderOfPlace()
  }

  /// Credentials in clear in a work tree that git does not leave out would be committed by the next `git add`.
  private mutating func plaintext(_ root: String, _ place: SourcePlace) -> [Diagnostic] {
    guard let folder = Self.existing(root), let path = FileStatus.resolved(folder), Self.isInWorkTree(path) else { return [] }
    let below = String(root.dropFirst(folder == "." ? 0 : folder.count).drop { $0 == "/" })
    if isIgnored(below.isEmpty ? "credential" : below + "/credential", folder) == true { return [] }
    return [
      Diagnostic(
        .error, rule: ManifestRule.plaintextDestination.rawValue,
        "credentials would lie in clear in the git work tree of \"\(root)\", which does not ignore it", at: place,
        excerpt: sources.excerpt(at: place),
        hint: "Add the folder to .gitignore, or seal the files: seal: { age: [ … ] }.")
    ]
  }

  /// What lies below a folder by its name, and elsewhere by a link.
  private mutating func leaving(_ root: String, _ path: String, _ place: SourcePlace) -> [Diagnostic] {
    guard let folder = FileStatus.resolved(root) else { return [] }
    let whole = (root.hasSuffix("/") ? root : root + "/") + path
    guard let existing = Self.existing(whole), existing.count >= root.count else { return [] }
    // A link to nothing is one to whatever is made there first.
    let target = FileStatus.resolved(existing) ?? ""
    let isBelow = target == folder || target.hasPrefix(folder == "/" ? folder : folder + "/")
    let isGits = target.split(separator: "/").contains { $0.lowercased() == ".git" }
    guard !isBelow || isGits else { return [] }
    return [
      Diagnostic(
        .error, rule: ManifestRule.pathOutside.rawValue,
        isBelow ? "\"\(path)\" leads into .git by a link" : "\"\(path)\" leads out of the folder \"\(root)\" by a link",
        at: place,
        excerpt: sources.excerpt(at: place),
        hint: "Take the link \"\(existing)\" away, or write another path.")
    ]
  }

  /// The longest beginning of a path that is there, a link that leads nowhere included.
  private static func existing(_ path: String) -> String? {
    var path = path
    while true {
      if case .success = FileStatus.of(path) { return path }
      if FileStatus.linkTarget(path) != nil { return path }
      guard let slash = path.lastIndex(of: "/") else { return path == "." ? nil : "." }
      guard slash != path.startIndex else { return "/" }
      path = String(path[..<slash])
    }
  }

  private static func isInWorkTree(_ path: String) -> Bool {
    var folder = path
    while true {
      if case .success = FileStatus.of((folder == "/" ? "" : folder) + "/.git") { return true }
      guard folder != "/", let slash = folder.lastIndex(of: "/") else { return false }
      folder = slash == folder.startIndex ? "/" : String(folder[..<slash])
    }
  }
}
