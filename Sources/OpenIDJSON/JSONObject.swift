/// One member of an object. A struct of its own: an enum cannot carry an array of tuples of itself across files.
public struct JSONMember: Sendable, Hashable {
  public var name: String
  public var value: JSONValue

  public init(name: String, value: JSONValue) {
    self.name = name
    self.value = value
  }

  public static func == (one: JSONMember, other: JSONMember) -> Bool {
    one.name.isIdentical(to: other.name) && one.value == other.value
  }
}

/// The members of a JSON object in the order in which they stand. No name stands twice.
///
/// Names are the same where their bytes are, as JSON has it; Swift's `==` for texts would also take two spellings of `é` for one.
///
/// Looking a name up walks the members: right for client metadata with its few dozen. Walk the object itself where there are
/// thousands (``dictionary()`` makes an index).
public struct JSONObject: Sendable, Hashable {
  public private(set) var members: [JSONMember] = []

  public init() {}

  /// Members in that order; a name that comes twice keeps its first place and its last value.
  public init(_ members: some Sequence<JSONMember>) {
    var seen: [MemberName: Int] = [:]
    for member in members {
      if let index = seen[MemberName(member.name)] {
        self.members[index].value = member.value
      } else {
        seen[MemberName(member.name)] = self.members.count
        self.members.append(member)
      }
    }
  }

  /// For the parser, which has looked for duplicates already.
  init(uniqueMembers members: [JSONMember]) { self.members = members }

  public var names: [String] { members.map(\.name) }

  /// The value under that name. Setting keeps the place of a member that is there, appends one that is not, and removes it for `nil`.
  public subscript(name: String) -> JSONValue? {
    get { members.first { $0.name.isIdentical(to: name) }?.value }
    set {
      let index = members.firstIndex { $0.name.isIdentical(to: name) }
      switch (index, newValue) {
      case (let index?, let value?): members[index].value = value
      case (let index?, nil): members.remove(at: index)
      case (nil, let value?): members.append(JSONMember(name: name, value: value))
      case (nil, nil): break
      }
    }
  }

  /// The members by name, for many look-ups in a large object.
  ///
  /// A dictionary's keys compare as Swift's texts do: of names that differ in nothing but the spelling of an `é` it keeps the first.
  public func dictionary() -> [String: JSONValue] {
    Dictionary(members.map { ($0.name, $0.value) }) { first, _ in first }
  }

  /// These members with those of the other laid over them: a name that both have takes the other's value in this one's place.
  public func merging(_ other: JSONObject) -> JSONObject { JSONObject(members + other.members) }

  /// Whether both have the same members, in any order, with values that say the same.
  public func isEquivalent(to other: JSONObject) -> Bool {
    guard count == other.count else { return false }
    // Few are found by walking. Whoever answers with a million members must not make a million walks of it.
    guard count > 32 else { return allSatisfy { member in other[member.name].map(member.value.isEquivalent) ?? false } }
    let index = Dictionary(other.members.map { (MemberName($0.name), $0.value) }) { first, _ in first }
    return allSatisfy { member in index[MemberName(member.name)].map(member.value.isEquivalent) ?? false }
  }

  /// The same members, sorted by name (by UTF-8), those of objects within as well.
  public func sorted() -> JSONObject {
    JSONObject(
      uniqueMembers: members.map { JSONMember(name: $0.name, value: $0.value.sorted()) }.sorted { $0.name.precedes($1.name) })
  }

  /// Removes the members of those names in one walk, and returns their values in the order of the names; `nil` where there is none.
  package mutating func removeValues(forNames names: [String]) -> [JSONValue?] {
    func size(_ name: String) -> UInt64 { 1 << UInt64(Swift.min(63, name.utf8.count)) }
    // Most members are told by their length alone.
    let sizes = names.reduce(0) { $0 | size($1) }
    var values = [JSONValue?](repeating: nil, count: names.count)
    var index = 0
    while index < members.count {
      if sizes & size(members[index].name) != 0, let found = names.firstIndex(where: members[index].name.isIdentical) {
        values[found] = members.remove(at: index).value
      } else {
        index += 1
      }
    }
    return values
  }

  /// The members with other values; those for which there is `nil` are left out.
  package func compactMapValues(_ value: (JSONMember) throws -> JSONValue?) rethrows -> JSONObject {
    var kept: [JSONMember] = []
    for member in members { if let value = try value(member) { kept.append(JSONMember(name: member.name, value: value)) } }
    return JSONObject(uniqueMembers: kept)
  }

  /// The members for which the test holds.
  public func filter(_ isIncluded: (JSONMember) throws -> Bool) rethrows -> JSONObject {
    var kept: [JSONMember] = []
    kept.reserveCapacity(members.count)
    for member in members where try isIncluded(member) { kept.append(member) }
    return JSONObject(uniqueMembers: kept)
  }
}

extension JSONObject: RandomAccessCollection {
  public var startIndex: Int { 0 }
  public var endIndex: Int { members.count }
  public subscript(position: Int) -> JSONMember { members[position] }

  // The array's own: an index at a time would be a call into this module for each member.
  public func makeIterator() -> [JSONMember].Iterator { members.makeIterator() }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
  public init(dictionaryLiteral elements: (String, JSONValue)...) {
    self.init(elements.map { JSONMember(name: $0.0, value: $0.1) })
  }
}

extension JSONValue {
  /// The same value with another in the place of each member's, wherever it stands, for which the test of the member and its object
  /// holds.
  package func replacingMembers(with value: JSONValue, where isMeant: (JSONMember, JSONObject) -> Bool) -> JSONValue {
    switch self {
    case .array(let elements): .array(elements.map { $0.replacingMembers(with: value, where: isMeant) })
    case .object(let object):
      .object(
        object.compactMapValues { member in
          isMeant(member, object) ? value : member.value.replacingMembers(with: value, where: isMeant)
        })
    default: self
    }
  }

  /// The same value with the members of every object sorted by name.
  public func sorted() -> JSONValue {
    switch self {
    case .object(let object): .object(object.sorted())
    case .array(let elements): .array(elements.map { $0.sorted() })
    default: self
    }
  }
}
