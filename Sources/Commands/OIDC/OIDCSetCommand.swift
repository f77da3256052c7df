import CommandLineParsing
import OpenIDJSON
import OpenIDRegistration

/// `clientsync oidc set`: replaces a client's metadata, and prints or keeps what the provider answers, a new token in it.
enum OIDCSetCommand {
  static func run(_ command: ParsedCommand, _ context: Context) async throws(CommandFailure) -> ExitCode {
    // A mistake in the name is told before anything is waited for.
    if let name = command.text("client") { try ClientFile(name, context).check() }
    var metadata = try MetadataInput.read(command, context)
    let reference = try await ClientReference(command, context)
    defer { reference.file?.end() }
    try reference.file?.file.checkThatItCanBeWritten()
    // RFC 7592, section 2.2: the body names the client. Some providers insist on it, and none minds.
    if metadata["client_id"] == nil, let id = reference.clientID {
      metadata.members = JSONObject([JSONMember(name: "client_id", value: .string(id))] + metadata.members)
    }
    let body = metadata
    let exchange = try OIDCExchange(command, context, secrets: reference.secrets)
    return await exchange.run(keepingIn: reference.file) { () async throws(RegistrationError) in
      let answer = try await exchange.client.setOidcDynamicClient(
        body, at: reference.uri, authentication: reference.authentication, clientID: reference.clientID
      ) { try reference.keep($0) }
      return reference.file == nil ? answer.exposedMembers : ["client_id": .string(answer.clientID)]
    }
  }
}
