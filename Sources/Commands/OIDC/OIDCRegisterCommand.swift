import CommandLineParsing
import OpenIDRegistration

/// `clientsync oidc register`: creates a client, and prints or keeps what the provider answers, credentials in it.
enum OIDCRegisterCommand {
  static func run(_ command: ParsedCommand, _ context: Context) async throws(CommandFailure) -> ExitCode {
    let file = command.text("out").map { ClientFile($0, context) }
    try file?.checkThatItIsNew()
    let token = try command.secret("token", context, isForHeader: true)
    let metadata = try MetadataInput.read(command, context)
    let exchange = try OIDCExchange(command, context, secrets: [token])
    let claim = try file.map(HeldClientFile.claim)
    defer { claim?.end() }
    let endpoint: String
    switch try await exchange.endpoint("registration endpoint", of: \.registrationEndpoint) {
    case .success(let found): endpoint = found.url
    case .failure(let error): return exchange.tell(error)
    }
    return await exchange.run(keepingIn: claim) { () async throws(RegistrationError) in
      let created = try await exchange.client.createOidcDynamicClient(metadata, at: endpoint, initialAccessToken: token) {
        try claim?.keep($0.exposedMembers)
      }
      return claim == nil ? created.exposedMembers : ["client_id": .string(created.clientID)]
    }
  }
}
