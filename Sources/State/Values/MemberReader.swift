import OpenIDJSON

/// Reads members of a state document, each with an error that names it.
struct MemberReader {
  let object: JSONObject
  let place: String

  init(_ object: JSONObject, at place: String) {
    self.object = object
    self.place = place
  }

  func wrong(_ name: String, _ wanted: String) -> StateError {
    StateError(.damaged, "\(place): \(name) is not \(wanted). Take the file back from git, or from its backup.")
  }

  func text(_ name: String) throws(StateError) -> String {
    guard let text = try optionalText(name) else { throw wrong(name, "a string") }
    return text
  }

  func optionalText(_ name: String) throws(StateError) -> String? {
    switch object[name] {
    case nil, .null?: return nil
    case .string(let text)?: return text
    default: throw wrong(name, "a string")
    }
  }

  func integer(_ name: String) throws(StateError) -> Int {
    guard let integer = try optionalInteger(name) else { throw wrong(name, "a whole number") }
    return integer
  }

  func optionalInteger(_ name: String) throws(StateError) -> Int? {
    switch object[name] {
    case nil, .null?: return nil
    case let value?:
      guard let integer = value.integer else { throw wrong(name, "a whole number") }
      return integer
    }
  }

  func object(_ name: String) throws(StateError) -> JSONObject {
    guard let value = try optionalObject(name) else { throw wrong(name, "an object") }
    return value
  }

  func optionalObject(_ name: String) throws(StateError) -> JSONObject? {
    switch object[name] {
    case nil, .null?: return nil
    case .object(let value)?: return value
    default: throw wrong(name, "an object")
    }
  }
}
