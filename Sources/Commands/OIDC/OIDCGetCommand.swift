import CommandLineParsing
import OpenIDRegistration

/// `clientsync oidc get`: reads a client.
enum OIDCGetCommand {
  static func run(_ command: ParsedCommand, _ context: Context) async throws(CommandFailure) -> ExitCode {
    let reference = try await ClientReference(command, context)
    defer { reference.file?.end() }
    let exchange = try OIDCExchange(command, context, secrets: reference.secrets)
    return await exchange.run(keepingIn: reference.file) { () async throws(RegistrationError) in
      // A read hands out a new token at some providers, and ends the old one: where there is a file to keep it in, it is waited for.
      let keep: OpenIDRegistrationClient.Persist = { answer in
        if answer.registrationAccessToken != nil { try reference.keep(answer) }
      }
      let read = try await exchange.client.getOidcDynamicClient(
        at: reference.uri, authentication: reference.authentication, persist: reference.file == nil ? nil : keep)
      return read.jsonWithCredentials
    }
  }
}
