import OpenIDJSON

/// Writes tables as JSON Schema, each under `$defs` once.
struct SchemaWriter {
  private(set) var definitions: JSONObject

  init() {
    definitions = [
      "text": ["pattern": .string(SchemaPattern.text)],
      "variable": ["type": "string", "pattern": .string(SchemaPattern.variable)],
      // Where JSON of any shape belongs, the decoder still reads variables and keeps one name for itself.
      "json": [
        "$ref": "#/$defs/text", "propertyNames": ["not": ["const": "sealed"]],
        "additionalProperties": ["$ref": "#/$defs/json"], "items": ["$ref": "#/$defs/json"],
      ],
    ]
  }

  mutating func reference(to schema: ObjectSchema) -> JSONValue {
    let name = schema.identifier
    if definitions[name] == nil {
      // Before its members, so that the page reads from the outside in.
      definitions[name] = .null
      definitions[name] = .object(object(schema))
    }
    return ["$ref": .string("#/$defs/\(name)")]
  }

  mutating func object(_ schema: ObjectSchema) -> JSONObject {
    var properties = JSONObject()
    for field in schema.fields { properties[field.name] = .object(property(field)) }
    var result: JSONObject = ["type": "object"]
    let required = schema.fields.filter(\.isRequired).map { JSONValue.string($0.name) }
    if !required.isEmpty { result["required"] = .array(required) }
    result["properties"] = .object(properties)
    if schema.extensions == .clientMetadata { result["patternProperties"] = .object(extensions(of: schema)) }
    result["additionalProperties"] = false
    if !schema.combinations.isEmpty {
      let names = Set(schema.combinations.joined())
      let all = schema.names.filter(names.contains)
      result["anyOf"] = .array(schema.combinations.map { Self.combination($0, of: all) })
    }
    return result
  }

  /// One row: what belongs there, and what an editor shows of it.
  private mutating func property(_ field: Field) -> JSONObject {
    var description = field.summary + "."
    switch field.source {
    case .standard(let words): description += " (\(words))"
    case .hydra: description += " (Ory Hydra)"
    case .kubernetes, .clientsync: break
    }
    if let fallback = field.fallback { description += " Default: \(fallback)." }
    switch field.standing {
    case .known, .notYet:
      if field.standing == .notYet { description += " This version of clientsync checks it, and does not act upon it yet." }
      let type = type(field.type)
      return (["description": .string(description)] as JSONObject) + (field.isRequired ? type : Self.optional(type))
    case .serverOwned:
      return ["description": .string(description + " The provider says it; it cannot be declared."), "type": "null"]
    }
  }

  /// The same, where null counts as absent.
  private static func optional(_ type: JSONObject) -> JSONObject {
    switch type["type"] {
    case .string(let name)?: return ["type": [.string(name), "null"]] as JSONObject + type.filter { $0.name != "type" }
    case .array(let names)?: return ["type": .array(names + ["null"])] as JSONObject + type.filter { $0.name != "type" }
    default:
      if type.isEmpty || type == ["$ref": "#/$defs/json"] { return type }
      if case .array(let choices)? = type["anyOf"], type.count == 1 { return ["anyOf": .array(choices + [["type": "null"]])] }
      return ["anyOf": [.object(type), ["type": "null"]]]
    }
  }

  private mutating func type(_ type: FieldType) -> JSONObject {
    switch type {
    case .string(let form): string(form)
    case .boolean: ["type": "boolean"]
    case .integer(let range):
      range.upperBound == .max
        ? ["type": "integer", "minimum": .number(JSONNumber(range.lowerBound))]
        : [
          "type": "integer", "minimum": .number(JSONNumber(range.lowerBound)), "maximum": .number(JSONNumber(range.upperBound)),
        ]
    case .number: ["type": "number", "exclusiveMinimum": 0]
    case .list(let element, let least):
      (["type": "array", "items": .object(self.type(element))] as JSONObject)
        + (least > 0 ? ["minItems": .number(JSONNumber(least))] : [:])
    case .map(let element, let keys):
      [
        "type": "object", "propertyNames": SchemaPattern.name(keys),
        "additionalProperties": .object(Self.optional(self.type(element))),
      ]
    case .object(let schema): reference(to: schema).object!
    case .json: ["$ref": "#/$defs/json"]
    case .jsonObject: ["type": "object", "$ref": "#/$defs/json"]
    case .either(let scalar, let other): ["anyOf": [.object(self.type(scalar)), .object(self.type(other))]]
    }
  }

  /// A string of that form. A scalar that YAML types otherwise is let through where its text may have the form.
  private func string(_ form: StringForm) -> JSONObject {
    switch form {
    case .any, .usual:
      let plain: JSONObject = ["type": ["string", "number", "boolean"], "$ref": "#/$defs/text"]
      guard case .usual(let words) = form else { return plain }
      return ["anyOf": [["enum": .array(words.map(JSONValue.string))], .object(plain)]]
    case .choice(let known, let notYet):
      let words = known + notYet
      let choice: JSONObject = words.isEmpty ? ["not": [:]] : ["enum": .array(words.map(JSONValue.string))]
      return words.isEmpty ? choice : ["anyOf": [.object(choice), ["$ref": "#/$defs/variable"]]]
    default:
      let text: JSONObject = ["type": "string", "pattern": .string(SchemaPattern.pattern(form))]
      var choices: [JSONValue] = [.object(text)]
      if let scalar = SchemaPattern.scalar(form) { choices.append(scalar) }
      choices.append(["$ref": "#/$defs/variable"])
      return ["$ref": "#/$defs/text", "anyOf": .array(choices)]
    }
  }

  /// Members beyond the table: those of a provider's own, and names with a language tag (RFC 7591, section 2.2).
  private mutating func extensions(of schema: ObjectSchema) -> JSONObject {
    var patterns: JSONObject = ["^(?:x_[^#]+|[^#]*[.:][^#]*)$": ["$ref": "#/$defs/json"]]
    for name in Field.taggableNames {
      guard let field = schema[name] else { continue }
      patterns["^\(name)#[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?$"] = .object(Self.optional(type(field.type)))
    }
    return patterns
  }

  /// Those are given, and none of the others.
  private static func combination(_ given: [String], of all: [String]) -> JSONValue {
    var rules = JSONObject()
    for name in all { rules[name] = given.contains(name) ? ["not": ["type": "null"]] : ["type": "null"] }
    return given.isEmpty
      ? ["properties": .object(rules)] : ["required": .array(given.map(JSONValue.string)), "properties": .object(rules)]
  }
}

extension ObjectSchema {
  /// The table's name under `$defs`: `client metadata` → `clientMetadata`, `a Client's metadata` → `metadataOfClient`.
  var identifier: String {
    var words = title.split(separator: " ").filter { $0 != "a" }.map(String.init)
    if words[0].hasSuffix("'s") { words = Array(words[1...]) + ["of", String(words[0].dropLast(2))] }
    words[0] = words[0].prefix(1).lowercased() + words[0].dropFirst()
    return words[0] + words.dropFirst().map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
  }
}

extension JSONObject {
  fileprivate static func + (a: JSONObject, b: JSONObject) -> JSONObject { a.merging(b) }
}
