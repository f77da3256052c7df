import OpenIDJSON

extension OpenIDRegistrationClient {
  /// Reads what a provider says about itself (OpenID Connect Discovery 1.0, section 4).
  ///
  /// Where its document names no registration endpoint, or there is none, the authorization server metadata of RFC 8414 is asked
  /// too: some servers name the endpoint only there.
  ///
  /// - Parameter issuer: as the provider itself writes it, to the slash at the end.
  /// - Throws: ``RegistrationError``; `issuerMismatch` where the document names another issuer.
  public func discoverOidcConfiguration(issuer: String) async throws(RegistrationError) -> ProviderMetadata {
    let origin: HTTPURL
    do { origin = try HTTPURL(issuer) } catch {
      let call = Call(.discoverOidcConfiguration, .get, issuer, headers: headers)
      throw RegistrationError(call, HTTPTransportError(.invalidURL, effect: .none, "the issuer \(error.words)"))
    }
    let first = try await document(at: withoutSlash(issuer) + "/.well-known/openid-configuration", of: issuer)
    if case .success(let provider) = first, provider.registrationEndpoint != nil { return provider }

    // RFC 8414, section 3.1: the well-known part comes between the host and the issuer's path.
    let address = origin.origin + "/.well-known/oauth-authorization-server" + withoutSlash(origin.path)
    let second = try await document(at: address, of: issuer)
    switch (first, second) {
    case (.success(let one), .success(let other)):
      return ProviderMetadata(
        one.members.merging(other.members.filter { one.members[$0.name] == nil }), sources: one.sources + other.sources)
    case (.success(let provider), .failure), (.failure, .success(let provider)): return provider
    case (.failure(let error), .failure): throw error
    }
  }

  /// Reads the document at the origin of a registration endpoint, whoever its issuer says to be: to find out what kind of
  /// provider stands there, never to learn an endpoint.
  ///
  /// - Returns: `nil` where there is none.
  package func configurationBeside(registrationEndpoint: String) async throws(RegistrationError) -> ProviderMetadata? {
    guard let origin = try? HTTPURL(registrationEndpoint).origin else { return nil }
    return try? await document(at: origin + "/.well-known/openid-configuration", of: nil).get()
  }

  /// One document. What says that there is none here (a 404, a page that is no JSON, another issuer) is a result, so that the
  /// other place can be asked; what says nothing (no answer, a server error) is thrown.
  private func document(
    at url: String, of issuer: String?
  ) async throws(RegistrationError) -> Result<ProviderMetadata, RegistrationError> {
    let call = Call(.discoverOidcConfiguration, .get, url, headers: headers)
    let response: HTTPResponse
    do { response = try await answer(to: call) } catch {
      guard let status = error.status, (300..<500).contains(status), status != 429, status != 408 else { throw error }
      return .failure(error)
    }
    let members: JSONObject
    do {
      let value = try JSONValue(parsing: response.body)
      guard let object = value.object else {
        return .failure(
          RegistrationError(call, .invalidAnswer, effect: .none, answer: response, words: "it is \(value.kind), not an object"))
      }
      members = object
    } catch {
      return .failure(RegistrationError(call, .notJSON(error), effect: .none, answer: response, words: error.description))
    }
    let provider = ProviderMetadata(members, sources: [url])
    guard let issuer, provider.issuer != issuer else { return .success(provider) }
    let words =
      provider.issuer.map {
        "the document names the issuer \"\($0)\", and \"\(issuer)\" was asked: write it as the provider does"
      }
      ?? "the document names no issuer"
    return .failure(RegistrationError(call, .issuerMismatch, effect: .none, answer: response, words: words))
  }

  private func withoutSlash(_ text: String) -> String { text.hasSuffix("/") ? String(text.dropLast()) : text }
}
