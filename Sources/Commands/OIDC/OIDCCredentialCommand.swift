import CommandLineParsing
import FoundationEssentials
import OpenIDJSON
import OpenIDRegistration
import State

/// `clientsync oidc credential`: gets a verifiable credential that is bound to a key, and prints it.
enum OIDCCredentialCommand {
  static func run(_ command: ParsedCommand, _ context: Context) async throws(CommandFailure) -> ExitCode {
    guard let token = try command.secret("token", context, isForHeader: true) else {
      throw CommandFailure(.usage, "whose? Name where the access token is with --token env:NAME, file:PATH or -.")
    }
    let key = try key(command, context)
    let isNew = !command.has("key")
    let exchange = try OIDCExchange(command, context, secrets: [token, key.privateJWK])
    // A credential is worth nothing without its key.
    if isNew, let path = command.text("key-out") { try keep(key, at: path) }
    let found: OIDCExchange.Endpoint
    switch try await exchange.endpoint("credentials endpoint", of: \.credentialsEndpoint) {
    case .success(let endpoint): found = endpoint
    case .failure(let error): return exchange.tell(error)
    }
    let types = command.texts("type")
    let request = types.isEmpty ? CredentialRequest() : CredentialRequest(types: types)
    return await exchange.run { () async throws(RegistrationError) in
      let issued = try await exchange.client.createVerifiableCredential(
        request, at: found.url, accessToken: token, key: key, audience: found.issuer, keys: found.keys)
      var result: JSONObject = ["credential": .string(issued.credential.exposed), "claims": .object(issued.claims)]
      result["format"] = issued.format.map(JSONValue.string)
      result["signature_checked"] = .bool(issued.signedBy != nil)
      return result
    }
  }

  /// The key that is named, or a new one.
  private static func key(_ command: ParsedCommand, _ context: Context) throws(CommandFailure) -> SigningKey {
    if let jwk = try command.secret("key", context) {
      do throws(JSONWebKeyError) { return try SigningKey(privateJWK: jwk) } catch {
        throw CommandFailure(.failed, "--key: this is no private JWK that can sign: \(error).")
      }
    }
    guard let path = command.text("key-out") else {
      throw CommandFailure(
        .usage, "a credential is bound to a key: name a private JWK with --key file:PATH, or have one made with --key-out FILE."
      )
    }
    guard path != "-" else {
      throw CommandFailure(.usage, "--key-out takes the name of a file: what is printed is the credential.")
    }
    return SigningKey.generate(for: SignatureAlgorithm(rawValue: command.text("algorithm") ?? "ES256") ?? .es256)
  }

  private static func keep(_ key: SigningKey, at path: String) throws(CommandFailure) {
    let files = PosixFiles()
    do throws(StateError) { try files.create(Array((key.privateJWK.exposed + "\n").utf8), at: path) } catch {
      guard files.stamp(of: path) != nil || files.isLink(path) else { throw CommandFailure(.failed, "--key-out: \(error).") }
      throw CommandFailure(
        .failed,
        "--key-out \(path): the file is there already, and may hold the only copy of a key. Name a new one, or have that key used with --key file:\(path)."
      )
    }
  }
}
