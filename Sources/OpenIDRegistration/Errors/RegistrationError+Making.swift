import OpenIDJSON

extension RegistrationError {
  /// No answer.
  init(_ call: Call, _ failure: HTTPTransportError, received: ClientInformation? = nil) {
    self.init(
      call, .transport(failure.code), effect: call.operation.isRead ? .none : failure.effect, answer: failure.partialAnswer,
      words: failure.message, received: received)
  }

  /// An answer that is no success.
  init(_ call: Call, _ answer: HTTPResponse) {
    let said = ProviderWords(answer)
    let code: Code
    var effect = Effect.none
    switch answer.status {
    case 400: code = .refused
    case 401: code = .unauthorized
    case 403: code = .forbidden
    case 404 where call.operation.isRegistration && said.hasErrorSentence: code = .registrationDisabled
    case 404, 405: code = .notFound
    case 429: code = .tooManyRequests
    case 402..<500: code = .unexpectedStatus
    // The resource lies elsewhere: the request was not acted upon here (RFC 9110, section 15.4).
    case 301, 302, 307, 308: code = .unexpectedStatus
    case 503: code = .unavailable
    // Not implemented, and the version of HTTP not supported: refusals under another name.
    case 501, 505: code = .serverError
    case 500..<600:
      code = .serverError
      effect = .unknown
    default:
      code = .unexpectedStatus
      effect = .unknown
    }
    self.init(
      call, code, effect: call.operation.isRead ? .none : effect, answer: answer, said: said)
  }

  /// An answer that is a refusal by what it says, whatever its status.
  init(_ call: Call, _ code: Code, effect: Effect, answer: HTTPResponse, said: ProviderWords) {
    let challenge = answer.headers.challenges.first(where: \.isBearer)
    var call = call
    call.secrets += said.secrets
    self.init(
      call, code, effect: effect, answer: answer, error: said.error ?? challenge?.error,
      errorDescription: said.explanation ?? challenge?.errorDescription, requestID: said.requestID, words: said.shape)
  }

  /// A success that is not what it should be.
  init(_ call: Call, _ problem: ClientInformationReading.Problem, answer: HTTPResponse, received: ClientInformation?) {
    // An answer that names a client or brings its credentials comes from the provider, which has done it; what is no such
    // thing (a page of a gateway, an empty body) may come from anywhere.
    let effect: Effect = call.operation.isRead ? .none : received == nil ? .unknown : .done
    switch problem {
    case .notJSON(let mistake):
      self.init(call, .notJSON(mistake), effect: effect, answer: answer, words: mistake.description, received: received)
    case .invalid(let phrase):
      self.init(call, .invalidAnswer, effect: effect, answer: answer, words: phrase, received: received)
    }
  }

  init(
    _ call: Call, _ code: Code, effect: Effect, answer: HTTPResponse? = nil, error: String? = nil,
    errorDescription: String? = nil,
    requestID: String? = nil, words: String, received: ClientInformation? = nil, underlying: (any Error)? = nil
  ) {
    let secrets = (call.secrets + [received?.clientSecret, received?.registrationAccessToken].compactMap(\.self)).map(\.exposed)
    func masked(_ text: String) -> String { shown(text, without: secrets) }
    self.operation = call.operation
    self.code = code
    self.effect = effect
    self.endpoint = call.shownEndpoint
    self.status = answer?.status
    self.error = error.map(masked)
    self.errorDescription = errorDescription.map(masked)
    self.challenges =
      answer?.headers.challenges.map { challenge in
        AuthenticationChallenge(
          scheme: masked(challenge.scheme), parameters: challenge.parameters.mapValues(masked))
      } ?? []
    self.retryAfter = answer?.headers.retryAfter
    self.requestID = (answer?.headers.requestIDField ?? requestID).map { shown($0, without: secrets, limit: 200) }
    self.words = masked(words)
    self.answer = answer
    self.received = received
    self.underlying = underlying
    self.credential = call.credential
    self.location = answer?.redirect.map(masked)
  }
}

extension HTTPResponse {
  /// Where a redirect leads to, without what a query says (RFC 9110, section 10.2.2).
  fileprivate var redirect: String? {
    guard (300..<400).contains(status), let location = headers["Location"], !location.isEmpty else { return nil }
    if let url = try? HTTPURL(location) { return url.description }
    let bare = location.prefix { $0 != "?" && $0 != "#" }
    // A user name and a password may stand in it.
    return bare.isEmpty || bare.contains("@") ? nil : String(bare)
  }
}

extension RegistrationError {
  /// The same, with what could be saved of an answer that broke off.
  func adding(_ received: ClientInformation?) -> RegistrationError {
    RegistrationError(
      operation: operation, code: code, effect: effect, endpoint: endpoint, status: status, error: error,
      errorDescription: errorDescription, challenges: challenges, retryAfter: retryAfter, requestID: requestID, words: words,
      answer: answer, received: received, underlying: underlying, credential: credential, location: location)
  }

  /// An error of one's own making, for whoever stands in for this library in tests.
  ///
  /// It has the properties of those names. Its texts are shown as they are, and nothing is taken out of them; `words` is a phrase
  /// without a full stop.
  public init(
    _ code: Code, _ operation: OpenIDOperation, at endpoint: String, effect: Effect, status: Int? = nil, error: String? = nil,
    errorDescription: String? = nil, challenges: [AuthenticationChallenge] = [], retryAfter: Duration? = nil,
    requestID: String? = nil, words: String = "", answer: HTTPResponse? = nil, received: ClientInformation? = nil,
    underlying: (any Error)? = nil
  ) {
    self.init(
      operation: operation, code: code, effect: effect, endpoint: endpoint, status: status, error: error,
      errorDescription: errorDescription, challenges: challenges, retryAfter: retryAfter, requestID: requestID, words: words,
      answer: answer, received: received, underlying: underlying, credential: nil, location: nil)
  }
}
