import OpenIDJSON

public import struct OpenIDCryptography.Secret

extension OpenIDRegistrationClient {
  /// Registers a client (RFC 7591, section 3.1).
  ///
  /// - Parameters:
  ///   - metadata: the body, sent as it stands; ``Profile/createBody(declared:marker:)`` makes one that the provider takes.
  ///   - registrationEndpoint: where; ``ProviderMetadata/registrationEndpoint`` names it.
  ///   - initialAccessToken: for providers that do not let everybody register (RFC 7591, section 3).
  ///   - persist: keeps the answer durably. It is awaited before this returns, also where the task is cancelled meanwhile.
  /// - Returns: the client with its secret and its registration access token, which most providers show only here.
  /// - Throws: ``RegistrationError``. Where its effect is `unknown` there may be a client that nobody holds a token of; a second
  ///   create would make another one. An answer that names no `client_id` although it brought credentials, or a
  ///   `registration_client_uri` that is no absolute URL, is `done`, with what it brought in ``RegistrationError/received``.
  public func createOidcDynamicClient(
    _ metadata: ClientMetadata, at registrationEndpoint: String, initialAccessToken: Secret? = nil, persist: Persist? = nil
  ) async throws(RegistrationError) -> ClientInformation {
    var call = Call(.createOidcDynamicClient, .post, registrationEndpoint, headers: headers, body: metadata.members)
    call.authorize(by: initialAccessToken.map(ClientAuthentication.bearer))
    return try await changing(call, knownURI: nil, persist: persist)
  }

  /// Reads a client (RFC 7592, section 2.1).
  ///
  /// - Parameters:
  ///   - registrationClientURI: the URI that came with the token. Some providers destroy a token that turns up elsewhere.
  ///   - authentication: mostly the client's registration access token.
  ///   - clientID: the client's id. An answer about another one is then a `mismatch` of `client_id`, which `persist` never sees.
  ///   - persist: for providers whose reads hand out the token, or a new one: keeps it before this returns.
  /// - Returns: the client. Most providers leave its secret out, some the token.
  /// - Throws: ``RegistrationError``. A 401 can mean a stale token and a client that is gone; the answer does not tell which.
  public func getOidcDynamicClient(
    at registrationClientURI: String, authentication: ClientAuthentication, clientID: String? = nil, persist: Persist? = nil
  ) async throws(RegistrationError) -> ClientInformation {
    var call = Call(.getOidcDynamicClient, .get, registrationClientURI, headers: headers)
    call.authorize(by: authentication)
    call.clientID = clientID
    if persist != nil { return try await changing(call, knownURI: registrationClientURI, persist: persist) }
    return try await information(of: call, knownURI: registrationClientURI, persist: nil)
  }

  /// Replaces the metadata of a client (RFC 7592, section 2.2). Members left out go back to the provider's defaults.
  ///
  /// - Parameters:
  ///   - metadata: the body, sent as it stands; ``Profile/setBody(declared:clientID:clientSecret:marker:)`` makes one.
  ///   - registrationClientURI: the URI that came with the token.
  ///   - authentication: mostly the client's registration access token.
  ///   - clientID: the client's id. An answer about another one is then a `mismatch` of `client_id`, which `persist` never sees.
  ///   - persist: keeps the answer durably: at many providers it brings a new token, and the old one is dead from then on.
  /// - Throws: ``RegistrationError``. Where its effect is `unknown`, read with the old token: if that works, nothing happened.
  public func setOidcDynamicClient(
    _ metadata: ClientMetadata, at registrationClientURI: String, authentication: ClientAuthentication, clientID: String? = nil,
    persist: Persist? = nil
  ) async throws(RegistrationError) -> ClientInformation {
    var call = Call(.setOidcDynamicClient, .put, registrationClientURI, headers: headers, body: metadata.members)
    call.authorize(by: authentication)
    call.clientID = clientID
    return try await changing(call, knownURI: registrationClientURI, persist: persist)
  }

  /// Deletes a client (RFC 7592, section 2.3).
  ///
  /// - Parameters:
  ///   - registrationClientURI: the URI that came with the token.
  ///   - authentication: mostly the client's registration access token.
  /// - Throws: ``RegistrationError``. A 401 can mean that the client is gone already, and many things besides. A success that
  ///   brings a page is none: a gateway says so too, and its effect is `unknown`.
  public func deleteOidcDynamicClient(
    at registrationClientURI: String, authentication: ClientAuthentication
  ) async throws(RegistrationError) {
    var call = Call(.deleteOidcDynamicClient, .delete, registrationClientURI, headers: headers)
    call.authorize(by: authentication)
    let deletion = call
    try await shielded(call) { () async throws(RegistrationError) in try await delete(deletion) }
  }

  /// Sends a delete, and takes no page of somebody else's for its success.
  func delete(_ call: Call) async throws(RegistrationError) {
    let answer = try await answer(to: call)
    guard let flaw = answer.flawOfNoContent else { return }
    throw RegistrationError(call, .invalidAnswer, effect: .unknown, answer: answer, words: flaw)
  }

  private func changing(_ call: Call, knownURI: String?, persist: Persist?) async throws(RegistrationError) -> ClientInformation
  {
    return try await shielded(call) { () async throws(RegistrationError) -> ClientInformation in
      try await information(of: call, knownURI: knownURI, persist: persist)
    }
  }
}
