import OpenIDRegistration

/// What there is to know about one member of the format, as `explain` tells it and the reference page lists it.
package struct Explanation: Sendable {
  /// A member right below.
  package struct Member: Sendable {
    package var field: Field
    /// From the document's root, with dots between.
    package var path: String

    package init(field: Field, path: String) {
      self.field = field
      self.path = path
    }
  }

  /// How a provider's profile treats the member.
  package struct Treatment: Sendable {
    package var profile: String
    package var words: String
  }

  /// `Registry`, `Client` or `clientsync.yaml`.
  package var kind: String
  /// From the document's root, with dots between; empty for the root itself.
  package var path: String
  /// `nil` for the root.
  package var field: Field?
  package var members: [Member]
  /// Whether members beyond the table are let through.
  package var takesOthers: Bool
  /// Empty where the member is none of client metadata.
  package var treatments: [Treatment]
}

extension Explanation {
  /// Every kind of document with its table.
  package static let kinds: [(name: String, schema: ObjectSchema, summary: String)] = [
    ("Registry", .registryDocument, "One provider's registration endpoint with its settings"),
    ("Client", .clientDocument, "One OAuth 2.0 client as it is wanted"),
    (Configuration.fileName, .configuration, "What belongs to no single registry"),
  ]

  /// Why a path leads nowhere.
  package struct Mistake: Error, Sendable {
    package var message: String
  }

  /// What a path names: `Client.spec.client.redirect_uris`, or the end of one where that is enough (`redirect_uris`).
  package static func find(_ path: String) throws(Mistake) -> Explanation {
    guard !path.isEmpty else { throw Mistake(message: "nothing is called \"\"") }
    let kind = kinds.first {
      let (name, path) = ($0.name.lowercased(), path.lowercased())
      return path == name || path.hasPrefix(name + ".")
    }
    if let kind {
      let rest = path.dropFirst(kind.name.count + 1).split(separator: ".").map(String.init)
      do throws(Mistake) { return try walk(rest, kind.name, kind.schema) } catch {
        // `client` is a kind, and a member of the kind's spec: `client.redirect_uris` is enough.
        if let found = ends(with: path), found.count == 1 { return found[0] }
        throw error
      }
    }
    let found = ends(with: path) ?? []
    if found.count == 1 { return found[0] }
    if found.count > 1 {
      throw Mistake(message: "\(path) could be " + found.map { "\($0.kind).\($0.path)" }.joined(separator: ", "))
    }
    let names = Set(every.compactMap { $0.field?.name }).union(kinds.map(\.name))
    let hint = nearest(to: path, among: names.sorted()).map { " Did you mean \($0)?" } ?? ""
    throw Mistake(message: "nothing is called \"\(path)\".\(hint)")
  }

  /// Every member of every kind, in the tables' order.
  package static let every: [Explanation] = kinds.flatMap { kind -> [Explanation] in
    var all: [Explanation] = []
    func add(_ explanation: Explanation) {
      all.append(explanation)
      for member in explanation.members { add(Explanation(kind.name, member.path, member.field)) }
    }
    add(Explanation(kind.name, kind.schema))
    return all
  }

  private static func ends(with path: String) -> [Explanation]? {
    let found = every.filter {
      $0.path.lowercased() == path.lowercased() || $0.path.lowercased().hasSuffix("." + path.lowercased())
    }
    guard found.count > 1 else { return found }
    // A registry's defaults are the client metadata once more.
    let declared = found.filter { !$0.path.hasPrefix("spec.defaults.") }
    return declared.isEmpty ? found : declared
  }

  private static func walk(_ path: [String], _ kind: String, _ root: ObjectSchema) throws(Mistake) -> Explanation {
    var explanation = Explanation(kind, root)
    var schema: ObjectSchema? = root
    var isMap = false
    for name in path {
      guard let field = schema?.field(name) else {
        // A name of the user's own: what is behind it is explained.
        if isMap {
          isMap = false
          continue
        }
        let place = explanation.path.isEmpty ? kind : "\(kind).\(explanation.path)"
        guard let schema else { throw Mistake(message: "\(place) has no members") }
        let hint = nearest(to: name, among: schema.names).map { " Did you mean \($0)?" } ?? ""
        throw Mistake(message: "\(place) has no member \"\(name)\".\(hint)")
      }
      let path = explanation.path.isEmpty ? field.name : "\(explanation.path).\(field.name)"
      explanation = Explanation(kind, path, field)
      schema = field.type.members
      if case .map = field.type { isMap = true } else { isMap = false }
    }
    return explanation
  }

  private init(_ kind: String, _ root: ObjectSchema) {
    self.init(
      kind: kind, path: "", members: root.fields.map { Member(field: $0, path: $0.name) }, takesOthers: false, treatments: [])
  }

  private static func treatments(of field: Field) -> [Treatment] {
    Profile.all.map { Treatment(profile: $0.name, words: $0.treatment(of: field.name)) }
      + ProviderKnowledge.all.filter { Profile.named($0.name) == nil }.map { knowledge in
        let words = field.standing == .serverOwned ? "the provider's to say" : knowledge.fate(of: field.name).words
        return Treatment(profile: knowledge.name, words: words)
      }
  }

  private init(_ kind: String, _ path: String, _ field: Field) {
    let below = field.type.members
    let isMetadata = path.hasPrefix("spec.client.") || path.hasPrefix("spec.defaults.")
    self.init(
      kind: kind, path: path, field: field,
      members: below?.fields.map { Member(field: $0, path: "\(path).\($0.name)") } ?? [],
      takesOthers: below?.extensions == .clientMetadata,
      treatments: isMetadata ? Self.treatments(of: field) : [])
  }
}

extension FieldType {
  /// The table of what stands below, through lists and names of the user's own.
  package var members: ObjectSchema? {
    switch self {
    case .object(let schema): schema
    case .list(let element, _), .map(let element, _): element.members
    case .either(let a, let b): a.members ?? b.members
    default: nil
    }
  }
}

extension Profile {
  /// What becomes of a declared member, as a phrase.
  func treatment(of name: String) -> String {
    var words: String
    switch refused[name] {
    case .always?: words = "refused on registration"
    case .whenNotEmpty?: words = "refused on registration unless it is empty"
    case .whenTrue?: words = "true is refused on registration"
    case nil:
      words =
        if neverSent.contains(name) || serverOwned.contains(name) {
          "the provider's to say"
        } else if dropped.contains(name) {
          "accepted and thrown away"
        } else if let kept, !kept.contains(name) {
          "not known"
        } else {
          "kept"
        }
    }
    if adminOnly.contains(name) { words += "; the admin API takes it" }
    if invisible.contains(name) { words += "; never shown" }
    if let value = defaults[name] { words += "; left out, it becomes \(value.text())" }
    return words
  }
}
