import OpenIDJSON

/// Reads members of a state document, each with an error that names it.
struct MemberReader {
  let object: JSONObject
  private let document: String
  private let client: String?

  /// - Parameters:
  ///   - place: where the object stands.
  ///   - client: whose entry it is, in a document at that place.
  init(_ object: JSONObject, at place: String, client: String? = nil) {
    self.object = object
    document = place
    self.client = client
  }

  /// Put together where something is wrong, and not for each of thousands of entries.
  var place: String { client.map { "\(document): clients.\($0)" } ?? document }

  /// A member by its name, there or not.
  struct Member {
    let name: String
    let value: JSONValue?
  }

  private func member(_ name: String) -> Member { Member(name: name, value: object[name]) }

  func wrong(_ name: String, _ wanted: String) -> StateError {
    StateError(
      .damaged,
      "\(place): \(name) is not \(wanted). Take the file back from git; docs/recover.md says what its backup is good for.")
  }

  func text(_ name: String) throws(StateError) -> String { try text(member(name)) }
  func optionalText(_ name: String) throws(StateError) -> String? { try optionalText(member(name)) }
  func integer(_ name: String) throws(StateError) -> Int { try integer(member(name)) }
  func optionalInteger(_ name: String) throws(StateError) -> Int? { try optionalInteger(member(name)) }
  func object(_ name: String) throws(StateError) -> JSONObject { try object(member(name)) }
  func optionalObject(_ name: String) throws(StateError) -> JSONObject? { try optionalObject(member(name)) }

  func text(_ member: Member) throws(StateError) -> String {
    guard let text = try optionalText(member) else { throw wrong(member.name, "a string") }
    return text
  }

  func optionalText(_ member: Member) throws(StateError) -> String? {
    switch member.value {
    case nil, .null?: return nil
    case .string(let text)?: return text
    default: throw wrong(member.name, "a string")
    }
  }

  func integer(_ member: Member) throws(StateError) -> Int {
    guard let integer = try optionalInteger(member) else { throw wrong(member.name, "a whole number") }
    return integer
  }

  func optionalInteger(_ member: Member) throws(StateError) -> Int? {
    switch member.value {
    case nil, .null?: return nil
    case let value?:
      guard let integer = value.integer else { throw wrong(member.name, "a whole number") }
      return integer
    }
  }

  func object(_ member: Member) throws(StateError) -> JSONObject {
    guard let value = try optionalObject(member) else { throw wrong(member.name, "an object") }
    return value
  }

  func optionalObject(_ member: Member) throws(StateError) -> JSONObject? {
    switch member.value {
    case nil, .null?: return nil
    case .object(let value)?: return value
    default: throw wrong(member.name, "an object")
    }
  }
}

/// The members of an entry one after the other, in the order in which the format has them.
///
/// They mostly stand in that order too, so that one walk down both finds all of them; thousands of entries have twenty members each.
struct MembersInOrder {
  private let names: [String]
  private var values: [JSONValue?]
  private var next = 0
  /// The members that the format has not.
  private(set) var unknown: JSONObject = [:]

  init(_ object: JSONObject, as names: [String]) {
    self.names = names
    values = Array(repeating: nil, count: names.count)
    var place = 0
    for member in object {
      if let found = names[place...].firstIndex(of: member.name) {
        place = found + 1
        values[found] = member.value
      } else if let found = names.firstIndex(of: member.name) {
        values[found] = member.value
      } else {
        unknown[member.name] = member.value
      }
    }
  }

  /// The next member, which has that name.
  mutating func take(_ name: String) -> MemberReader.Member {
    assert(names[next] == name)
    defer { next += 1 }
    return MemberReader.Member(name: name, value: values[next])
  }
}
