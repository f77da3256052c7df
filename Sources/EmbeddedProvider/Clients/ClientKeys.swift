import OpenIDCryptography
import OpenIDJSON

/// The member `jwks` as Hydra keeps it: its library reads each key and writes it anew, so that members it does not know are
/// dropped and the others come in its own order. Private parts stay.
enum ClientKeys: Sendable, Hashable {
  /// An object without `keys`, which counts as none.
  case empty
  /// `keys` is `null`, which counts as a set.
  case null
  case keys([JSONWebKey])

  var isSet: Bool { self != .empty }

  var json: JSONValue {
    switch self {
    case .empty: [:]
    case .null: ["keys": .null]
    case .keys(let keys): ["keys": .array(keys.map { .object($0.json) })]
    }
  }

  /// - Returns: `nil` for `null`.
  init?(decoding value: JSONValue, field: String) throws(GoJSONError) {
    guard case .object(let members) = value else {
      if case .null = value { return nil }
      throw .mismatch(value.goKind, into: "x.JoseJSONWebKeySet", field: field)
    }
    guard let keys = members.last(where: { $0.name.lowercased() == "keys" })?.value else {
      self = .empty
      return
    }
    switch keys {
    case .null: self = .null
    case .array(let elements):
      var found: [JSONWebKey] = []
      for element in elements { found.append(try JSONWebKey(decoding: element)) }
      self = .keys(found)
    default:
      throw .mismatch(keys.goKind, into: "[]jose.JSONWebKey", field: "JoseJSONWebKeySet.jwks.JSONWebKeySet.keys")
    }
  }
}
