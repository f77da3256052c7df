public import OpenIDJSON

public import struct OpenIDCryptography.Secret

/// What a provider says about a client (RFC 7591, section 3.2.1; RFC 7592, section 3).
///
/// Credentials stand in properties of their own, as `Secret`, and nowhere else: ``metadata`` never has them.
public struct ClientInformation: Sendable, Hashable {
  /// The id that the provider chose. Empty only in what `persist` or ``RegistrationError/received`` hands over of an answer that
  /// names none; no operation returns such an answer.
  public var clientID: String
  /// The client secret. Many providers show it once, in the answer to the create.
  public var clientSecret: Secret?
  /// When the secret expires, in seconds since 1970; 0 means never. RFC 7591 wants it wherever there is a secret.
  public var clientSecretExpiresAt: Int?
  /// When the id was given out, in seconds since 1970.
  public var clientIDIssuedAt: Int?
  /// The token for reading, setting and deleting this client. At many providers a set hands out a new one and ends the old.
  public var registrationAccessToken: Secret?
  /// Where the token may be sent, and nowhere else. Where a read or a set leaves it out, the URI that was asked.
  public var registrationClientURI: String?
  /// Every other member of the answer, in its order.
  public var metadata: ClientMetadata

  /// The status of the answer.
  public var status: Int
  /// The header fields of the answer.
  public var headers: HTTPFields

  public init(
    clientID: String, clientSecret: Secret? = nil, clientSecretExpiresAt: Int? = nil, clientIDIssuedAt: Int? = nil,
    registrationAccessToken: Secret? = nil, registrationClientURI: String? = nil, metadata: ClientMetadata = [:],
    status: Int = 200, headers: HTTPFields = [:]
  ) {
    self.clientID = clientID
    self.clientSecret = clientSecret
    self.clientSecretExpiresAt = clientSecretExpiresAt
    self.clientIDIssuedAt = clientIDIssuedAt
    self.registrationAccessToken = registrationAccessToken
    self.registrationClientURI = registrationClientURI
    self.metadata = metadata
    self.status = status
    self.headers = headers
  }

  /// What the provider's logs call the request, where the answer says so.
  public var requestID: String? { headers.requestID }
}

extension ClientInformation {
  /// The client as a registration answers it (RFC 7591, section 3.2.1), **its credentials in clear**: what `persist` keeps, and what
  /// no log may have. ``init(exposedMembers:)`` takes it back.
  ///
  ///     let text = JSONValue.object(answer.exposedMembers).text(.pretty)
  public var exposedMembers: JSONObject {
    var members: JSONObject = ["client_id": .string(clientID)]
    members["client_secret"] = clientSecret.map { .string($0.exposed) }
    members["client_secret_expires_at"] = clientSecretExpiresAt.map { .number(JSONNumber($0)) }
    members["client_id_issued_at"] = clientIDIssuedAt.map { .number(JSONNumber($0)) }
    members["registration_access_token"] = registrationAccessToken.map { .string($0.exposed) }
    members["registration_client_uri"] = registrationClientURI.map(JSONValue.string)
    return members.merging(metadata.members)
  }

  /// The client that ``exposedMembers`` were made of, or that a provider answered; its status and header fields are not kept.
  ///
  /// `nil` where they name no `client_id`, or where a member of the RFC's is of another type or of no use: a
  /// `registration_client_uri` that is no absolute URL, a token that no header field can carry.
  public init?(exposedMembers: JSONObject) {
    let reading = ClientInformationReading(exposedMembers, of: HTTPResponse(status: 200), knownURI: nil)
    guard reading.problem == nil else { return nil }
    self = reading.information
  }
}

extension HTTPFields {
  /// The id of the request under one of the names in use, fit to be shown.
  package var requestID: String? { requestIDField.map { sanitised($0, limit: 200) } }

  /// The same as it came.
  var requestIDField: String? {
    ["x-request-id", "x-correlation-id", "request-id"].lazy.compactMap { self[$0] }.first { !$0.isEmpty }
  }
}
