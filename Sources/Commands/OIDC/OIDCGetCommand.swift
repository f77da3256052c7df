import CommandLineParsing
import OpenIDJSON
import OpenIDRegistration

/// `clientsync oidc get`: reads a client. With a file for the token it does not print it.
enum OIDCGetCommand {
  static func run(_ command: ParsedCommand, _ context: Context) async throws(CommandFailure) -> ExitCode {
    let reference = try await ClientReference(command, context)
    defer { reference.file?.end() }
    let exchange = try OIDCExchange(command, context, secrets: reference.secrets)
    return await exchange.run(keepingIn: reference.file) { () async throws(RegistrationError) in
      // A read hands out a new token at some providers, and ends the old one: where there is a file to keep it in, it is waited for.
      let keep: OpenIDRegistrationClient.Persist = { try reference.keepIfNew($0) }
      let read = try await exchange.client.getOidcDynamicClient(
        at: reference.uri, authentication: reference.authentication, clientID: reference.clientID,
        persist: reference.file == nil ? nil : keep)
      guard reference.file != nil else { return read.exposedMembers }
      // The secret stays: a set may have to send it back, and would else end it at some providers (RFC 7592, section 2.2).
      return read.exposedMembers.filter { $0.name != "registration_access_token" }
    }
  }
}
