import OpenIDCryptography
import OpenIDJSON
import OpenIDRegistration

/// Who a client is that asks at the token endpoint. Each authenticates by the method that it is registered with, and by no other.
extension Provider {
  /// Hands over the client that the request comes from, or why it is not known. Where its keys lie elsewhere that takes a fetch.
  func authenticate(
    _ request: ServerRequest, _ parameters: Parameters, orElse refuse: @escaping Refuse,
    then proceed: @escaping @Sendable (ClientRecord) -> Void
  ) {
    do throws(Refusal) {
      let shown = try ShownCredentials(request, parameters)
      guard let client = try clientRecord(shown.clientID) else {
        throw .oauth(.invalidClient, "The requested OAuth 2.0 Client does not exist.")
      }
      // An admin may have stored a client without the default that registration fills in.
      let method = client.tokenEndpointAuthMethod.isEmpty ? "client_secret_basic" : client.tokenEndpointAuthMethod
      guard shown.method == method else {
        throw .oauth(
          .invalidClient, "The client is registered for the authentication method '\(method)', and '\(shown.method)' was used.")
      }
      switch shown.proof {
      case .nothing: proceed(client)
      case .secret(let secret):
        let hash = try reading { connection throws(StoreError) in try Store.secretHash(client.clientID, connection) }
        guard let hash, hash.matches(secret) else { throw .oauth(.invalidClient, "The client secret is wrong.") }
        proceed(client)
      case .assertion(let token): verify(token, of: client, orElse: refuse) { proceed(client) }
      }
    } catch {
      refuse(error)
    }
  }

  private func verify(
    _ token: JSONWebToken, of client: ClientRecord, orElse refuse: @escaping Refuse,
    then proceed: @escaping @Sendable () -> Void
  ) {
    keys(of: client, orElse: refuse) { [address, writer] keys in
      let use: ClientAssertion.Use
      do throws(Refusal) {
        use = try ClientAssertion.check(
          token, of: client, among: keys, audiences: [address.url("/oauth2/token"), address.issuer])
      } catch {
        return refuse(error)
      }
      writer.submit(
        { connection throws(StoreError) in
          try Store.use(assertion: use.id, of: client.clientID, until: use.expiresAt, connection)
        },
        then: { outcome in
          switch outcome {
          case .success: proceed()
          case .failure(let failure) where failure.code == .duplicate:
            refuse(ClientAssertion.refusal("was used before: its 'jti' is known"))
          case .failure(let failure): refuse(Refusal(failure))
          }
        })
    }
  }

  private func keys(
    of client: ClientRecord, orElse refuse: @escaping Refuse, then proceed: @escaping @Sendable ([VerificationKey]) -> Void
  ) {
    guard !client.jwksURI.isEmpty else { return proceed(client.ownKeys) }
    let unreachable = ClientAssertion.refusal("cannot be checked: the client's jwks_uri gives no keys")
    guard let transport else { return refuse(unreachable) }
    let url = client.jwksURI
    errands.start {
      await Provider.fetchKeys(url, transport)
    } then: { keys in
      if let keys { proceed(keys) } else { refuse(unreachable) }
    } orElse: {
      refuse(unreachable)
    }
  }

  private static func fetchKeys(_ url: String, _ transport: any HTTPTransport) async -> [VerificationKey]? {
    guard let response = try? await transport.send(HTTPRequest(.get, url)), response.status == 200,
      let keys = (try? JSONValue(parsing: response.body))?["keys"]?.array
    else { return nil }
    return keys.compactMap { $0.object }.compactMap { try? VerificationKey(jwk: $0) }
  }
}
