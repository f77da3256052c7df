import OpenIDCryptography
import OpenIDJSON
import OpenIDRegistration

/// What a provider that is played by its profile demands of client metadata, and what it makes of them (RFC 7591, section 2; RFC 7592,
/// section 2.2).
struct ProfileRules: Sendable {
  let profile: Profile
  /// What a client gets that asks for no scope.
  let defaultScope: String

  /// The metadata as they are kept.
  func metadata(_ body: [UInt8]) throws(Refusal) -> JSONObject {
    let sent = try ProfileRules.object(body).filter { $0.value != .null }
    for member in sent where profile.refuses(member.name, member.value) {
      throw .invalidMetadata("\(profile.title) does not take \(member.name).")
    }
    var kept = sent.filter { member in
      !ProfiledClient.serverMembers.contains(member.name) && !profile.dropped.contains(member.name)
        && profile.kept?.contains(member.name) ?? true
    }
    for member in profile.defaults.merging(standards) where kept[member.name] == nil { kept[member.name] = member.value }
    try checkTypes(kept)
    try checkRedirects(kept)
    return kept
  }

  /// What RFC 7591 fills in where a member is left out.
  private var standards: JSONObject {
    [
      "token_endpoint_auth_method": "client_secret_basic", "grant_types": ["authorization_code"], "response_types": ["code"],
      "scope": .string(defaultScope),
    ]
  }

  /// What the body of a set has to say of the client, and must not.
  func checkSet(_ body: [UInt8], of client: ProfiledClient, key: HMACKey) throws(Refusal) {
    let sent = try ProfileRules.object(body)
    for name in [
      "registration_access_token", "registration_client_uri", "client_secret_expires_at", "client_id_issued_at",
    ] where sent[name] != nil {
      throw .invalidRequest("The body of an update must not have \(name) (RFC 7592, section 2.2).")
    }
    try check(sent, "client_id", profile.setClientID) { $0 == client.id }
    try check(sent, "client_secret", profile.setClientSecret) { Secret($0) == client.secret(key) }
  }

  private func check(
    _ sent: JSONObject, _ name: String, _ presence: Profile.Presence, fits: (String) -> Bool
  ) throws(Refusal) {
    switch (presence, sent[name]) {
    case (.required, nil): throw .invalidRequest("The body of an update needs \(name).")
    case (.forbidden, .some): throw .invalidRequest("The body of an update must not have \(name).")
    case (_, let value?) where !(value.string.map(fits) ?? false): throw .invalidRequest("\(name) is not the client's.")
    default: break
    }
  }

  private static func object(_ body: [UInt8]) throws(Refusal) -> JSONObject {
    let value: JSONValue
    do throws(JSONParsingError) { value = try JSONValue(parsing: body) } catch {
      throw .invalidMetadata("The body is no JSON: \(error).")
    }
    guard let object = value.object else { throw .invalidMetadata("The body has to be a JSON object, and is \(value.kind).") }
    return object
  }

  private func checkTypes(_ metadata: JSONObject) throws(Refusal) {
    for known in ClientMember.all {
      guard let value = metadata[known.name], let wanted = known.objection(to: value) else { continue }
      throw .invalidMetadata("\(known.name) has to be \(wanted), and is \(value.kind).")
    }
  }

  private func checkRedirects(_ metadata: JSONObject) throws(Refusal) {
    let uris = metadata["redirect_uris"]?.strings ?? []
    let grants = metadata["grant_types"]?.strings ?? []
    guard !uris.isEmpty || !grants.contains(where: ["authorization_code", "implicit"].contains) else {
      throw .invalidRedirectURI("The client's grant types need redirect_uris.")
    }
    for uri in uris {
      guard let url = try? GoURL(parsingRequest: uri), url.isHarmless, !uri.contains("#") else {
        throw .invalidRedirectURI("\(uri) is no absolute URI without a fragment.")
      }
    }
  }
}

extension Refusal {
  /// RFC 7591, section 3.2.2.
  fileprivate static func invalidMetadata(_ reason: String) -> Refusal { Refusal(400, "invalid_client_metadata", reason) }
}

extension ClientMember {
  /// What the value should be where it is something else.
  fileprivate func objection(to value: JSONValue) -> String? {
    switch kind {
    case .text, .optionalText, .secret, .time, .lifespan: value.string == nil ? "a string" : nil
    case .list, .optionalList: value.strings == nil ? "a list of strings" : nil
    case .integer: value.integer == nil ? "a whole number" : nil
    case .flag, .optionalFlag, .nullableFlag: value.bool == nil ? "true or false" : nil
    case .keys: value.object == nil ? "an object" : nil
    case .any: nil
    }
  }
}
