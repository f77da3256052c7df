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
    self.init(
      call, code, effect: effect, answer: answer, error: said.error ?? challenge?.error,
      errorDescription: said.explanation ?? challenge?.errorDescription, words: said.shape)
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
    words: String, received: ClientInformation? = nil, underlying: (any Error)? = nil
  ) {
    let secrets = (call.secrets + [received?.clientSecret, received?.registrationAccessToken].compactMap(\.self)).map(\.exposed)
    func shown(_ text: String?) -> String? { text.map { withoutSecrets(sanitised($0), secrets) } }
    self.operation = call.operation
    self.code = code
    self.effect = effect
    self.endpoint = call.shownEndpoint
    self.status = answer?.status
    self.error = shown(error)
    self.errorDescription = shown(errorDescription)
    self.challenges =
      answer?.headers.challenges.map { challenge in
        AuthenticationChallenge(
          scheme: withoutSecrets(sanitised(challenge.scheme), secrets),
          parameters: challenge.parameters.mapValues { withoutSecrets(sanitised($0), secrets) })
      } ?? []
    self.retryAfter = answer?.headers.retryAfter
    self.requestID = answer?.headers.requestID
    self.words = withoutSecrets(sanitised(words), secrets)
    self.answer = answer
    self.received = received
    self.underlying = underlying
  }
}

extension RegistrationError {
  /// The same, with what could be saved of an answer that broke off.
  func adding(_ received: ClientInformation?) -> RegistrationError {
    RegistrationError(
      operation: operation, code: code, effect: effect, endpoint: endpoint, status: status, error: error,
      errorDescription: errorDescription, challenges: challenges, retryAfter: retryAfter, requestID: requestID, words: words,
      answer: answer, received: received, underlying: underlying)
  }
}

/// What a provider says in an answer that is no success, whatever its shape.
struct ProviderWords {
  var error: String?
  var explanation: String?
  /// What the body is, as a phrase for a message: `an HTML page`.
  var shape = "an empty answer"
  /// Whether the body is a JSON object with a text in `error`.
  var hasErrorText = false
  /// Whether that is a sentence, as Hydra has it, and no code of an RFC.
  var hasErrorSentence: Bool { hasErrorText && error?.contains(" ") ?? false }

  /// What a redirect says in its query.
  init(error: String, explanation: String?) {
    self.error = error
    self.explanation = explanation
    shape = "a redirect"
  }

  init(_ answer: HTTPResponse) {
    guard !answer.body.allSatisfy({ [0x20, 0x09, 0x0a, 0x0d].contains($0) }) else { return }
    guard let value = try? JSONValue(parsing: answer.body, options: .lenient) else {
      read(text: answer)
      return
    }
    shape = "a JSON answer"
    switch value {
    case .string(let text): explanation = text.isEmpty ? nil : text
    case .object(let members): read(members)
    default: break
    }
  }

  private mutating func read(_ members: JSONObject) {
    func text(_ names: String..., in members: JSONObject) -> String? {
      names.lazy.compactMap { members[$0]?.string }.first { !$0.isEmpty }
    }
    switch members["error"] {
    case .string(let text)?:
      hasErrorText = true
      error = text.isEmpty ? nil : text
    case .object(let inner)?:
      // herodot's shape, as Hydra answers at paths that it does not have and Ory Network does in front of it.
      error = text("message", "status", "id", in: inner)
      explanation = text("reason", "description", in: inner)
    default: break
    }
    // The last three: problem details (RFC 9457) and what web frameworks answer by themselves.
    explanation = text("error_description", in: members) ?? explanation ?? text("detail", "message", "title", in: members)
    // Ory's API description has a hint of its own; old releases send it.
    if let hint = text("error_hint", in: members), !(explanation ?? "").contains(hint) {
      explanation = [explanation, hint].compactMap(\.self).joined(separator: " ")
    }
  }

  private mutating func read(text answer: HTTPResponse) {
    let text = String(decoding: answer.body.prefix(4096), as: UTF8.self)
    let lower = text.lowercased()
    if lower.contains("<html") || lower.contains("<!doctype html") || lower.contains("<title") {
      shape = "an HTML page"
      if let open = text.firstRange(of: "<title>"), let close = text[open.upperBound...].firstRange(of: "</title>") {
        explanation = String(text[open.upperBound..<close.lowerBound])
      }
    } else {
      shape = "a text that is no JSON"
      explanation = text
    }
    if explanation?.allSatisfy(\.isWhitespace) ?? false { explanation = nil }
  }
}

extension JSONParsingOptions {
  /// For what somebody says about a failure: whatever can be read of it.
  static let lenient = JSONParsingOptions(duplicates: .lastWins, ignoresTrailingContent: true)
}
