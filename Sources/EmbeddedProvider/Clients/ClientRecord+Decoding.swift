import OpenIDCryptography
import OpenIDJSON
import OpenIDRegistration

extension ClientRecord {
  /// Reads a request's body as Go decodes it into Hydra's `client.Client`: unknown members are passed over, names match without
  /// case, the last of several counts, `null` leaves texts and flags as they are. The first member that does not fit is named.
  init(decoding body: [UInt8]) throws(GoJSONError) {
    try self.init(body, members: ClientMember.byName, type: "Client")
  }

  /// Reads the body of `PUT …/lifespans`, Hydra's `client.Lifespans`.
  static func lifespans(decoding body: [UInt8]) throws(GoJSONError) -> ClientLifespans {
    try ClientRecord(body, members: ClientMember.lifespansByName, type: "Lifespans").lifespans
  }

  private init(_ body: [UInt8], members: [String: ClientMember], type: String) throws(GoJSONError) {
    switch try GoJSONDecoder.decode(body) {
    case .object(let found):
      for member in found {
        guard let known = members[member.name] ?? members[ClientMember.folded(member.name)] else { continue }
        try known.decode(member.value, into: &self, type: type)
      }
    case .other(.null): break
    case .other(let value): throw .mismatch(value.goKind, into: "client.\(type)")
    }
  }
}

extension ClientMember {
  fileprivate static let byName = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })
  fileprivate static let lifespansByName = Dictionary(uniqueKeysWithValues: lifespans.map { ($0.name, $0) })

  /// Without case as Go folds names: the long s and the Kelvin sign are letters like others.
  fileprivate static func folded(_ name: String) -> String {
    String(
      String.UnicodeScalarView(
        name.unicodeScalars.map { scalar in
          switch scalar {
          case "A"..."Z": Unicode.Scalar(UInt8(scalar.value) + 32)
          case "\u{17f}": "s"
          case "\u{212a}": "k"
          default: scalar
          }
        }))
  }

  fileprivate func decode(_ value: JSONValue, into record: inout ClientRecord, type: String) throws(GoJSONError) {
    let field = "\(type).\(name)"
    switch kind {
    case .text(let place), .optionalText(let place):
      if let text = try text(value, field) { record[keyPath: place] = text }
    case .secret(let place):
      if let text = try text(value, field) { record[keyPath: place] = text.isEmpty ? nil : Secret(text) }
    case .list(let place), .optionalList(let place):
      record[keyPath: place] = try list(value, field)
    case .integer(let place):
      if let number = try integer(value, field) { record[keyPath: place] = number }
    case .flag(let place), .optionalFlag(let place):
      if let flag = try flag(value, field) { record[keyPath: place] = flag }
    case .nullableFlag(let place):
      // Its own decoder loses the way to the member.
      if let flag = try flag(value, nil) { record[keyPath: place] = flag }
    case .time(let place):
      if let time = try time(value) { record[keyPath: place] = time }
    case .keys(let place):
      record[keyPath: place] = try ClientKeys(decoding: value, field: field)
    case .any(let place):
      record[keyPath: place] = value
    case .lifespan(let place):
      // The Go struct embeds the one that has the lifespans, and a message goes by way of both.
      let field = type == "Client" ? "Client.Lifespans.\(name)" : field
      if let text = try text(value, field) { record[keyPath: place] = try GoDuration(parsing: text) }
    }
  }

  private func text(_ value: JSONValue, _ field: String?) throws(GoJSONError) -> String? {
    switch value {
    case .string(let text): text
    case .null: nil
    default: throw .mismatch(value.goKind, into: "string", field: field)
    }
  }

  private func flag(_ value: JSONValue, _ field: String?) throws(GoJSONError) -> Bool? {
    switch value {
    case .bool(let flag): flag
    case .null: nil
    default: throw .mismatch(value.goKind, into: "bool", field: field)
    }
  }

  private func integer(_ value: JSONValue, _ field: String) throws(GoJSONError) -> Int? {
    switch value {
    case .number(let number):
      guard let whole = Int(number.spelling) else { throw .mismatch("number \(number.spelling)", into: "int", field: field) }
      return whole
    case .null: return nil
    default: throw .mismatch(value.goKind, into: "int", field: field)
    }
  }

  private func list(_ value: JSONValue, _ field: String) throws(GoJSONError) -> [String]? {
    switch value {
    case .array(let elements):
      var texts: [String] = []
      for element in elements { texts.append(try text(element, field) ?? "") }
      return texts
    case .null: return nil
    default: throw .mismatch(value.goKind, into: "sqlxx.StringSliceJSONFormat", field: field)
    }
  }

  private func time(_ value: JSONValue) throws(GoJSONError) -> GoTime? {
    switch value {
    case .string(let text): try GoTime(parsing: text)
    case .null: nil
    default: throw GoJSONError(message: "Time.UnmarshalJSON: input is not a JSON string")
    }
  }
}

extension JSONValue {
  /// What the value is, as Go's decoder names it.
  var goKind: String {
    switch self {
    case .null: "null"
    case .bool: "bool"
    case .number: "number"
    case .string: "string"
    case .array: "array"
    case .object: "object"
    }
  }
}
