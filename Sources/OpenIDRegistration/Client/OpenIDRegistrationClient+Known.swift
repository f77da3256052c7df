import OpenIDJSON

/// The same operations at a client that was registered here, by what its last answer said.
///
///     var app = try await client.createOidcDynamicClient(metadata, at: endpoint, persist: keep)
///     app = try await client.setOidcDynamicClient(changed, of: app, persist: keep)
///     try await client.deleteOidcDynamicClient(of: app)
///
/// They call its `registrationClientURI` with its `registrationAccessToken`. What an answer leaves out (most providers show the
/// secret once, and some the token) comes along from the one before, also to `persist`: whoever keeps the newest keeps everything.
/// An answer about another client is a `mismatch` of `client_id`, and `persist` never sees it.
extension OpenIDRegistrationClient {
  /// Reads a client (RFC 7592, section 2.1).
  ///
  /// - Parameters:
  ///   - known: what is known of it.
  ///   - persist: keeps what the read brought, before this returns.
  /// - Throws: ``RegistrationError``; `transport` of `invalidRequest` where `known` has no URI or no token.
  public func getOidcDynamicClient(
    of known: ClientInformation, persist: Persist? = nil
  ) async throws(RegistrationError) -> ClientInformation {
    let access = try Access(to: known, .getOidcDynamicClient)
    return try await getOidcDynamicClient(
      at: access.uri, authentication: access.authentication, clientID: known.clientID, persist: filling(persist, from: known)
    ).filled(from: known)
  }

  /// Replaces the metadata of a client (RFC 7592, section 2.2). Members left out go back to the provider's defaults.
  ///
  /// - Parameters:
  ///   - metadata: the body. It is sent as it stands, but for the client's id, which it has to name (RFC 7592, section 2.2) and
  ///     which is added where it does not. ``Profile/setBody(changing:)`` makes one of an answer.
  ///   - known: what is known of it.
  ///   - persist: keeps the answer, which brings a new token at many providers.
  /// - Throws: ``RegistrationError``; `transport` of `invalidRequest` where `known` has no URI or no token.
  public func setOidcDynamicClient(
    _ metadata: ClientMetadata, of known: ClientInformation, persist: Persist? = nil
  ) async throws(RegistrationError) -> ClientInformation {
    let access = try Access(to: known, .setOidcDynamicClient)
    var body = metadata
    if body["client_id"] == nil, !known.clientID.isEmpty { body["client_id"] = .string(known.clientID) }
    return try await setOidcDynamicClient(
      body, at: access.uri, authentication: access.authentication, clientID: known.clientID,
      persist: filling(persist, from: known)
    ).filled(from: known)
  }

  /// Deletes a client (RFC 7592, section 2.3).
  ///
  /// - Parameter known: what is known of it.
  /// - Throws: ``RegistrationError``; `transport` of `invalidRequest` where `known` has no URI or no token.
  public func deleteOidcDynamicClient(of known: ClientInformation) async throws(RegistrationError) {
    let access = try Access(to: known, .deleteOidcDynamicClient)
    try await deleteOidcDynamicClient(at: access.uri, authentication: access.authentication)
  }

  private func filling(_ persist: Persist?, from known: ClientInformation) -> Persist? {
    guard let persist else { return nil }
    return { answer in try await persist(answer.filled(from: known)) }
  }
}

/// Where a client is managed, and what shows that one may.
private struct Access {
  let uri: String
  let authentication: ClientAuthentication

  init(to known: ClientInformation, _ operation: OpenIDOperation) throws(RegistrationError) {
    let uri = known.registrationClientURI ?? ""
    guard !uri.isEmpty, let token = known.registrationAccessToken else {
      let missing = uri.isEmpty ? "registration_client_uri" : "registration_access_token"
      throw RegistrationError(
        Call(operation, .get, uri, headers: [:]),
        HTTPTransportError(.invalidRequest, effect: .none, "the client \(known.clientID) has no \(missing)"))
    }
    self.uri = uri
    authentication = .registrationAccessToken(token)
  }
}

extension ClientInformation {
  /// The same, with the credentials, the URI and the times that it leaves out taken from an answer before it; as it is, where that
  /// was about another client.
  public func filled(from earlier: ClientInformation) -> ClientInformation {
    guard clientID.isEmpty || clientID == earlier.clientID else { return self }
    var whole = self
    if whole.clientID.isEmpty { whole.clientID = earlier.clientID }
    if whole.clientSecret == nil {
      whole.clientSecret = earlier.clientSecret
      whole.clientSecretExpiresAt = whole.clientSecretExpiresAt ?? earlier.clientSecretExpiresAt
    }
    whole.clientIDIssuedAt = whole.clientIDIssuedAt ?? earlier.clientIDIssuedAt
    whole.registrationAccessToken = whole.registrationAccessToken ?? earlier.registrationAccessToken
    whole.registrationClientURI = whole.registrationClientURI ?? earlier.registrationClientURI
    return whole
  }
}
