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
    metadata.compactMapValues { member in
      // Most members of an answer say nothing, and need no look at their names.
      if isAbsent(member.name, member.value) || serverOwned.contains(member.name) { return nil }
      if member.name == createMarker, member.value.string?.hasPrefix(Profile.markerPrefix) ?? false { return nil }
      let value = canonical(member.value, of: member.name)
      return isAbsent(member.name, value) ? nil : value
    }.sorted()
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
      guard unorderedLists.contains(name), let texts = JSONValue.array(elements).strings else {
        return .array(elements.map(\.withPlainNumbers))
      }
      return .array(onceEach(texts).map(JSONValue.string))
    default: return value.withPlainNumbers
    }
  }

  /// Words once each, sorted, with one blank between.
  private func words(_ text: String) -> String {
    let words = text.utf8.split(separator: UInt8(ascii: " ")).map { String(Substring($0)) }
    return onceEach(words).joined(separator: " ")
  }

  /// Each text once, sorted. Two that are the same but for the spelling of an `é` are two.
  private func onceEach(_ texts: [String]) -> [String] {
    guard texts.count > 1 else { return texts }
    let sorted = texts.sorted { $0 == $1 ? $0.utf8.lexicographicallyPrecedes($1.utf8) : $0 < $1 }
    var found: [String] = []
    for text in sorted where !(found.last?.isIdentical(to: text) ?? false) { found.append(text) }
    return found
  }

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
