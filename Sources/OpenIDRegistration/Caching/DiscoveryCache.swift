/// Keeps what providers say about themselves for as long as their answers allow.
///
///     let cache = DiscoveryCache()
///     let provider = try await client.discoverOidcConfiguration(issuer: issuer, cache: cache)
///
/// Hand the same cache to every call. What it keeps was checked against its issuer; failures are never kept; calls for one issuer
/// that come at the same time share one request. An answer is used again for its `max-age`, else until its `Expires`, less its
/// `Age` (RFC 9111, section 4.2), and never with `no-store` or `no-cache`, which Hydra and Keycloak send. What an answer to
/// several requests is made of lives as long as the shortest-lived of them.
///
/// One cache is for one way to the network: it does not tell clients with other headers or transports apart.
public struct DiscoveryCache: Sendable {
  /// How long an answer is used that says nothing about it.
  public let defaultLifetime: Duration
  let answers: AnswerCache<ProviderMetadata>

  /// - Parameters:
  ///   - defaultLifetime: for answers without `Cache-Control` and `Expires`; left out, they are not kept.
  ///   - now: the clock; the machine's where left out.
  public init(defaultLifetime: Duration = .zero, now: (@Sendable () -> ContinuousClock.Instant)? = nil) {
    self.defaultLifetime = defaultLifetime
    answers = AnswerCache(now: now ?? { ContinuousClock.now })
  }

  /// Forgets everything.
  public func removeAll() { answers.removeAll() }
}
