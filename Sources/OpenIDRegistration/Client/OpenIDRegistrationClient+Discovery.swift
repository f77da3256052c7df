import OpenIDJSON

extension OpenIDRegistrationClient {
  /// Reads what a provider says about itself (OpenID Connect Discovery 1.0, section 4).
  ///
  /// Where its document names no registration endpoint, or there is none, the authorization server metadata of RFC 8414 is asked
  /// too: some servers name the endpoint only there.
  ///
  /// - Parameters:
  ///   - issuer: as the provider itself writes it, to the slash at the end.
  ///   - cache: keeps answers for as long as they allow; without one the provider is asked each time.
  /// - Throws: ``RegistrationError``; `issuerMismatch` where the document names another issuer.
  public func discoverOidcConfiguration(
    issuer: String, cache: DiscoveryCache? = nil
  ) async throws(RegistrationError) -> ProviderMetadata {
    let call = Call(.discoverOidcConfiguration, .get, issuer, headers: headers)
    let origin: HTTPURL
    do { origin = try HTTPURL(issuer) } catch {
      throw RegistrationError(call, HTTPTransportError(.invalidURL, effect: .none, "the issuer \(error.words)"))
    }
    // OpenID Connect Discovery 1.0, section 3; RFC 8414, section 2.
    if origin.query != nil {
      throw RegistrationError(call, HTTPTransportError(.invalidURL, effect: .none, "the issuer has a query"))
    }
    guard let cache else { return try await configuration(of: issuer, at: origin).metadata }
    let answer = await cache.answers.answer(for: issuer) { () async throws(RegistrationError) in
      let found = try await configuration(of: issuer, at: origin)
      return (found.metadata, found.lifetime(nothingSaid: cache.defaultLifetime))
    }
    guard let answer else { throw RegistrationError(call, HTTPTransportError(.cancelled, effect: .none, "cancelled")) }
    return try answer.get()
  }

  /// A document, and how long each answer that it was made of may be used again; `nil` where one does not say.
  private struct Document {
    var metadata: ProviderMetadata
    var freshness: [Duration?]

    func lifetime(nothingSaid: Duration) -> Duration { freshness.map { $0 ?? nothingSaid }.min() ?? .zero }
  }

  private func configuration(of issuer: String, at origin: HTTPURL) async throws(RegistrationError) -> Document {
    let first = try await document(at: withoutSlash(issuer) + "/.well-known/openid-configuration", of: issuer)
    if case .success(let found) = first, found.metadata.registrationEndpoint != nil { return found }

    // RFC 8414, section 3.1: the well-known part comes between the host and the issuer's path.
    let address = origin.origin + "/.well-known/oauth-authorization-server" + withoutSlash(origin.path)
    let second = try await document(at: address, of: issuer)
    switch (first, second) {
    case (.success(let one), .success(let other)):
      let members = one.metadata.members
      return Document(
        metadata: ProviderMetadata(
          members.merging(other.metadata.members.filter { members[$0.name] == nil }),
          sources: one.metadata.sources + other.metadata.sources),
        freshness: one.freshness + other.freshness)
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
    return try? await document(at: origin + "/.well-known/openid-configuration", of: nil).get().metadata
  }

  /// One document. What says that there is none here (a 404, a page that is no JSON, another issuer) is a result, so that the
  /// other place can be asked; what says nothing (no answer, a server error) is thrown.
  private func document(
    at url: String, of issuer: String?
  ) async throws(RegistrationError) -> Result<Document, RegistrationError> {
    let call = Call(.discoverOidcConfiguration, .get, url, headers: headers)
    let response: HTTPResponse
    do { response = try await answer(to: call) } catch {
      guard let status = error.status, (300..<500).contains(status), status != 429, status != 408 else { throw error }
      return .failure(error)
    }
    let members: JSONObject
    do {
      let document = try JSONDocument(parsing: response.body)
      let value = document.value
      if let words = value.object == nil ? "it is \(value.kind), not an object" : response.flaw(of: document) {
        return .failure(RegistrationError(call, .invalidAnswer, effect: .none, answer: response, words: words))
      }
      members = value.object ?? [:]
    } catch {
      return .failure(RegistrationError(call, .notJSON(error), effect: .none, answer: response, words: error.description))
    }
    let provider = ProviderMetadata(members, sources: [url])
    guard let issuer, !(provider.issuer?.isIdentical(to: issuer) ?? false) else {
      return .success(Document(metadata: provider, freshness: [response.headers.freshness(now: currentTime())]))
    }
    let words =
      provider.issuer.map {
        "the document names the issuer \"\($0)\", and \"\(issuer)\" was asked: write it as the provider does"
      }
      ?? "the document names no issuer"
    return .failure(RegistrationError(call, .issuerMismatch, effect: .none, answer: response, words: words))
  }

  private func withoutSlash(_ text: String) -> String { text.hasSuffix("/") ? String(text.dropLast()) : text }
}
