import Diagnostics
import OpenIDJSON
import YAML

/// Reads nodes as what the tables say belongs there, and notes everything that is something else.
struct ValueReader {
  var findings: Findings
  let environment: [String: String]
  /// Diagnostics about variables that are not set, kept apart until it is known whether the run needs them.
  var missingVariables: [Diagnostic] = []
  /// Members of client metadata that are given, and wrong: what is said about them is said already.
  var failed: Set<String> = []

  init(_ source: YAMLSource, environment: [String: String]) {
    findings = Findings(source)
    self.environment = environment
  }

  /// The value of a mapping's members by its table, without those that are null; `nil` where it is no mapping.
  mutating func object(_ node: YAMLNode, _ schema: ObjectSchema) -> JSONObject? {
    guard let entries = node.entries else {
      findings.add(.wrongType, "\(schema.title) is a mapping; this is \(node.words)", at: node)
      return nil
    }
    var members: [JSONMember] = []
    members.reserveCapacity(entries.count)
    var given: Set<String> = []
    for entry in entries {
      let name = entry.key.text
      guard let field = schema.field(name) else {
        unknown(entry.key, schema)
        continue
      }
      guard !entry.value.isNull else { continue }
      given.insert(name)
      if name == "sealed" { reserved(entry.key) }
      switch field.standing {
      case .known:
        if let value = value(entry.value, field.type, of: name) {
          members.append(JSONMember(name: name, value: value))
        } else {
          failed.insert(name)
        }
      case .notYet: notYet(quoted(name), at: entry.key)
      case .serverOwned:
        findings.add(
          .serverOwnedMember, "\(quoted(name)) is the provider's to say", at: entry.key,
          hint: name == "client_secret" || name == "registration_access_token"
            ? "Take it out, and give the credential out anew: it has been in a file." : "Take it out.")
      }
    }
    for field in schema.fields where field.isRequired && !given.contains(field.name) {
      let first = entries.first?.key
      let message = "\(schema.title) needs \(quoted(field.name))"
      if let first { findings.add(.missingKey, message, at: first) } else { findings.add(.missingKey, message, at: node) }
    }
    return JSONObject(members)
  }

  /// The value of a node that is not null; `nil` where it is something else than belongs there.
  mutating func value(_ node: YAMLNode, _ type: FieldType, of name: String) -> JSONValue? {
    switch type {
    case .string(let form): return string(node, form, of: name).map(JSONValue.string)
    case .boolean: return boolean(node, of: name)
    case .integer(let range): return integer(node, in: range, of: name)
    case .number: return number(node, of: name)
    case .list(let element): return list(node, of: element, name)
    case .map(let type): return map(node, of: type, name)
    case .object(let schema): return object(node, schema).map(JSONValue.object)
    case .json: return json(node)
    case .jsonObject:
      guard node.entries != nil else { return wrongType(node, "a mapping", of: name) }
      return json(node)
    case .either(let scalar, let mapping): return value(node, node.scalar != nil ? scalar : mapping, of: name)
    }
  }

  private mutating func list(_ node: YAMLNode, of type: FieldType, _ name: String) -> JSONValue? {
    guard let elements = node.elements else {
      let hint: String? =
        if case .string = type, let scalar = node.scalar, !scalar.text.contains("\n") {
          "Write it as a list: [ \(scalar.text.count <= 60 ? scalar.text : "…") ]"
        } else { nil }
      return wrongType(node, FieldType.list(type).words, of: name, hint: hint)
    }
    var values: [JSONValue] = []
    values.reserveCapacity(elements.count)
    var isWhole = true
    for element in elements {
      if element.isNull {
        findings.add(.wrongType, "an element of \(quoted(name)) is empty", at: element)
        isWhole = false
      } else if let value = value(element, type, of: name) {
        values.append(value)
      } else {
        isWhole = false
      }
    }
    return isWhole ? .array(values) : nil
  }

  private mutating func map(_ node: YAMLNode, of type: FieldType, _ name: String) -> JSONValue? {
    guard let entries = node.entries else { return wrongType(node, "a mapping", of: name) }
    var members: [JSONMember] = []
    for entry in entries where !entry.value.isNull {
      if entry.key.text == "sealed" { reserved(entry.key) }
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
      .reservedName, "nothing can be called \"sealed\": in the state that name is kept for what is encrypted", at: key)
  }

  mutating func notYet(_ what: String, at key: YAMLKey) {
    findings.add(
      .notSupportedYet, "this version of clientsync does not know \(what) yet", at: key, hint: "Take it out for now.")
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
      hint = schema.names.isEmpty ? "Nothing stands there." : "\(schema.title) knows \(schema.names.joined(separator: ", "))."
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
    return nil
  }
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
