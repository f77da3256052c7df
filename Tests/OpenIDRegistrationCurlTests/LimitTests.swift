import Foundation
import OpenIDRegistration
import OpenIDRegistrationCurl
import Synchronization
import Testing

/// How much and how long.
@Suite struct LimitTests {
  private let transport = CurlTransport()

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
      let error = await failure(HTTPRequest(.get, server.url), by: transport)
      #expect(error?.code == .answerTooLarge, "\(String(describing: error))")
    }
  }

  /// With a minute for it: a loop that sleeps on although room was made takes longer.
  @Test(.timeLimit(.minutes(1)))
  func `what waits for its turn gets it when a silent exchange ends`() async throws {
    let transport = CurlTransport(.init(silenceTimeout: .milliseconds(200), maximumConnections: 1))
    try await withServer { connection in
      connection.request()
      _ = connection.request()
    } _: { server in
      await withTaskGroup(of: HTTPTransportError.Code?.self) { group in
        for _ in 0..<3 { group.addTask { await failure(HTTPRequest(.get, server.url), by: transport)?.code } }
        for await code in group { #expect(code == .timedOut) }
      }
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

  @Test func `a line of the header without end is cut off`() async throws {
    try await withServer { connection in
      connection.request()
      connection.send("HTTP/1.1 200 OK\r\nX: ")
      for _ in 0..<200 { connection.send(String(repeating: "y", count: 10_000)) }
    } _: { server in
      let error = await failure(HTTPRequest(.get, server.url), by: transport)
      #expect(error?.code == .answerTooLarge, "\(String(describing: error))")
    }
  }

  @Test func `the size of a header is a setting`() async throws {
    try await withServer { connection in
      while connection.request() != nil { connection.answer("200 OK", "{}", "X: \(String(repeating: "y", count: 5000))\r\n") }
    } _: { server in
      let response = try await transport.send(HTTPRequest(.get, server.url))
      #expect(response.headers["x"]?.count == 5000)
      let strict = CurlTransport(.init(maximumHeaderBytes: 4096))
      let error = await failure(HTTPRequest(.get, server.url), by: strict)
      #expect(error?.code == .answerTooLarge && error?.message.contains("4096") ?? false, "\(String(describing: error))")
    }
  }

  // MARK: Silence. Nothing here depends on how fast the machine is: what must not happen has an hour of time.

  @Test(arguments: ["", "HTTP/1.1 200 OK\r\nContent-Len", "HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{\"a\":"])
  func `silence is an error wherever it begins, and the connection is closed`(_ beginning: String) async throws {
    let (closes, hasClosed) = AsyncStream.makeStream(of: Bool.self)
    let transport = CurlTransport(.init(timeout: .seconds(3600), silenceTimeout: .milliseconds(300)))
    try await withServer { connection in
      connection.request()
      connection.send(beginning)
      hasClosed.yield(connection.waitForClose())
    } _: { server in
      let error = await failure(HTTPRequest(.post, server.url, body: [0x7b, 0x7d]), by: transport)
      #expect(error?.code == .timedOut && error?.effect == .unknown)
      #expect(error?.message == "no byte came for 300 ms")
      #expect(error?.partialAnswer?.body == (beginning.hasSuffix(":") ? Array("{\"a\":".utf8) : nil))
      for await closed in closes {
        #expect(closed)
        break
      }
    }
  }

  @Test func `a server that is slow and not silent is waited for`() async throws {
    let transport = CurlTransport(.init(timeout: .seconds(3600), silenceTimeout: .seconds(60)))
    try await withServer { connection in
      connection.request()
      connection.send("HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n")
      for _ in 0..<20 {
        Thread.sleep(forTimeInterval: 0.02)
        connection.send("x")
      }
    } _: { server in
      let response = try await transport.send(HTTPRequest(.get, server.url))
      #expect(response.body.count == 20)
    }
  }

  @Test func `a byte now and then is no silence, and does not stretch the whole time`() async throws {
    let transport = CurlTransport(.init(timeout: .seconds(1), silenceTimeout: .seconds(3600)))
    try await withServer { connection in
      connection.request()
      connection.send("HTTP/1.1 200 OK\r\nContent-Length: 500000\r\n\r\n")
      while connection.send("x") { Thread.sleep(forTimeInterval: 0.02) }
    } _: { server in
      let error = await failure(HTTPRequest(.get, server.url), by: transport)
      #expect(error?.code == .timedOut && error?.message == "no answer within 1 s", "\(String(describing: error))")
      #expect(!(error?.partialAnswer?.body.isEmpty ?? true))
    }
  }

  @Test func `where no connection comes about, its own time limit counts`() async throws {
    // A queue that is full: the system answers no one more.
    let full = try FullPort()
    let transport = CurlTransport(
      .init(connectTimeout: .milliseconds(300), timeout: .seconds(3600), silenceTimeout: .seconds(3600)))
    let error = await failure(HTTPRequest(.post, "http://127.0.0.1:\(full.port)/", body: [0x31]), by: transport)
    #expect(error?.code == .timedOut && error?.effect == Effect.none, "\(String(describing: error))")
    #expect(error?.message == "no connection within 300 ms")
  }

  @Test func `a time limit of any length is taken`() async throws {
    let transport = CurlTransport(
      .init(connectTimeout: .seconds(Int64.max), timeout: .seconds(Int64.max), silenceTimeout: .seconds(Int64.max)))
    try await withServer { connection in
      connection.request()
      connection.answer()
    } _: { server in
      let response = try await transport.send(HTTPRequest(.get, server.url))
      #expect(response.status == 200)
    }
  }
}
