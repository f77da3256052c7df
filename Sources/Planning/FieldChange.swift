package import OpenIDJSON

/// What becomes of one member of a client's metadata, and whose doing it is.
package struct FieldChange: Sendable, Hashable {
  package enum Cause: String, Sendable, Hashable {
    /// The manifest changed.
    case declared
    /// The value comes from the registry's defaults.
    case registryDefault = "registry_default"
    /// Somebody else changed it at the provider; it will be set back.
    case drift
    /// Nobody declares it; a full replacement sets it back to the provider's default.
    case reset
  }

  package var member: String
  package var cause: Cause
  /// What the provider has now; `nil` where it has nothing.
  package var before: JSONValue?
  /// What it will have; `nil` where the member is left to the provider's default.
  package var after: JSONValue?

  package init(member: String, cause: Cause, before: JSONValue?, after: JSONValue?) {
    self.member = member
    self.cause = cause
    self.before = before
    self.after = after
  }
}

extension FieldChange {
  /// A list's change element by element, in the order of the new list with what goes at the end.
  package struct ElementChanges: Sendable, Hashable {
    package var added: [JSONValue]
    package var removed: [JSONValue]
    package var kept: Int
  }

  /// The elements that come and go, where both sides are lists (or one is, and the other is not there); of a JWK Set, its keys.
  package var elements: ElementChanges? {
    guard before != nil || after != nil else { return nil }
    let old = before.map(list) ?? []
    let new = after.map(list) ?? []
    guard let old, let new else { return nil }
    var left = old
    var added: [JSONValue] = []
    for element in new {
      if let index = left.firstIndex(where: element.isEquivalent) { left.remove(at: index) } else { added.append(element) }
    }
    return ElementChanges(added: added, removed: left, kept: new.count - added.count)
  }

  private func list(_ value: JSONValue) -> [JSONValue]? {
    guard member == "jwks", let set = value.object, set.names == ["keys"] else { return value.array }
    return set["keys"]?.array
  }

  var json: JSONValue {
    var object: JSONObject = ["member": .string(member), "cause": .string(cause.rawValue)]
    object["before"] = before ?? .null
    object["after"] = after ?? .null
    return .object(object)
  }
}
