import OpenIDRegistration
import Synchronization
import Testing

/// A cancelled task loses no token.
@Suite struct CancellationTests {
  private let answer = HTTPResponse.json(
    201, ["client_id": "1", "registration_access_token": "tok", "registration_client_uri": "https://a.example.com/1"])

  @Test func `a task that was cancelled before sends nothing`() async {
    let transport = StubTransport(answer)
    let client = OpenIDRegistrationClient(transport: transport)
    let task = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      return await failure { _ = try await client.createOidcDynamicClient([:], at: "https://a.example.com") }
    }
    let error = await task.value
    #expect(error?.code == .transport(.cancelled) && error?.effect == Effect.none)
    #expect(transport.requests.isEmpty)
  }

  @Test func `a create that is on its way is waited for and kept`() async throws {
    let (started, hasStarted) = AsyncStream.makeStream(of: Void.self)
    let (released, release) = AsyncStream.makeStream(of: Void.self)
    let answer = answer
    let transport = StubTransport { _ throws(HTTPTransportError) in
      hasStarted.yield()
      for await _ in released { break }
      return answer
    }
    let kept = Kept()
    let client = OpenIDRegistrationClient(transport: transport, cancellationGrace: .seconds(600))
    let task = Task { try await client.createOidcDynamicClient([:], at: "https://a.example.com", persist: kept.persist) }
    for await _ in started { break }
    task.cancel()
    release.yield()
    let created = try await task.value
    #expect(created.registrationAccessToken == Secret("tok"))
    #expect(kept.all == [created])
  }

  @Test func `persist does not see the cancellation`() async throws {
    let (started, hasStarted) = AsyncStream.makeStream(of: Void.self)
    let (released, release) = AsyncStream.makeStream(of: Void.self)
    let sawCancellation = Mutex<Bool?>(nil)
    let client = OpenIDRegistrationClient(transport: StubTransport(answer), cancellationGrace: .zero)
    let task = Task {
      try await client.createOidcDynamicClient([:], at: "https://a.example.com") { _ in
        hasStarted.yield()
        for await _ in released { break }
        sawCancellation.withLock { $0 = Task.isCancelled }
      }
    }
    for await _ in started { break }
    task.cancel()
    release.yield()
    _ = try await task.value
    #expect(sawCancellation.withLock { $0 } == false)
  }

  @Test func `after the grace the transport is told`() async {
    let (started, hasStarted) = AsyncStream.makeStream(of: Void.self)
    let transport = StubTransport { _ throws(HTTPTransportError) in
      hasStarted.yield()
      // Ends only by the cancellation.
      let (never, keep) = AsyncStream.makeStream(of: Void.self)
      for await _ in never {}
      keep.finish()
      throw HTTPTransportError(.cancelled, effect: .unknown, "cancelled")
    }
    let client = OpenIDRegistrationClient(transport: transport, cancellationGrace: .milliseconds(1))
    let task = Task { await failure { _ = try await client.createOidcDynamicClient([:], at: "https://a.example.com") } }
    for await _ in started { break }
    task.cancel()
    let error = await task.value
    #expect(error?.code == .transport(.cancelled) && error?.effect == .unknown)
  }

  @Test func `a read is cancelled at once`() async {
    let (started, hasStarted) = AsyncStream.makeStream(of: Void.self)
    let transport = StubTransport { _ throws(HTTPTransportError) in
      hasStarted.yield()
      let (never, keep) = AsyncStream.makeStream(of: Void.self)
      for await _ in never {}
      keep.finish()
      throw HTTPTransportError(.cancelled, effect: .unknown, "cancelled")
    }
    let client = OpenIDRegistrationClient(transport: transport, cancellationGrace: .seconds(600))
    let task = Task {
      await failure {
        _ = try await client.getOidcDynamicClient(at: "https://a.example.com", authentication: .bearer(Secret("t")))
      }
    }
    for await _ in started { break }
    task.cancel()
    let error = await task.value
    #expect(error?.code == .transport(.cancelled) && error?.effect == Effect.none)
  }
}
