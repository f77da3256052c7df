public import struct OpenIDCryptography.Secret

extension OpenIDRegistrationClient {
  /// Asks the provider to end a session (RP-Initiated Logout 1.0, section 2), and goes where it leads within its own origin.
  ///
  /// The endpoint is made for a browser: the session is a cookie there. Without its cookies this ends what the hint alone can
  /// end. ``LogoutRequest/url(at:)`` is for handing the browser there instead.
  ///
  ///     let answer = try await client.revokeOidcSession(
  ///       LogoutRequest(idTokenHint: idToken, postLogoutRedirectURI: "https://app.example.com/bye", state: state),
  ///       at: provider.endSessionEndpoint!)
  ///
  /// - Parameters:
  ///   - request: what is said; nothing, where left out.
  ///   - endSessionEndpoint: ``ProviderMetadata/endSessionEndpoint``.
  ///   - cookies: what a browser's `Cookie` field would say. They go to the endpoint's origin and nowhere else, and what the
  ///     provider sets on the way goes along.
  /// - Returns: where it ended. The redirect to `postLogoutRedirectURI` is not fetched.
  /// - Throws: ``RegistrationError``. A refusal that comes as a redirect with `error` in it, as Hydra has it, is `refused`; a
  ///   redirect back without the state that was sent is a `mismatch`, with the effect `unknown`.
  public func revokeOidcSession(
    _ request: LogoutRequest = LogoutRequest(), at endSessionEndpoint: String, cookies: Secret? = nil
  ) async throws(RegistrationError) -> LogoutAnswer {
    var address = try request.url(at: endSessionEndpoint)
    var jar = CookieJar(cookies)
    var challenge: String?
    for followed in 0...LogoutWay.longest {
      let call = self.call(request, endSessionEndpoint, address, &jar)
      let response = try await anyAnswer(to: call)
      jar.take(response.headers, now: currentTime())
      let way = LogoutWay(request, call, response)
      challenge = challenge ?? way.challenge
      switch try way.next() {
      case .end(let outcome, let frames):
        return LogoutAnswer(
          outcome: outcome, frontchannelLogoutURLs: frames, logoutChallenge: challenge, followed: followed,
          status: response.status, headers: response.headers)
      case .follow(let next):
        guard followed < LogoutWay.longest else {
          throw RegistrationError(
            call, .unexpectedStatus, effect: .unknown, answer: response, words: "more than \(followed) redirects in a row")
        }
        address = next
      }
    }
    preconditionFailure("the last round returns or throws")
  }

  private func call(_ request: LogoutRequest, _ endpoint: String, _ address: String, _ jar: inout CookieJar) -> Call {
    // A provider that can say a mistake as JSON does so; a page for the browser comes as HTML whatever is preferred.
    var call = Call(
      .revokeOidcSession, .get, endpoint, headers: headers, accept: "application/json, text/html;q=0.9, */*;q=0.1")
    call.request.url = address
    if let header = jar.header { call.request.headers["Cookie"] = header }
    call.secrets += jar.secrets + [request.idTokenHint].compactMap(\.self)
    return call
  }
}

/// One answer on the way out, and what it leads to.
private struct LogoutWay {
  enum Next {
    case end(LogoutAnswer.Outcome, frames: [String])
    case follow(String)
  }

  /// How many redirects are followed.
  static let longest = 10

  private let request: LogoutRequest
  private let call: Call
  private let response: HTTPResponse
  private let page: HTTPURL?
  private let target: Location?

  init(_ request: LogoutRequest, _ call: Call, _ response: HTTPResponse) {
    self.request = request
    self.call = call
    self.response = response
    page = try? HTTPURL(call.request.url)
    let isRedirect = [301, 302, 303, 307, 308].contains(response.status)
    target = isRedirect ? page.flatMap { page in response.headers["location"].map { Location($0, from: page) } } : nil
  }

  /// Hydra's, where this answer leads to its sign-out page.
  var challenge: String? { target?.value("logout_challenge") }

  func next() throws(RegistrationError) -> Next {
    guard let target else {
      guard (200..<300).contains(response.status), let page else { throw RegistrationError(call, response) }
      return try shown(page)
    }
    try refuse(target)
    if let outcome = try returned(target) { return .end(outcome, frames: []) }
    guard let there = try? HTTPURL(target.text.prefix { $0 != "#" }.description), there.origin == page?.origin else {
      return .end(.elsewhere(target.text), frames: [])
    }
    return .follow(target.text.prefix { $0 != "#" }.description)
  }

  /// A page: its frames, and where it sends the browser once they are loaded.
  private func shown(_ page: HTTPURL) throws(RegistrationError) -> Next {
    let type = response.headers["content-type"]?.lowercased() ?? ""
    guard type.contains("html") else { return .end(.page(at: page.description), frames: []) }
    let content = LogoutPage(String(decoding: response.body, as: UTF8.self))
    let frames = content.frames.map { Location($0, from: page).text }.filter { (try? HTTPURL($0)) != nil }
    if let refresh = content.refresh.map({ Location($0, from: page) }) {
      try refuse(refresh)
      if let outcome = try returned(refresh) { return .end(outcome, frames: frames) }
      // Nothing there is followed: a page that has frames to load must not be left behind.
      if let there = try? HTTPURL(refresh.text), there.origin != page.origin {
        return .end(.elsewhere(refresh.text), frames: frames)
      }
    }
    return .end(.page(at: page.description), frames: frames)
  }

  /// Hydra says its refusals in the query of a redirect to its error page.
  private func refuse(_ target: Location) throws(RegistrationError) {
    guard let error = target.value("error"), !error.isEmpty else { return }
    let asked = request.postLogoutRedirectURI.map { Location($0) }
    if let asked, target.isReturn(to: asked), asked.value("error") == error { return }
    let said = ProviderWords(error: error, explanation: target.value("error_description"))
    throw RegistrationError(call, .refused, effect: .none, answer: response, said: said)
  }

  private func returned(_ target: Location) throws(RegistrationError) -> LogoutAnswer.Outcome? {
    guard let asked = request.postLogoutRedirectURI.map({ Location($0) }), target.isReturn(to: asked) else { return nil }
    if let state = request.state, !target.query.contains(where: { $0.0 == "state" && $0.1.isIdentical(to: state) }) {
      let words = "it leads back \(target.value("state") == nil ? "without the state" : "with another state than the one") "
      throw RegistrationError(
        call, .mismatch("state"), effect: .unknown, answer: response, words: words + "that was sent")
    }
    return .returned(to: target.text)
  }
}
