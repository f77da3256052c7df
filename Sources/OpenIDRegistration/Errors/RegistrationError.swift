public import OpenIDJSON

public import struct OpenIDCryptography.JSONWebTokenError

/// Why an operation failed, what the provider said, and what may have happened there.
///
/// Its text names the operation and the endpoint and says what to do; it never holds a credential, also not one that the
/// provider quoted.
public struct RegistrationError: Error, Sendable {
  public enum Code: Sendable, Hashable {
    /// No answer came. ``RegistrationError/effect`` says whether the request went out.
    case transport(HTTPTransportError.Code)
    /// 400: the provider does not take the metadata or the request (RFC 7591, section 3.2.2).
    case refused
    /// 401: the initial access token is wrong; at a client, its token is stale or wrong, or the client is gone. The answer does
    /// not tell which (RFC 7592, section 2).
    case unauthorized
    /// 403: the caller is known and may not (RFC 7592, section 2).
    case forbidden
    /// 404 with a sentence in `error`, at an operation of registration: it is switched off, as Hydra says it.
    case registrationDisabled
    /// 404 otherwise, mostly a wrong URL; 405 too. With a code in `error` and a bearer token it can be the client that is gone, as
    /// Keycloak says it.
    case notFound
    /// 429, with ``RegistrationError/retryAfter`` where the provider says how long.
    case tooManyRequests
    /// 503, likewise.
    case unavailable
    /// 500 and the rest of the five hundreds.
    case serverError
    /// Any other status that is no success, a redirect for instance: none is followed.
    case unexpectedStatus
    /// A success whose body is not the JSON that it should be. ``RegistrationError/received`` has what could be read of it.
    case notJSON(JSONParsingError)
    /// A success whose JSON is not what the operation promises.
    case invalidAnswer
    /// A signed answer whose signature does not hold, or that is signed in a way that is not accepted.
    case signature(JSONWebTokenError.Code)
    /// A member of the answer has not the value that it has to have: `client_id`, `iss`, `aud`, `sub`, `exp`, `nbf`, `state`.
    case mismatch(String)
    /// The discovery document names another issuer than the one that was asked (OpenID Connect Discovery 1.0, section 4.3).
    case issuerMismatch
    /// The call succeeded and `persist` threw. ``RegistrationError/received`` holds what has to be kept.
    case persist
  }

  /// The operation that failed.
  public let operation: OpenIDOperation
  /// The kind of failure.
  public let code: Code
  /// What may have happened at the provider. A read has none, but where the token that it handed out could not be kept; a call that was sent and whose answer did not come, or says that
  /// the server failed, is `unknown`; a refusal is `none`.
  public let effect: Effect
  /// Where the call went, without what a query says.
  public let endpoint: String
  /// The status of the answer, where one came.
  public let status: Int?
  /// What stands in `error`: a code of RFC 7591 or RFC 6750, or whatever sentence the provider puts there.
  public let error: String?
  /// The provider's explanation: `error_description`, or what takes its place in an answer of another shape.
  public let errorDescription: String?
  /// What the server wants to see, by `WWW-Authenticate`; for access tokens, what is wrong with the one that it got (RFC 6750,
  /// section 3).
  public let challenges: [AuthenticationChallenge]
  /// How long the provider asks to wait: `Retry-After`, or `x-ratelimit-reset`.
  public let retryAfter: Duration?
  /// What the provider's logs call the request.
  public let requestID: String?
  /// What happened, as a phrase: of the transport, of the JSON parser, of `persist`.
  public let words: String
  /// The answer as it arrived, where one came.
  public let answer: HTTPResponse?
  /// What could be read of an answer that is not what it should be, or that `persist` did not take. `persist` has been given it
  /// too, where there is one.
  public let received: ClientInformation?
  /// What `persist` threw.
  public let underlying: (any Error)?
  /// What the call showed, for the advice.
  let credential: Call.Credential?
  /// Where a redirect leads to, without what a query says.
  let location: String?
}

extension RegistrationError {
  /// The challenge about access tokens, where there is one.
  public var bearerChallenge: AuthenticationChallenge? { challenges.first(where: \.isBearer) }

  /// What the server sent, where that is JSON of whatever shape. It may quote credentials.
  public var answerBody: JSONValue? {
    answer.flatMap { try? JSONValue(parsing: $0.body, options: .lenient) }
  }

  /// Whether the provider gave up on a concurrent write, which it says as a 400: Hydra's "Unable to serialize access".
  package var isConcurrentUpdate: Bool {
    guard status == 400 || status == 409 else { return false }
    return [error, errorDescription].contains { $0?.lowercased().contains("serialize access") ?? false }
  }
}
