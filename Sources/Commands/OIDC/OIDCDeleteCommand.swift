import CommandLineParsing
import OpenIDRegistration

/// `clientsync oidc delete`: deletes a client. It prints nothing where that is done.
enum OIDCDeleteCommand {
  static func run(_ command: ParsedCommand, _ context: Context) async throws(CommandFailure) -> ExitCode {
    let reference = try await ClientReference(command, context)
    defer { reference.file?.end() }
    let exchange = try OIDCExchange(command, context, secrets: reference.secrets)
    return await exchange.run { () async throws(RegistrationError) in
      try await exchange.client.deleteOidcDynamicClient(at: reference.uri, authentication: reference.authentication)
      return nil
    }
  }
}
