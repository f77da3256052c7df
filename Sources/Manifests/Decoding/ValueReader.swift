import Diagnostics
import OpenIDJSON
import YAML

/// Reads nodes as what the tables say belongs there, and notes everything that is something else.
struct ValueReader {
  var findings: Findings
  let environment: [String: String]
  /// Diagnostics about variables that are not set, kept apart until it is known whether the run needs them.
  var missingVariables: [Diagnostic] = []
  /// Warnings about what this version checks and does not act upon, kept apart until it is known whether the run needs it.
  var notYet: [Diagnostic] = []
  /// Members of client metadata that are given, and wrong: what is said about them is said already.
  var failed: Set<String> = []

  /// Far more than anybody writes by hand, and few enough that what is compared with each other is compared in time.
  private static let mostMembers = 1_000
  private static let mostElements = 10_000

  init(_ source: YAMLSource, environment: [String: String]) {
    findings = Findings(source)
    self.environment = environment
  }

  /// A path that counts from the file's folder. One that kustomize passed on is one of the working directory.
  func beside(_ path: String) -> String {
    path.hasPrefix("/") || findings.origin != nil ? path : ManifestSource.folder(of: findings.source.file) + path
  }

  /// The value of a mapping's members by its table, without those that are null; `nil` where it is no mapping.
  mutating func object(_ node: YAMLNode, _ schema: ObjectSchema) -> JSONObject? {
    guard let entries = node.entries else {
      findings.add(.wrongType, "\(schema.title) is a mapping; this is \(node.words)", at: node, hint: schema.mappingHint)
      return nil
    }
    guard entries.count <= Self.mostMembers else {
      findings.add(
        .tooMuch, "\(schema.title) has more than \(Self.mostMembers) members", at: entries[Self.mostMembers].key,
        hint: "Take out what is too much.")
      return nil
    }
    var members: [JSONMember] = []
    members.reserveCapacity(entries.count)
    for entry in entries {
      let name = entry.key.text
      if let row = schema.row(name) {
        // Read in place: a copy of the whole row for every member of every client would cost more than the reading.
        member(entry, schema.fields[row].standing, schema.fields[row].type, into: &members)
      } else if let field = schema.field(name) {
        member(entry, field.standing, field.type, into: &members)
      } else {
        unknown(entry.key, schema)
      }
    }
    for field in schema.required where node[field.name]?.isNull ?? true {
      let hint = "Write \(field.name): here; it takes \(field.type.fullWords)."
      if let empty = node.entry(field.name)?.key {
        findings.add(
          .missingKey, "\(quoted(field.name)) is empty", at: empty,
          hint: field.type.members?.mappingHint ?? "It takes \(field.type.fullWords).")
      } else if let key = entries.first?.key {
        findings.add(.missingKey, "\(schema.title) needs \(quoted(field.name))", at: key, hint: hint)
      } else {
        findings.add(.missingKey, "\(schema.title) needs \(quoted(field.name))", at: node, hint: hint)
      }
    }
    checkAlternatives(node, entries, schema)
    return Self.object(members)
  }

  /// Notes a mapping in which one of several members belongs, and none or more than one stands.
  private mutating func checkAlternatives(_ node: YAMLNode, _ entries: [YAMLEntry], _ schema: ObjectSchema) {
    guard let names = schema.alternatives else { return }
    let given = entries.count { !$0.value.isNull && names.contains($0.key.text) }
    // A mapping with unknown keys alone has been spoken of.
    guard given != 1, given > 1 || entries.allSatisfy({ schema[$0.key.text] != nil }) else { return }
    let list = names.dropLast().joined(separator: ", ") + " and " + names.last!
    findings.add(
      given == 0 ? .missingKey : .conflictingKeys, "\(schema.title) is one of \(list)", at: node,
      hint: given == 0 ? schema.mappingHint : "Keep one of them.")
  }

  /// No name stands twice here. Few are compared with each other again in less time than an index of them takes.
  private static func object(_ members: [JSONMember]) -> JSONObject {
    guard members.count <= 24 else { return JSONObject(members) }
    var object = JSONObject()
    for member in members { object[member.name] = member.value }
    return object
  }

  private mutating func member(
    _ entry: YAMLEntry, _ standing: Field.Standing, _ type: FieldType, into members: inout [JSONMember]
  ) {
    let name = entry.key.text
    guard !entry.value.isNull else { return }
    if name == "sealed" { reserved(entry.key) }
    switch standing {
    case .known:
      if let value = value(entry.value, type, of: name) {
        members.append(JSONMember(name: name, value: value))
      } else {
        failed.insert(name)
      }
    case .notYet:
      noteNotYet(quoted(name), from: entry.key.start, to: entry.key.end)
      if let value = value(entry.value, type, of: name) { members.append(JSONMember(name: name, value: value)) }
    case .serverOwned:
      findings.add(
        .serverOwnedMember, "\(quoted(name)) is the provider's to say", at: entry.key,
        hint: name == "client_secret" || name == "registration_access_token"
          ? "Take it out, and have a new one made: this one has been in a file." : "Take it out.")
    }
  }

  /// The value of a node that is not null; `nil` where it is something else than belongs there.
  mutating func value(_ node: YAMLNode, _ type: FieldType, of name: String) -> JSONValue? {
    switch type {
    case .string(let form): return string(node, form, of: name).map(JSONValue.string)
    case .boolean: return boolean(node, of: name)
    case .integer(let range): return integer(node, in: range, of: name)
    case .number: return number(node, of: name)
    case .list(let element, let least): return list(node, of: element, atLeast: least, name)
    case .map(let type, let keys): return map(node, of: type, keys: keys, name)
    case .object(let schema): return object(node, schema).map(JSONValue.object)
    case .json: return json(node)
    case .jsonObject:
      guard node.entries != nil else {
        return wrongType(
          node, "a mapping", of: name,
          hint: name == "jwks" ? "Write it as a key set: { keys: [ … ] }" : "Write it as { NAME: VALUE }.")
      }
      return json(node)
    case .either(let scalar, let mapping): return value(node, node.scalar != nil ? scalar : mapping, of: name)
    }
  }

  private mutating func list(_ node: YAMLNode, of type: FieldType, atLeast least: Int, _ name: String) -> JSONValue? {
    guard let elements = node.elements else {
      return wrongType(node, FieldType.list(type).words, of: name, hint: listHint(node, type))
    }
    guard elements.count <= Self.mostElements else {
      findings.add(
        .tooMuch, "\(quoted(name)) has more than \(Self.mostElements) elements", at: elements[Self.mostElements],
        hint: "Take out what is too much.")
      return nil
    }
    guard elements.count >= least else {
      findings.add(.invalidValue, "\(quoted(name)) takes one or more", at: node, hint: "It takes \(type.fullWords).")
      return nil
    }
    var values: [JSONValue] = []
    values.reserveCapacity(elements.count)
    var isWhole = true
    for element in elements {
      if element.isNull {
        findings.add(.wrongType, "an element of \(quoted(name)) is empty", at: element, hint: "Fill it in, or take it out.")
        isWhole = false
      } else if case .string = type, element.scalar == nil {
        findings.add(
          .wrongType, "an element of \(quoted(name)) is a string; this is \(element.words)", at: element,
          hint: element.elements == nil ? "A text with \": \" in it needs quotes." : "Take out the inner brackets.")
        isWhole = false
      } else if let value = value(element, type, of: name) {
        values.append(value)
      } else {
        isWhole = false
      }
    }
    return isWhole ? .array(values) : nil
  }

  private mutating func map(_ node: YAMLNode, of type: FieldType, keys: StringForm, _ name: String) -> JSONValue? {
    guard let entries = node.entries else {
      return wrongType(node, "a mapping", of: name, hint: "Write it as { NAME: VALUE }; each value is \(type.fullWords).")
    }
    var members: [JSONMember] = []
    for entry in entries where !entry.value.isNull {
      if entry.key.text == "sealed" {
        reserved(entry.key)
      } else if keys != .any, !check(entry.key.text, keys, at: entry.key.node, of: name) {
        continue
      }
      if let value = value(entry.value, type, of: entry.key.text) {
        members.append(JSONMember(name: entry.key.text, value: value))
      }
    }
    return .object(JSONObject(members))
  }

  mutating func wrongType(_ node: YAMLNode, _ expected: String, of name: String, hint: String? = nil) -> JSONValue? {
    findings.add(.wrongType, "\(quoted(name)) takes \(expected); this is \(node.words)", at: node, hint: hint)
    return nil
  }

  /// `sealed` marks in the state what is encrypted; SOPS would take anything of that name for it.
  mutating func reserved(_ key: YAMLKey) {
    findings.add(
      .reservedName, "nothing can be called \"sealed\": in the state that name is kept for what is encrypted", at: key,
      hint: "Choose another name.")
  }

  /// Notes something that is read and checked, and that nothing is done about yet.
  mutating func noteNotYet(_ what: String, from start: YAMLMark, to end: YAMLMark) {
    notYet.append(
      findings.diagnostic(
        .warning, ManifestRule.notSupportedYet.rawValue, "this version of clientsync does not act upon \(what) yet",
        from: start, to: end, hint: "It is checked here, and plan and apply refuse it: leave it out for now."
      ).withoutSecrets())
  }

  private mutating func unknown(_ key: YAMLKey, _ schema: ObjectSchema) {
    let hint: String?
    if let name = nearest(to: key.text, among: schema.names), let field = schema[name] {
      hint = "did you mean \(quoted(name))? It takes \(field.type.words)."
      failed.insert(name)
    } else if let place = schema.elsewhere(key.text) {
      hint = "It belongs under \(place)."
      failed.insert(key.text)
    } else if schema.extensions == .clientMetadata {
      hint = "A member of the provider's own begins with x_, or has a dot or a colon in its name."
    } else {
      hint =
        schema.names.isEmpty
        ? "Nothing stands there: write { }." : "\(schema.sentenceTitle) knows \(schema.names.joined(separator: ", "))."
    }
    findings.add(.unknownKey, "unknown key \(quoted(key.text))", at: key, hint: hint)
  }
}

extension ObjectSchema {
  /// Where a member belongs that stands in the wrong mapping of a Client.
  fileprivate func elsewhere(_ name: String) -> String? {
    if extensions != .clientMetadata, title.hasPrefix("a Client"), ObjectSchema.clientMetadata[name] != nil {
      return "spec.client"
    }
    if ObjectSchema.clientSpec[name] != nil, title.hasPrefix("a Client") || extensions == .clientMetadata { return "spec" }
    if ObjectSchema.registrySpec[name] != nil, title.hasPrefix("a Registry") { return "spec" }
    if ["name", "labels", "annotations"].contains(name), title.hasPrefix("a Client") || title.hasPrefix("a Registry") {
      return "metadata"
    }
    return nil
  }

  /// The title at the start of a sentence.
  fileprivate var sentenceTitle: String { title.hasPrefix("a ") ? "A " + title.dropFirst(2) : title }

  /// How the mapping is written, where something else stands.
  fileprivate var mappingHint: String {
    if let alternatives {
      let shown = alternatives.compactMap { self[$0] }.map { "{ \($0.name): \($0.type.placeholder) }" }
      return "Write it as \(shown.dropLast().joined(separator: ", "))\(shown.count > 1 ? " or " : "")\(shown.last ?? "{ }")."
    }
    guard let first = required.first ?? fields.first else { return "Write it as { }." }
    return "Write it as { \(first.name): \(first.type.placeholder)\(fields.count > 1 ? ", …" : "") }."
  }
}

extension FieldType {
  /// What stands for a value in a hint.
  fileprivate var placeholder: String {
    switch self {
    case .list: "[ … ]"
    case .object, .map, .jsonObject: "{ … }"
    case .string(.environmentVariable), .string(.clientName), .string(.registryName): "NAME"
    case .string(.manifestVariable): "CLIENTSYNC_VAR_NAME"
    case .string(.path), .string(.pathBelow): "PATH"
    case .string(.endpoint): "URL"
    default: "…"
    }
  }
}

extension YAMLKey {
  /// The key as a node, for what is said of nodes.
  var node: YAMLNode { YAMLNode(.scalar(YAMLScalar(text, isPlain: true)), start: start, end: end) }
}

extension YAMLNode {
  /// What the node is, in the words of an error message.
  var words: String {
    switch content {
    case .scalar: isNull ? "nothing" : "a string"
    case .sequence: "a list"
    case .mapping: "a mapping"
    }
  }
}
