public import OpenIDJSON

extension Profile {
  /// What the marker of a create begins with.
  package static let markerPrefix = "clientsync/"

  /// The metadata in the one form in which two of them can be compared: members that mean the same are equal.
  ///
  /// Left out: what only the provider writes, the marker, and what is as good as absent (`null`, `[]`, and by this profile `""`,
  /// `{}`, `false`). Written one way: lists and words whose order means nothing, durations, origins, numbers. Sorted: all
  /// members. Doing it twice changes nothing.
  public func canonical(_ metadata: JSONObject) -> JSONObject {
    var members: [JSONMember] = []
    for member in metadata where !serverOwned.contains(member.name) {
      if member.name == createMarker, member.value.string?.hasPrefix(Profile.markerPrefix) ?? false { continue }
      let value = canonical(member.value, of: member.name)
      if !isAbsent(member.name, value) { members.append(JSONMember(name: member.name, value: value)) }
    }
    return JSONObject(members).sorted()
  }

  /// Whether the value says no more than leaving the member out.
  func isAbsent(_ name: String, _ value: JSONValue?) -> Bool {
    switch value {
    case nil, .null?: true
    case .array(let elements)?: elements.isEmpty
    case .string(let text)?: text.isEmpty && emptyStringIsAbsent
    case .object(let members)?: members.isEmpty && emptyObjectIsAbsent
    case .bool(let flag)?: !flag && falseIsAbsent.contains(name)
    case .number?: false
    }
  }

  private func canonical(_ value: JSONValue, of name: String) -> JSONValue {
    switch value {
    case .string(let text) where durations.contains(name): return .string(GoDuration(text)?.description ?? text)
    case .string(let text) where unorderedWords.contains(name): return .string(words(text))
    case .array(var elements):
      if listsOfUnorderedWords.contains(name) { elements = elements.map { $0.string.map { .string(words($0)) } ?? $0 } }
      if originLists.contains(name) { elements = elements.map { $0.string.map { .string(origin($0)) } ?? $0 } }
      elements = elements.map(\.withPlainNumbers)
      guard unorderedLists.contains(name), let texts = JSONValue.array(elements).strings else { return .array(elements) }
      return .array(Set(texts).sorted().map(JSONValue.string))
    default: return value.withPlainNumbers
    }
  }

  /// Words once each, sorted, with one blank between.
  private func words(_ text: String) -> String { Set(text.split(separator: " ")).sorted().joined(separator: " ") }

  private func origin(_ text: String) -> String {
    guard let url = try? HTTPURL(text), url.query == nil, url.path.allSatisfy({ $0 == "/" }) else { return text }
    return url.origin
  }
}

extension JSONValue {
  /// The value with every whole number spelled in plain digits.
  fileprivate var withPlainNumbers: JSONValue {
    switch self {
    case .number(let number): .number(number.integer.map { JSONNumber($0) } ?? number)
    case .array(let elements): .array(elements.map(\.withPlainNumbers))
    case .object(let object): .object(JSONObject(object.map { JSONMember(name: $0.name, value: $0.value.withPlainNumbers) }))
    default: self
    }
  }
}
