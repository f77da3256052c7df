import CommandLineParsing
import OpenIDJSON
import OpenIDRegistration

/// `clientsync oidc logout`: asks the provider to end a session, or prints the URL for a browser that has it.
enum OIDCLogoutCommand {
  static func run(_ command: ParsedCommand, _ context: Context) async throws(CommandFailure) -> ExitCode {
    let request = LogoutRequest(
      idTokenHint: try command.secret("id-token-hint", context),
      postLogoutRedirectURI: command.text("post-logout-redirect-uri"),
      state: command.text("state"), clientID: command.text("client-id"), logoutHint: command.text("logout-hint"),
      uiLocales: command.texts("ui-locale"))
    let cookies = try command.secret("cookie", context, isForHeader: true)
    let exchange = try OIDCExchange(command, context, secrets: [request.idTokenHint, cookies])
    let found: OIDCExchange.Endpoint
    switch try await exchange.endpoint("end-session endpoint", of: \.endSessionEndpoint) {
    case .success(let endpoint): found = endpoint
    case .failure(let error): return exchange.tell(error)
    }
    return await exchange.run { () async throws(RegistrationError) in
      if command.has("print-url") { return ["url": .string(try request.url(at: found.url))] }
      let answer = try await exchange.client.revokeOidcSession(request, at: found.url, cookies: cookies)
      return answer.json
    }
  }
}

extension LogoutAnswer {
  fileprivate var json: JSONObject {
    var result: JSONObject =
      switch outcome {
      case .returned(let url): ["outcome": "returned", "url": .string(url)]
      case .page(let url): ["outcome": "page", "url": .string(url)]
      case .elsewhere(let url): ["outcome": "elsewhere", "url": .string(url)]
      }
    result["frontchannel_logout_urls"] = .array(frontchannelLogoutURLs.map(JSONValue.string))
    result["logout_challenge"] = logoutChallenge.map(JSONValue.string)
    return result
  }
}
