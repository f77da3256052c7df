import OpenIDJSON

/// Where the credentials of a state may go. Where a manifest says otherwise, none of them goes anywhere.
package struct Binding: Sendable, Hashable {
  package var issuer: String?
  package var registrationEndpoint: String?
  package var adminEndpoint: String?
  /// The rewrite rule of registration client URIs, as `from -> to`.
  package var rewrite: String?
  /// `sha256:` and the hash of the file of certification authorities, where the registry names one.
  package var ca: String?

  package init(
    issuer: String? = nil, registrationEndpoint: String? = nil, adminEndpoint: String? = nil, rewrite: String? = nil,
    ca: String? = nil
  ) {
    self.issuer = issuer
    self.registrationEndpoint = registrationEndpoint
    self.adminEndpoint = adminEndpoint
    self.rewrite = rewrite
    self.ca = ca
  }

  /// One member that is not what it was.
  package struct Difference: Sendable, Hashable {
    package var member: String
    package var before: String?
    package var after: String?
  }

  /// What the other says otherwise.
  package func differences(from other: Binding) -> [Difference] {
    zip(members, other.members).compactMap { mine, theirs in
      mine.value == theirs.value ? nil : Difference(member: mine.name, before: mine.value, after: theirs.value)
    }
  }

  private var members: [(name: String, value: String?)] {
    [
      ("issuer", issuer), ("registration_endpoint", registrationEndpoint), ("admin_endpoint", adminEndpoint),
      ("rewrite", rewrite), ("ca", ca),
    ]
  }

  var json: JSONObject {
    JSONObject(members.compactMap { member in member.value.map { JSONMember(name: member.name, value: .string($0)) } })
  }

  init(_ object: JSONObject, at place: String) throws(StateError) {
    let reader = MemberReader(object, at: "\(place): binding")
    issuer = try reader.optionalText("issuer")
    registrationEndpoint = try reader.optionalText("registration_endpoint")
    adminEndpoint = try reader.optionalText("admin_endpoint")
    rewrite = try reader.optionalText("rewrite")
    ca = try reader.optionalText("ca")
  }
}
