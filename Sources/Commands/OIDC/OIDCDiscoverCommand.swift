import CommandLineParsing
import OpenIDRegistration

/// `clientsync oidc discover ISSUER`: what a provider says about itself.
enum OIDCDiscoverCommand {
  static func run(_ command: ParsedCommand, _ context: Context) async throws(CommandFailure) -> ExitCode {
    let named = [command.argument("ISSUER"), command.text("issuer")].compactMap(\.self)
    guard let issuer = named.first else {
      throw CommandFailure(.usage, "which provider? Name it as it writes its own name: clientsync oidc discover ISSUER")
    }
    guard named.count == 1 else {
      throw CommandFailure(.usage, "Name the provider once, as the argument or with --issuer URL.")
    }
    let exchange = try OIDCExchange(command, context)
    return await exchange.run { () async throws(RegistrationError) in
      try await exchange.client.discoverOidcConfiguration(issuer: issuer).members
    }
  }
}
