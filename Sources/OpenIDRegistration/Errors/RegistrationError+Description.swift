extension RegistrationError: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// The operation, the endpoint, what happened there and what to do: full sentences without any credential.
  public var description: String { "\(operation.rawValue) at \(endpoint): \(explanation)" }
  public var debugDescription: String { description }
  public var customMirror: Mirror { Mirror(self, children: ["description": description]) }

  /// What happened and what to do, in full sentences, without operation and endpoint: for a place that names them already.
  public var explanation: String {
    var sentences = [whatHappened]
    if let advice { sentences.append(advice) }
    let hasCredentials = received?.clientSecret != nil || received?.registrationAccessToken != nil
    switch effect {
    case .none: break
    case .unknown: sentences.append("Whether the provider did it is not known: do not simply repeat the call.")
    case .done: if code != .persist { sentences.append("The provider did it: do not repeat the call.") }
    }
    if hasCredentials { sentences.append("Keep what this error has received: it is shown only once.") }
    if let requestID { sentences.append("The provider's logs know the request as \(requestID).") }
    return sentences.joined(separator: " ")
  }

  private var whatHappened: String {
    switch code {
    case .transport(.cancelled): "the call was cancelled."
    case .transport(.invalidURL), .transport(.invalidRequest): "the request cannot be sent: \(words)."
    case .transport(.nameNotResolved), .transport(.couldNotConnect): "it cannot be reached: \(words). Nothing was sent."
    case .transport(.tls): "no connection that can be trusted: \(words). Nothing was done."
    case .transport where effect == .none && !operation.isRead: "it cannot be reached: \(words). Nothing was sent."
    case .transport: "no whole answer came: \(words)."
    case .refused: "the provider refused it\(quoted)."
    case .unauthorized: "the provider does not accept the credentials\(quoted)."
    case .forbidden: "the provider does not allow it\(quoted)."
    case .registrationDisabled: "the provider says that it does not register clients\(quoted)."
    case .notFound: "there is nothing at this URL for such a call\(quoted)."
    case .tooManyRequests: "the provider asks for fewer requests\(quoted)."
    case .unavailable: "the provider cannot answer for the moment\(quoted)."
    case .serverError: "the provider failed\(quoted)."
    case .unexpectedStatus: "the provider answered with a status that fits no such call\(quoted)."
    case .notJSON: "the answer (\(status ?? 0)) is not the JSON that it should be: \(words)."
    case .invalidAnswer: "the answer (\(status ?? 0)) cannot be used: \(words)."
    case .issuerMismatch: "\(words)."
    case .signature: "the answer (\(status ?? 0)) is not to be relied upon: \(words)."
    case .mismatch: "the answer (\(status ?? 0)) is not the one that was asked for: \(words)."
    case .persist: "the provider did it, and what it answered could not be kept: \(words)."
    }
  }

  /// Status and the provider's words, in brackets and after a colon.
  private var quoted: String {
    let head = [status.map(String.init), error].compactMap(\.self).joined(separator: ", ")
    let tail = errorDescription ?? (error == nil && !words.isEmpty ? words : nil)
    let shown = tail.map { ": " + ($0.hasSuffix(".") ? String($0.dropLast()) : $0) } ?? ""
    return (head.isEmpty ? "" : " (\(head))") + shown
  }

  /// What may be wrong with what the call showed.
  private var doubtfulCredential: String {
    switch credential {
    case .registrationAccessToken?: "The registration access token is stale or wrong"
    case .clientSecret?: "The client's id or secret is wrong or is not accepted there"
    case .bearer?: "The access token is wrong, has expired, or may not manage the client"
    case nil: "It wants to see a credential"
    }
  }

  private var advice: String? {
    switch code {
    case .unauthorized where operation == .createOidcDynamicClient:
      credential == nil ? "It wants an initial access token." : "Check the initial access token."
    case .unauthorized where operation.isRegistration:
      "\(doubtfulCredential), or the client is gone; the answer does not tell which."
    case .unauthorized where operation.takesAccessToken:
      "The access token is wrong, has expired, or is of another kind: sign in again."
    case .unauthorized where operation.isAdministration: "Check the token of the admin API."
    case .forbidden where operation.takesAccessToken:
      bearerChallenge.flatMap { $0.scope.isEmpty ? nil : "It wants the scope \($0.scope.joined(separator: " "))." }
    case .notFound where operation.isClientConfiguration && error?.contains(" ") == false:
      "The client is gone, or the URL is another's."
    case .registrationDisabled: "Switch dynamic client registration on there, or check the endpoint."
    case .notFound: "Check the endpoint."
    case .tooManyRequests, .unavailable: retryAfter.map { "It asks to wait for \($0.components.seconds) s." }
    // Of all operations only this one follows any.
    case .unexpectedStatus where operation == .revokeOidcSession: nil
    case .unexpectedStatus:
      (300..<400).contains(status ?? 0)
        ? "Redirects are not followed: name the URL that it leads to\(location.map { ", \($0)" } ?? "")." : nil
    default: nil
    }
  }
}
