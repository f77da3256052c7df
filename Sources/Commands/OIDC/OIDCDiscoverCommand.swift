import CommandLineParsing
import OpenIDRegistration

/// `clientsync oidc discover ISSUER`: what a provider says about itself.
enum OIDCDiscoverCommand {
  static func run(_ command: ParsedCommand, _ context: Context) async throws(CommandFailure) -> ExitCode {
    let exchange = try OIDCExchange(command, context)
    let issuer = command.argument("ISSUER") ?? ""
    return await exchange.run { () async throws(RegistrationError) in
      try await exchange.client.discoverOidcConfiguration(issuer: issuer).members
    }
  }
}
