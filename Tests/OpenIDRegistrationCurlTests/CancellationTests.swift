import Foundation
import OpenIDRegistration
import OpenIDRegistrationCurl
import Synchronization
import Testing

/// Tasks that give up.
@Suite struct CancellationTests {
  private let transport = CurlTransport()

  @Test func `a cancelled task ends its transfer, and the server sees it`() async throws {
    let (arrivals, hasArrived) = AsyncStream.makeStream(of: Void.self)
    let (closes, hasClosed) = AsyncStream.makeStream(of: Bool.self)
    try await withServer { connection in
      connection.request()
      hasArrived.yield()
      hasClosed.yield(connection.waitForClose())
    } _: { server in
      let task = Task { await failure(HTTPRequest(.post, server.url, body: [0x7b, 0x7d]), by: transport) }
      for await _ in arrivals { break }
      task.cancel()
      let error = await task.value
      #expect(error?.code == .cancelled && error?.effect == .unknown)
      for await closed in closes {
        #expect(closed)
        break
      }
    }
  }

  @Test func `a task that waits for its turn is cancelled without a trace`() async throws {
    let (arrivals, hasArrived) = AsyncStream.makeStream(of: Void.self)
    let transport = CurlTransport(.init(maximumConnections: 1))
    try await withServer { connection in
      connection.request()
      hasArrived.yield()
      _ = connection.waitForClose()
    } _: { server in
      let first = Task { await failure(HTTPRequest(.post, server.url, body: [0x31]), by: transport) }
      for await _ in arrivals { break }
      let second = Task { await failure(HTTPRequest(.post, server.url, body: [0x32]), by: transport) }
      second.cancel()
      let error = await second.value
      #expect(error?.code == .cancelled && error?.effect == Effect.none)
      first.cancel()
      #expect(await first.value?.effect == .unknown)
      #expect(server.requests.count == 1)
    }
  }

  @Test func `a task cancelled before it began sends nothing`() async throws {
    try await withServer { connection in
      connection.request()
      connection.answer()
    } _: { server in
      let task = Task {
        withUnsafeCurrentTask { $0?.cancel() }
        return await failure(HTTPRequest(.post, server.url, body: [0x31]), by: transport)
      }
      let error = await task.value
      #expect(error?.code == .cancelled && error?.effect == Effect.none)
      #expect(server.requests.isEmpty)
    }
  }
}
