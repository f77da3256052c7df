import Foundation
import OpenIDRegistration
import OpenIDRegistrationCurl
import Synchronization
import Testing

/// Connections that are kept, shared, and end.
@Suite struct ConnectionTests {
  private let transport = CurlTransport()

  @Test func `connections are kept for requests that follow`() async throws {
    try await withServer { connection in
      while connection.request() != nil { connection.answer() }
    } _: { server in
      // Reads only: what changes something takes a connection that was idle for two seconds at most, which a busy machine exceeds.
      for _ in 0..<10 { _ = try await transport.send(HTTPRequest(.get, server.url)) }
      #expect(server.requests.count == 10)
      #expect(server.connections == 1)
    }
  }

  @Test func `no more exchanges run at once than the configuration says, and all get their answer`() async throws {
    let running = Mutex((now: 0, most: 0))
    let transport = CurlTransport(.init(maximumConnections: 3))
    try await withServer { connection in
      while connection.request() != nil {
        running.withLock {
          $0.now += 1
          $0.most = max($0.most, $0.now)
        }
        Thread.sleep(forTimeInterval: 0.002)
        running.withLock { $0.now -= 1 }
        connection.answer()
      }
    } _: { server in
      try await withThrowingTaskGroup(of: Int.self) { group in
        for _ in 0..<60 { group.addTask { try await transport.send(HTTPRequest(.get, server.url)).status } }
        var count = 0
        for try await status in group { count += status == 200 ? 1 : 0 }
        #expect(count == 60)
      }
      #expect(running.withLock { $0.most } <= 3)
      #expect(server.connections <= 3)
    }
  }

  @Test(arguments: [HTTPRequest.Method.get, .post, .put, .delete])
  func `a connection that closes before the answer leaves the outcome open`(_ method: HTTPRequest.Method) async throws {
    try await withServer { connection in
      connection.request()
    } _: { server in
      let error = await failure(
        HTTPRequest(method, server.url, body: method == .post || method == .put ? [0x7b, 0x7d] : nil), by: transport)
      #expect(error?.code == .connectionLost && error?.effect == .unknown)
      #expect(error?.partialAnswer == nil)
      #expect(server.requests.count == 1)
    }
  }

  @Test(arguments: [HTTPRequest.Method.post, .put, .delete])
  func `what changes something is not sent again where a kept connection dies`(_ method: HTTPRequest.Method) async throws {
    try await withServer { connection in
      guard let first = connection.request() else { return }
      // Any connection ends without an answer to the request that changes something.
      if !first.hasPrefix("GET") { return }
      connection.answer()
      connection.request()
    } _: { server in
      _ = try await transport.send(HTTPRequest(.get, server.url))
      let error = await failure(
        HTTPRequest(method, server.url, body: method == .delete ? nil : Array("{\"once\":1}".utf8)), by: transport)
      #expect(error?.code == .connectionLost && error?.effect == .unknown, "\(String(describing: error))")
      #expect(server.requests.count { $0.hasPrefix(method.rawValue) } == 1)
    }
  }

  @Test func `a kept connection that was reset under a request is no reason to send it again`() async throws {
    try await withServer { connection in
      guard let first = connection.request(), first.hasPrefix("GET") else { return }
      connection.answer()
      connection.request()
      connection.reset()
    } _: { server in
      _ = try await transport.send(HTTPRequest(.get, server.url))
      let error = await failure(HTTPRequest(.post, server.url, body: Array("{\"once\":1}".utf8)), by: transport)
      #expect(error?.code == .connectionLost && error?.effect == .unknown, "\(String(describing: error))")
      #expect(server.requests.count { $0.hasPrefix("POST") } == 1)
    }
  }

  @Test func `a kept connection that is reset between header and body never has the body sent twice, nor half of it`()
    async throws
  {
    let whole = Array(repeating: UInt8(ascii: "x"), count: 20_000)
    for _ in 0..<40 {
      let transport = CurlTransport(.init(timeout: .seconds(10)))
      try await withServer { connection in
        guard connection.request()?.hasPrefix("GET") ?? false else { return connection.answer() }
        connection.answer()
        // As soon as the first bytes are there; the rest of them resets the connection.
        _ = connection.receive()
        connection.reset()
      } _: { server in
        _ = try await transport.send(HTTPRequest(.get, server.url))
        let error = await failure(HTTPRequest(.post, server.url, body: whole), by: transport)
        let posts = server.requests.filter { $0.hasPrefix("POST") }
        #expect(error == nil || error?.code == .connectionLost && error?.effect == .unknown, "\(String(describing: error))")
        #expect(posts.count == (error == nil ? 1 : 0))
        #expect(posts.allSatisfy { $0.hasSuffix(String(decoding: whole, as: UTF8.self)) })
      }
    }
  }

  @Test func `a connection that the server closed meanwhile does no harm`() async throws {
    let (closed, hasClosed) = AsyncStream.makeStream(of: Void.self)
    try await withServer { connection in
      connection.request()
      connection.answer()
      if connection.index == 0 {
        connection.reset()
        hasClosed.yield()
      }
    } _: { server in
      _ = try await transport.send(HTTPRequest(.get, server.url))
      for await _ in closed { break }
      let response = try await transport.send(HTTPRequest(.get, server.url))
      #expect(response.status == 200)
    }
  }

  @Test(arguments: [
    "HTTP/1.1 201 Created\r\nContent-Length: 500\r\n\r\n", "HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n40\r\n",
  ])
  func `half an answer is an error that holds the half`(_ head: String) async throws {
    try await withServer { connection in
      connection.request()
      connection.send(head + "{\"registration_access_token\":\"tok\"")
    } _: { server in
      let error = await failure(HTTPRequest(.post, server.url, body: [0x7b, 0x7d]), by: transport)
      #expect(error?.code == .connectionLost && error?.effect == .unknown, "\(String(describing: error))")
      #expect(error?.partialAnswer?.status == 201)
      #expect(error?.partialAnswer.map { String(decoding: $0.body, as: UTF8.self) } == "{\"registration_access_token\":\"tok\"")
    }
  }

  @Test func `what is no HTTP is no answer`() async throws {
    try await withServer { connection in
      connection.request()
      connection.send("SSH-2.0-OpenSSH_9.2\r\n")
    } _: { server in
      let error = await failure(HTTPRequest(.post, server.url, body: [0x7b, 0x7d]), by: transport)
      #expect(error?.code == .invalidAnswer && error?.effect == .unknown, "\(String(describing: error))")
    }
  }

  @Test func `a transport can be thrown away after its last answer`() async throws {
    try await withServer { connection in
      while connection.request() != nil { connection.answer() }
    } _: { server in
      for _ in 0..<20 { _ = try await CurlTransport().send(HTTPRequest(.get, server.url)) }
      #expect(server.requests.count == 20)
    }
  }
}
