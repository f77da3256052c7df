import Synchronization
import Testing

@testable import OpenIDRegistration

/// What providers say about themselves, kept for as long as they allow.
@Suite struct DiscoveryCacheTests {
  private static let issuer = "https://auth.example.com"
  private static let document: JSONValue = [
    "issuer": "https://auth.example.com", "registration_endpoint": "https://auth.example.com/r",
  ]

  /// A clock that stands until it is told.
  private final class Clock: Sendable {
    private let passed = Mutex(Duration.zero)
    private let start = ContinuousClock.now
    var now: @Sendable () -> ContinuousClock.Instant { { self.start + self.passed.withLock { $0 } } }
    func advance(_ span: Duration) { passed.withLock { $0 += span } }
  }

  private func ask(_ transport: StubTransport, _ cache: DiscoveryCache?) async throws -> ProviderMetadata {
    try await OpenIDRegistrationClient(transport: transport).discoverOidcConfiguration(issuer: Self.issuer, cache: cache)
  }

  @Test(arguments: [
    ("max-age=60", Duration.zero, 59, true), ("max-age=60", .zero, 60, false), ("no-store", .seconds(300), 0, false),
    ("public", .zero, 0, false), ("public", .seconds(300), 299, true), ("public", .seconds(300), 300, false),
  ])
  func `an answer is used again for as long as it says`(
    _ control: String, _ fallback: Duration, _ passed: Int, _ isKept: Bool
  ) async throws {
    let clock = Clock()
    let cache = DiscoveryCache(defaultLifetime: fallback, now: clock.now)
    let transport = StubTransport { _ throws(HTTPTransportError) in .json(200, Self.document, ["cache-control": control]) }
    let first = try await ask(transport, cache)
    clock.advance(.seconds(passed))
    #expect(try await ask(transport, cache) == first)
    #expect(transport.requests.count == (isKept ? 1 : 2))
  }

  @Test func `without a cache, and after it forgot, the provider is asked`() async throws {
    let transport = StubTransport { _ throws(HTTPTransportError) in .json(200, Self.document, ["cache-control": "max-age=60"]) }
    let cache = DiscoveryCache()
    for cache in [nil, nil, cache] { _ = try await ask(transport, cache) }
    cache.removeAll()
    _ = try await ask(transport, cache)
    #expect(transport.requests.count == 4)
  }

  @Test(arguments: [
    HTTPResponse.text(503, ""), .json(200, ["issuer": "https://other.example.com"], ["cache-control": "max-age=60"]),
    .text(404, "", ["cache-control": "max-age=60"]), .text(200, "{", ["cache-control": "max-age=60"]),
  ])
  func `a failure is never kept`(_ bad: HTTPResponse) async throws {
    let isBad = Mutex(true)
    let transport = StubTransport { _ throws(HTTPTransportError) in
      isBad.withLock { $0 } ? bad : .json(200, Self.document, ["cache-control": "max-age=60"])
    }
    let cache = DiscoveryCache(defaultLifetime: .seconds(300))
    let error = await failure { _ = try await ask(transport, cache) }
    #expect(error != nil)
    isBad.withLock { $0 = false }
    #expect(try await ask(transport, cache).issuer == Self.issuer)
  }

  @Test func `of two documents the one that may be kept for less decides`() async throws {
    let clock = Clock()
    let transport = StubTransport { request throws(HTTPTransportError) in
      request.url.hasSuffix("openid-configuration")
        ? .json(200, ["issuer": "https://auth.example.com"], ["cache-control": "max-age=600"])
        : .json(200, Self.document, ["cache-control": "max-age=10"])
    }
    let cache = DiscoveryCache(now: clock.now)
    _ = try await ask(transport, cache)
    clock.advance(.seconds(9))
    _ = try await ask(transport, cache)
    #expect(transport.requests.count == 2)
    clock.advance(.seconds(1))
    _ = try await ask(transport, cache)
    #expect(transport.requests.count == 4)
  }

  @Test func `calls at the same time share one request, and one that is cancelled leaves the others alone`() async throws {
    let (started, hasStarted) = AsyncStream.makeStream(of: Void.self)
    let (released, release) = AsyncStream.makeStream(of: Void.self)
    let transport = StubTransport { _ throws(HTTPTransportError) in
      hasStarted.yield()
      for await _ in released { break }
      return Task.isCancelled ? .text(500, "") : .json(200, Self.document, ["cache-control": "no-store"])
    }
    let cache = DiscoveryCache()
    let first = Task { try await ask(transport, cache) }
    for await _ in started { break }
    let others = (0..<8).map { _ in Task { try await ask(transport, cache) } }
    while cache.answers.waiting(for: Self.issuer) < 9 { await Task.yield() }
    // The first one leaves; that it began the request is nothing to the others. It does not wait for the answer.
    first.cancel()
    let left = await failure { _ = try await first.value }
    #expect(left?.code == .transport(.cancelled) && left?.effect == Effect.none)
    release.finish()
    for other in others { #expect(try await other.value.issuer == Self.issuer) }
    #expect(transport.requests.count == 1)
    #expect(cache.answers.waiting(for: Self.issuer) == 0)
  }

  @Test func `when the last one leaves the request is ended`() async throws {
    let (started, hasStarted) = AsyncStream.makeStream(of: Void.self)
    let (ended, hasEnded) = AsyncStream.makeStream(of: Void.self)
    let transport = StubTransport { _ throws(HTTPTransportError) in
      hasStarted.yield()
      let (never, keep) = AsyncStream.makeStream(of: Void.self)
      for await _ in never {}
      keep.finish()
      hasEnded.yield()
      throw HTTPTransportError(.cancelled, effect: .unknown, "cancelled")
    }
    let cache = DiscoveryCache()
    let only = Task { try await ask(transport, cache) }
    for await _ in started { break }
    only.cancel()
    #expect(await failure { _ = try await only.value }?.code == .transport(.cancelled))
    for await _ in ended { break }
  }

  @Test func `a task that was cancelled before asks nothing`() async {
    let transport = StubTransport(.json(200, Self.document))
    let task = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      return await failure { _ = try await ask(transport, DiscoveryCache()) }
    }
    #expect(await task.value?.code == .transport(.cancelled))
    #expect(transport.requests.isEmpty)
  }
}
