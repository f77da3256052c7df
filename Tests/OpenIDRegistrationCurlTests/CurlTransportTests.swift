import Foundation
import OpenIDRegistration
import OpenIDRegistrationCurl
import Synchronization
import Testing

/// Requests and answers over real sockets.
@Suite struct CurlTransportTests {
  private let transport = CurlTransport()

  private func withServer<Value>(_ script: @escaping RawServer.Script, _ work: (RawServer) async throws -> Value) async throws
    -> Value
  {
    let server = try RawServer(script)
    defer { server.stop() }
    return try await work(server)
  }

  /// The error of a request; `nil` where it got an answer.
  private func failure(_ request: HTTPRequest, by transport: CurlTransport? = nil) async -> HTTPTransportError? {
    do throws(HTTPTransportError) {
      _ = try await (transport ?? self.transport).send(request)
      return nil
    } catch { return error }
  }

  @Test(arguments: [HTTPRequest.Method.get, .post, .put, .delete])
  func `a request arrives as it was made, and the answer comes back whole`(_ method: HTTPRequest.Method) async throws {
    try await withServer { connection in
      connection.request()
      connection.answer("201 Created", "{\"a\":1}", "X-One: 1\r\nx-two:  two \r\nX-Empty:\r\n")
    } _: { server in
      let body = method == .post || method == .put ? Array("{\"b\":2}".utf8) : nil
      let response = try await transport.send(
        HTTPRequest(
          method, server.url + "/a/../b?c=%20d",
          headers: ["Authorization": "Bearer t", "Content-Type": "application/json", "X-None": ""],
          body: body))
      #expect(response.status == 201)
      #expect(response.body == Array("{\"a\":1}".utf8))
      #expect(response.headers["x-one"] == "1" && response.headers["X-Two"] == "two" && response.headers["x-empty"] == "")
      let seen = try #require(server.requests.first)
      #expect(seen.hasPrefix("\(method.rawValue) /a/../b?c=%20d HTTP/1.1\r\nHost: 127.0.0.1:\(server.port)\r\n"), "\(seen)")
      #expect(seen.contains("\r\nAuthorization: Bearer t\r\n") && seen.contains("\r\nX-None:\r\n"))
      #expect(seen.contains("\r\nUser-Agent: clientsync\r\n"))
      #expect(!seen.lowercased().contains("expect:") && !seen.lowercased().contains("transfer-encoding"))
      #expect(
        seen.hasSuffix(body == nil ? "\r\n\r\n" : "Content-Length: 7\r\n\r\n{\"b\":2}") || seen.hasSuffix("\r\n\r\n{\"b\":2}"))
      #expect(seen.lowercased().contains("content-length: 7") == (body != nil))
    }
  }

  @Test(arguments: [HTTPRequest.Method.post, .put])
  func `an empty body is sent as one`(_ method: HTTPRequest.Method) async throws {
    try await withServer { connection in
      connection.request()
      connection.answer()
    } _: { server in
      _ = try await transport.send(HTTPRequest(method, server.url, body: []))
      #expect(server.requests.first?.contains("Content-Length: 0\r\n") ?? false)
    }
  }

  @Test func `a large body goes through, and no other status than the last counts`() async throws {
    try await withServer { connection in
      let text = connection.request()
      connection.send("HTTP/1.1 103 Early Hints\r\nX-Early: 1\r\n\r\n")
      connection.answer("200 OK", "\(text?.utf8.count ?? 0)")
    } _: { server in
      let response = try await transport.send(HTTPRequest(.put, server.url, body: Array(repeating: 0x61, count: 3_000_000)))
      #expect(Int(String(decoding: response.body, as: UTF8.self)) ?? 0 > 3_000_000)
      #expect(response.headers["x-early"] == nil)
    }
  }

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

  @Test func `a redirect is an answer like any other`() async throws {
    try await withServer { connection in
      while connection.request() != nil { connection.answer("302 Found", "", "Location: /elsewhere\r\n") }
    } _: { server in
      let response = try await transport.send(HTTPRequest(.get, server.url, headers: ["Authorization": "Bearer t"]))
      #expect(response.status == 302 && response.headers["location"] == "/elsewhere")
      #expect(server.requests.count == 1)
    }
  }

  @Test func `429 comes with its header fields`() async throws {
    try await withServer { connection in
      connection.request()
      connection.answer("429 Too Many Requests", "", "Retry-After: 7\r\n")
    } _: { server in
      let client = OpenIDRegistrationClient(transport: transport)
      let error = await #expect(throws: RegistrationError.self) {
        _ = try await client.createOidcDynamicClient([:], at: server.url + "/register")
      }
      #expect(error?.code == .tooManyRequests && error?.retryAfter == .seconds(7) && error?.effect == Effect.none)
    }
  }

  // MARK: Connections that end

  @Test(arguments: [HTTPRequest.Method.get, .post, .put, .delete])
  func `a connection that closes before the answer leaves the outcome open`(_ method: HTTPRequest.Method) async throws {
    try await withServer { connection in
      connection.request()
    } _: { server in
      let error = await failure(HTTPRequest(method, server.url, body: method == .post || method == .put ? [0x7b, 0x7d] : nil))
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
      let error = await failure(HTTPRequest(method, server.url, body: method == .delete ? nil : Array("{\"once\":1}".utf8)))
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
      let error = await failure(HTTPRequest(.post, server.url, body: Array("{\"once\":1}".utf8)))
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
      let error = await failure(HTTPRequest(.post, server.url, body: [0x7b, 0x7d]))
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
      let error = await failure(HTTPRequest(.post, server.url, body: [0x7b, 0x7d]))
      #expect(error?.code == .invalidAnswer && error?.effect == .unknown, "\(String(describing: error))")
    }
  }

  // MARK: Limits

  @Test func `an answer beyond the limit is cut off with what had come`() async throws {
    let transport = CurlTransport(.init(maximumResponseBytes: 100_000))
    try await withServer { connection in
      connection.request()
      connection.answer("200 OK", String(repeating: "x", count: 5_000_000))
    } _: { server in
      let error = await failure(HTTPRequest(.post, server.url, body: [0x7b, 0x7d]), by: transport)
      #expect(error?.code == .answerTooLarge && error?.effect == .unknown)
      #expect(error?.message.contains("100000 bytes") ?? false)
      #expect((1...100_000).contains(error?.partialAnswer?.body.count ?? 0))
    }
  }

  @Test func `an answer of exactly the limit is taken`() async throws {
    let transport = CurlTransport(.init(maximumResponseBytes: 100_000))
    try await withServer { connection in
      connection.request()
      connection.answer("200 OK", String(repeating: "x", count: 100_000))
    } _: { server in
      let response = try await transport.send(HTTPRequest(.get, server.url))
      #expect(response.body.count == 100_000)
    }
  }

  @Test func `a header without end is cut off`() async throws {
    try await withServer { connection in
      connection.request()
      connection.send("HTTP/1.1 200 OK\r\n")
      for index in 0..<20_000 { connection.send("X-\(index): \(String(repeating: "y", count: 100))\r\n") }
    } _: { server in
      let error = await failure(HTTPRequest(.get, server.url))
      #expect(error?.code == .answerTooLarge, "\(String(describing: error))")
    }
  }

  @Test func `no answer within the time is an error, and the connection is closed`() async throws {
    let (closes, hasClosed) = AsyncStream.makeStream(of: Bool.self)
    let transport = CurlTransport(.init(timeout: .milliseconds(200)))
    try await withServer { connection in
      connection.request()
      hasClosed.yield(connection.waitForClose())
    } _: { server in
      let error = await failure(HTTPRequest(.post, server.url, body: [0x7b, 0x7d]), by: transport)
      #expect(error?.code == .timedOut && error?.effect == .unknown)
      #expect(error?.message == "no answer within 200 ms")
      for await closed in closes {
        #expect(closed)
        break
      }
    }
  }

  @Test func `a cancelled task ends its transfer, and the server sees it`() async throws {
    let (arrivals, hasArrived) = AsyncStream.makeStream(of: Void.self)
    let (closes, hasClosed) = AsyncStream.makeStream(of: Bool.self)
    try await withServer { connection in
      connection.request()
      hasArrived.yield()
      hasClosed.yield(connection.waitForClose())
    } _: { server in
      let task = Task { await failure(HTTPRequest(.post, server.url, body: [0x7b, 0x7d])) }
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
        return await failure(HTTPRequest(.post, server.url, body: [0x31]))
      }
      let error = await task.value
      #expect(error?.code == .cancelled && error?.effect == Effect.none)
      #expect(server.requests.isEmpty)
    }
  }

  // MARK: Getting there

  @Test func `where nobody listens nothing was sent`() async throws {
    let deaf = try DeafPort()
    let error = await failure(HTTPRequest(.post, "http://127.0.0.1:\(deaf.port)/", body: [0x31]))
    #expect(error?.code == .couldNotConnect && error?.effect == Effect.none)
    #expect(error?.message == "connection refused")
  }

  @Test func `a name that does not exist cannot be resolved`() async {
    // RFC 2606 keeps `.invalid` free of hosts.
    let transport = CurlTransport(.init(proxy: ""))
    let error = await failure(HTTPRequest(.post, "https://nowhere.invalid/", body: [0x31]), by: transport)
    #expect(error?.code == .nameNotResolved && error?.effect == Effect.none)
    #expect(error?.message.contains("nowhere.invalid") ?? false)
  }

  @Test(arguments: [
    "http://auth.example.com/", "http://x.localhost/", "http://10.0.0.1:4444/", "http://127.0.0.1.example.com/",
    "ftp://127.0.0.1/", "https://u:p@a/", "/x", "",
  ])
  func `what may not be asked is refused before any connection`(_ url: String) async {
    let error = await failure(HTTPRequest(.get, url))
    #expect(error?.code == .invalidURL && error?.effect == Effect.none)
  }

  @Test(arguments: [
    HTTPFields.Field(name: "X", value: "a\r\nY: b"), .init(name: "X\n", value: "a"), .init(name: "", value: "a"),
    .init(name: "X", value: "a\0"),
  ])
  func `a header field that would break the request is refused`(_ field: HTTPFields.Field) async throws {
    try await withServer { connection in
      connection.request()
      connection.answer()
    } _: { server in
      let error = await failure(HTTPRequest(.get, server.url, headers: HTTPFields([field])))
      #expect(error?.code == .invalidRequest && error?.effect == Effect.none)
      #expect(server.connections == 0)
    }
  }

  @Test func `a name is sent to another place, and stays the name`() async throws {
    try await withServer { connection in
      connection.request()
      connection.answer()
    } _: { server in
      let transport = CurlTransport(.init(connectTo: ["hydra.embedded.localhost:80:127.0.0.1:\(server.port)"]))
      _ = try await transport.send(HTTPRequest(.get, "http://hydra.embedded.localhost/x"))
      #expect(server.requests.first?.contains("Host: hydra.embedded.localhost\r\n") ?? false)
      let other = await failure(HTTPRequest(.get, "http://other.embedded.localhost/x"), by: transport)
      #expect(other?.code == .invalidURL)
    }
  }

  @Test func `a name of this machine that is sent elsewhere is no longer this machine`() async {
    let transport = CurlTransport(.init(connectTo: ["localhost:80:auth.example.com:80", "127.0.0.1::[2001:db8::1]:80"]))
    #expect(await failure(HTTPRequest(.get, "http://localhost/"), by: transport)?.code == .invalidURL)
    #expect(await failure(HTTPRequest(.get, "http://127.0.0.1/"), by: transport)?.code == .invalidURL)
  }

  @Test func `a Unix socket takes the place of the network`() async throws {
    let path = "/tmp/curl-transport-\(UUID().uuidString.prefix(8)).sock"
    let server = try RawServer(unixSocket: path) { connection in
      connection.request()
      connection.answer()
    }
    defer {
      server.stop()
      unlink(path)
    }
    let transport = CurlTransport(.init(unixSocket: path))
    #expect(try await transport.send(HTTPRequest(.get, "http://hydra.example.com/x")).status == 200)
    #expect(server.requests.first?.contains("Host: hydra.example.com\r\n") ?? false)
  }

  @Test func `a proxy gets what it is for`() async throws {
    try await withServer { connection in
      connection.request()
      connection.answer()
    } _: { server in
      let transport = CurlTransport(.init(proxy: server.url, allowsInsecureHTTP: true))
      _ = try await transport.send(HTTPRequest(.get, "http://auth.example.com/x"))
      #expect(server.requests.first?.hasPrefix("GET http://auth.example.com/x HTTP/1.1\r\n") ?? false)
    }
  }

  @Test func `a proxy that refuses the tunnel leaves nothing sent`() async throws {
    try await withServer { connection in
      connection.request()
      connection.answer("403 Forbidden", "no")
    } _: { server in
      let transport = CurlTransport(.init(proxy: server.url))
      let error = await failure(
        HTTPRequest(.post, "https://auth.example.com/x", headers: ["Authorization": "Bearer t"], body: [0x31]), by: transport)
      #expect(error != nil && error?.effect == Effect.none, "\(String(describing: error))")
      #expect(server.requests.count == 1 && !(server.requests.first?.contains("Bearer") ?? true))
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
