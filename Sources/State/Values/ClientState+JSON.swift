package import OpenIDJSON

extension ClientState {
  /// In the format's order.
  private static let known = [
    "client_id", "registration_client_uri", "managed_by", "generation", "status", "applied", "observed", "applied_at",
    "plan_digest", "deletion", "labels", "source", "secret_issued_at", "secret_version", "token_issued_at",
    "client_secret_expires_at", "delivered", "pending", "sealed",
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

  init(_ object: JSONObject, at place: String) throws(StateError) {
    let reader = MemberReader(object, at: place)
    self.init(clientID: try reader.optionalText("client_id"), applied: try reader.optionalObject("applied") ?? [:])
    registrationClientURI = try reader.optionalText("registration_client_uri")
    managedBy = try reader.optionalText("managed_by") ?? "registration"
    generation = try reader.integer("generation")
    guard let status = Status(rawValue: try reader.text("status")) else {
      throw reader.wrong("status", "ok, unconfirmed or in_doubt")
    }
    self.status = status
    observed = try reader.optionalObject("observed")
    appliedAt = try reader.optionalText("applied_at")
    planDigest = try reader.optionalText("plan_digest")
    deletion = try reader.optionalText("deletion") ?? "delete"
    for member in try reader.optionalObject("labels") ?? [:] {
      guard let text = member.value.string else { throw reader.wrong("labels.\(member.name)", "a string") }
      labels[member.name] = text
    }
    source = try reader.optionalText("source")
    secretIssuedAt = try reader.optionalText("secret_issued_at")
    secretVersion = try reader.optionalInteger("secret_version")
    tokenIssuedAt = try reader.optionalText("token_issued_at")
    clientSecretExpiresAt = try reader.optionalInteger("client_secret_expires_at")
    delivered = object["delivered"]?.array ?? []
    if let call = try reader.optionalObject("pending") { pending = try PendingCall(call, at: place) }
    let credentials = MemberReader(try reader.optionalObject("sealed") ?? [:], at: "\(place).sealed")
    sealed.clientSecret = try credentials.optionalText("client_secret")
    sealed.registrationAccessToken = try credentials.optionalText("registration_access_token")
    unknown = Self.unknown(in: object)
  }

  /// The members that the format has not. Those that it has stand in its order, so that one walk down both finds them.
  private static func unknown(in object: JSONObject) -> JSONObject {
    var unknown: JSONObject = [:]
    var next = known.startIndex
    for member in object {
      if let found = known[next...].firstIndex(of: member.name) {
        next = found + 1
      } else if !known.contains(member.name) {
        unknown[member.name] = member.value
      }
    }
    return unknown
  }
}
