package import Manifests
package import OpenIDCryptography
package import OpenIDRegistration

/// One registry with all that its calls need: where to, with what, by which rules.
package struct RegistrySession: Sendable {
  package let registry: DeclaredRegistry
  package let client: OpenIDRegistrationClient
  package let endpoints: RegistryEndpoints
  package let initialAccessToken: Secret?
  /// Hydra's admin API, where the registry has one: to settle what is in doubt and to tell a stale token from a client that is gone.
  package let admin: HydraAdmin?
  package let retry: RetryPolicy
  package let stop: StopSignal
  /// The transport's thread, where it has one that tasks can run on.
  package let executor: (any TaskExecutor)?

  package init(
    registry: DeclaredRegistry, client: OpenIDRegistrationClient, endpoints: RegistryEndpoints, initialAccessToken: Secret?,
    admin: HydraAdmin?, retry: RetryPolicy, stop: StopSignal, executor: (any TaskExecutor)? = nil
  ) {
    self.registry = registry
    self.client = client
    self.endpoints = endpoints
    self.initialAccessToken = initialAccessToken
    self.admin = admin
    self.retry = retry
    self.stop = stop
    self.executor = executor
  }

  package var profile: Profile { endpoints.profile }

  /// How many calls may be under way at once.
  package var width: Int { registry.http.maxConcurrency }

  /// The URL to call for a registration client URI: itself, or with the registry's `rewriteRegistrationURI` applied.
  func callURL(of registrationClientURI: String) -> String {
    guard let rewrite = registry.rewriteRegistrationURI, registrationClientURI.hasPrefix(rewrite.from) else {
      return registrationClientURI
    }
    return rewrite.to + registrationClientURI.dropFirst(rewrite.from.count)
  }

  /// A call's end as a value. It is made again where it had no effect and waiting may help, as the one retry policy says.
  func attempt<Value: Sendable>(
    _ call: () async throws(RegistrationError) -> Value
  ) async -> Result<Value, RegistrationError> {
    do { return .success(try await retry.repeating(until: stop, call)) } catch { return .failure(error) }
  }

  /// Reads a client with the token held. An answer about another one is a failure, and its token is nobody's here.
  ///
  /// An answer that broke off and brought another token is not asked for again: the token held may be dead by now.
  func read(_ uri: String, _ token: Secret, of clientID: String?) async -> Result<ClientInformation, RegistrationError> {
    let result = await attempt { () throws(RegistrationError) -> Result<ClientInformation, RegistrationError> in
      do throws(RegistrationError) {
        return .success(
          try await client.getOidcDynamicClient(
            at: callURL(of: uri), authentication: .registrationAccessToken(token), clientID: clientID))
      } catch {
        let failed = Result<ClientInformation, RegistrationError>.failure(error)
        guard failed.token(besides: token) != nil else { throw error }
        return failed
      }
    }
    return result.flatMap { $0 }
  }
}

extension Result<ClientInformation, RegistrationError> {
  /// The token that a read brought, in an answer that is whole or is not, where it is another than the one that it was made with.
  func token(besides held: Secret) -> Secret? {
    let brought: Secret?
    switch self {
    case .success(let answer): brought = answer.registrationAccessToken
    case .failure(let error):
      if case .mismatch = error.code { return nil }
      brought = error.received?.registrationAccessToken
    }
    return brought == held ? nil : brought
  }
}

extension RetryPolicy {
  /// Makes a call again where it had no effect and waiting may help (not sent, 429, 503), until it works, the policy gives up or
  /// the run is asked to stop.
  package func repeating<Value: Sendable>(
    until stop: StopSignal, _ call: () async throws(RegistrationError) -> Value
  ) async throws(RegistrationError) -> Value {
    try await repeating(pausing: { await stop.sleep(for: $0) }, call)
  }
}
