package import OpenIDJSON

extension ClientState {
  /// In the format's order.
  private static let known = [
    "client_id", "registration_client_uri", "managed_by", "generation", "status", "applied", "observed", "applied_at",
    "plan_digest", "deletion", "labels", "source", "secret_issued_at", "secret_version", "token_issued_at",
    "read_rotated_token", "client_secret_expires_at", "delivered", "pending", "sealed",
  ]

  /// The entry, members in the format's order; what is not known is left out.
  package var json: JSONObject {
    var object: JSONObject = [:]
    object["client_id"] = clientID.map(JSONValue.string)
    object["registration_client_uri"] = registrationClientURI.map(JSONValue.string)
    object["managed_by"] = .string(managedBy)
    object["generation"] = .number(JSONNumber(generation))
    object["status"] = .string(status.rawValue)
    object["applied"] = .object(applied)
    object["observed"] = observed.map(JSONValue.object)
    object["applied_at"] = appliedAt.map(JSONValue.string)
    object["plan_digest"] = planDigest.map(JSONValue.string)
    object["deletion"] = .string(deletion)
    if !labels.isEmpty {
      object["labels"] = .object(
        JSONObject(labels.sorted { $0.key < $1.key }.map { JSONMember(name: $0.key, value: .string($0.value)) }))
    }
    object["source"] = source.map(JSONValue.string)
    object["secret_issued_at"] = secretIssuedAt.map(JSONValue.string)
    object["secret_version"] = secretVersion.map { .number(JSONNumber($0)) }
    object["token_issued_at"] = tokenIssuedAt.map(JSONValue.string)
    if readRotatedToken { object["read_rotated_token"] = .bool(true) }
    object["client_secret_expires_at"] = clientSecretExpiresAt.map { .number(JSONNumber($0)) }
    if !delivered.isEmpty { object["delivered"] = .array(delivered) }
    object["pending"] = pending.map { .object($0.json) }
    for member in unknown { object[member.name] = member.value }
    var credentials: JSONObject = [:]
    credentials["client_secret"] = sealed.clientSecret.map(JSONValue.string)
    credentials["registration_access_token"] = sealed.registrationAccessToken.map(JSONValue.string)
    if !credentials.isEmpty { object["sealed"] = .object(credentials) }
    return object
  }

  /// - Parameter client: its name, where the object stands in a state at that place.
  init(_ object: JSONObject, at place: String, client: String? = nil) throws(StateError) {
    let reader = MemberReader(object, at: place, client: client)
    var members = MembersInOrder(object, as: Self.known)
    self.init(clientID: try reader.optionalText(members.take("client_id")), applied: [:])
    registrationClientURI = try reader.optionalText(members.take("registration_client_uri"))
    managedBy = try reader.optionalText(members.take("managed_by")) ?? "registration"
    generation = try reader.integer(members.take("generation"))
    guard let status = Status(rawValue: try reader.text(members.take("status"))) else {
      throw reader.wrong("status", "ok, unconfirmed or in_doubt")
    }
    self.status = status
    applied = try reader.optionalObject(members.take("applied")) ?? [:]
    observed = try reader.optionalObject(members.take("observed"))
    appliedAt = try reader.optionalText(members.take("applied_at"))
    planDigest = try reader.optionalText(members.take("plan_digest"))
    deletion = try reader.optionalText(members.take("deletion")) ?? "delete"
    for member in try reader.optionalObject(members.take("labels")) ?? [:] {
      guard let text = member.value.string else { throw reader.wrong("labels.\(member.name)", "a string") }
      labels[member.name] = text
    }
    source = try reader.optionalText(members.take("source"))
    secretIssuedAt = try reader.optionalText(members.take("secret_issued_at"))
    secretVersion = try reader.optionalInteger(members.take("secret_version"))
    tokenIssuedAt = try reader.optionalText(members.take("token_issued_at"))
    readRotatedToken = members.take("read_rotated_token").value?.bool ?? false
    clientSecretExpiresAt = try reader.optionalInteger(members.take("client_secret_expires_at"))
    delivered = members.take("delivered").value?.array ?? []
    if let call = try reader.optionalObject(members.take("pending")) { pending = try PendingCall(call, at: reader.place) }
    for member in try reader.optionalObject(members.take("sealed")) ?? [:] {
      switch member.name {
      case "client_secret":
        sealed.clientSecret = try reader.optionalText(.init(name: "sealed.client_secret", value: member.value))
      case "registration_access_token":
        sealed.registrationAccessToken = try reader.optionalText(
          .init(name: "sealed.registration_access_token", value: member.value))
      default: break
      }
    }
    unknown = members.unknown
  }
}
