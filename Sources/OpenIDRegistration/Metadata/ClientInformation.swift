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

extension HTTPFields {
  /// The id of the request under one of the names in use, fit to be shown.
  package var requestID: String? { requestIDField.map { sanitised($0, limit: 200) } }

  /// The same as it came.
  var requestIDField: String? {
    ["x-request-id", "x-correlation-id", "request-id"].lazy.compactMap { self[$0] }.first { !$0.isEmpty }
  }
}
