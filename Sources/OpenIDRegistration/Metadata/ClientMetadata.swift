import OpenIDCryptography
public import OpenIDJSON

/// The metadata of a client (RFC 7591, section 2): what a registration asks for and what an answer says is stored.
///
/// All members stand in ``members``, also those that this library has no name for; the properties in the extensions read and
/// write the known ones, each with the page that defines it. A property is `nil` where the member is absent, `null`, or of
/// another type; setting `nil` takes the member away.
///
///     var metadata = ClientMetadata()
///     metadata.clientName = "Billing"
///     metadata.redirectURIs = ["https://billing.example.com/callback"]
public struct ClientMetadata: Sendable, Hashable {
  /// Every member, in order.
  public var members: JSONObject

  public init(_ members: JSONObject = [:]) { self.members = members }

  /// The member of that name. Setting `nil` takes it away.
  public subscript(name: String) -> JSONValue? {
    get { members[name] }
    set { members[name] = newValue }
  }
}

extension ClientMetadata: ExpressibleByDictionaryLiteral {
  public init(dictionaryLiteral elements: (String, JSONValue)...) {
    members = JSONObject(elements.map { JSONMember(name: $0.0, value: $0.1) })
  }
}

/// Prints JSON; a client secret, which the body of a set carries at some providers, stays out of it, and so does what is private in
/// a key that should have been public.
extension ClientMetadata: CustomStringConvertible, CustomReflectable {
  public var description: String {
    JSONValue.object(members).replacingMembers(with: "(sensitive)") { member, object in
      member.name == "client_secret" || member.name == "registration_access_token"
        || object["kty"] != nil && VerificationKey.privateMembers.contains(member.name)
    }.text()
  }

  public var customMirror: Mirror { Mirror(self, children: ["members": description]) }
}

extension ClientMetadata {
  subscript(string name: String) -> String? {
    get { members[name]?.string }
    set { members[name] = newValue.map(JSONValue.string) }
  }

  subscript(strings name: String) -> [String]? {
    get { members[name]?.strings }
    set { members[name] = newValue.map { .array($0.map(JSONValue.string)) } }
  }

  subscript(bool name: String) -> Bool? {
    get { members[name]?.bool }
    set { members[name] = newValue.map(JSONValue.bool) }
  }

  subscript(integer name: String) -> Int? {
    get { members[name]?.integer }
    set { members[name] = newValue.map { .number(JSONNumber($0)) } }
  }

  subscript(object name: String) -> JSONObject? {
    get { members[name]?.object }
    set { members[name] = newValue.map(JSONValue.object) }
  }
}
