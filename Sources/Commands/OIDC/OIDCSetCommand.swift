import CommandLineParsing
import OpenIDRegistration

/// `clientsync oidc set`: replaces a client's metadata, and prints or keeps what the provider answers, a new token in it.
enum OIDCSetCommand {
  static func run(_ command: ParsedCommand, _ context: Context) async throws(CommandFailure) -> ExitCode {
    let reference = try ClientReference(command, context)
    let metadata = try MetadataInput.read(command, context)
    let exchange = try OIDCExchange(command, context, secrets: reference.secrets)
    return await exchange.run { () async throws(RegistrationError) in
      let answer = try await exchange.client.setOidcDynamicClient(
        metadata, at: reference.uri, authentication: reference.authentication
      ) { try reference.keep($0) }
      return reference.file == nil ? answer.jsonWithCredentials : ["client_id": .string(answer.clientID)]
    }
  }
}
