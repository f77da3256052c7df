import CommandLineParsing
import OpenIDJSON
import OpenIDRegistration

/// `clientsync oidc userinfo`: prints the claims of whoever signed in, those of a signed answer once they are checked.
enum OIDCUserInfoCommand {
  static func run(_ command: ParsedCommand, _ context: Context) async throws(CommandFailure) -> ExitCode {
    guard let token = try command.secret("token", context, isForHeader: true) else {
      throw CommandFailure(.usage, "whose? Name where the access token is with --token env:NAME, file:PATH or -.")
    }
    let exchange = try OIDCExchange(command, context, secrets: [token])
    let found: OIDCExchange.Endpoint
    switch try await exchange.endpoint("userinfo endpoint", of: \.userinfoEndpoint) {
    case .success(let endpoint): found = endpoint
    case .failure(let error): return exchange.tell(error)
    }
    let method = UserInfoMethod(rawValue: command.text("method") ?? "get") ?? .get
    return await exchange.run { () async throws(RegistrationError) in
      try await exchange.client.getOidcUserInfo(
        at: found.url, accessToken: token, subject: command.text("subject"), issuer: found.issuer,
        clientID: command.text("client-id"), keys: found.keys, by: method
      ).claims
    }
  }
}
