import Foundation
import OpenIDRegistration
import OpenIDRegistrationCurl
import Synchronization
import Testing

/// What goes out and what comes back, over real sockets.
@Suite struct RequestTests {
  private let transport = CurlTransport()

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

  @Test(arguments: [301, 302, 303, 307, 308])
  func `a redirect is an answer like any other, and credentials go nowhere else`(_ status: Int) async throws {
    try await withServer { connection in
      while connection.request() != nil { connection.answer() }
    } _: { other in
      try await withServer { connection in
        while let request = connection.request() {
          let target = request.hasPrefix("GET /here") ? "/loop" : other.url
          connection.answer("\(status) Elsewhere", "", "Location: \(target)\r\n")
        }
      } _: { server in
        for path in ["/here", "/there"] {
          let response = try await transport.send(HTTPRequest(.get, server.url + path, headers: ["Authorization": "Bearer t"]))
          #expect(response.status == status && response.headers["location"] == (path == "/here" ? "/loop" : other.url))
        }
        #expect(server.requests.count == 2)
        #expect(other.connections == 0)
      }
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

  @Test(arguments: [
    HTTPFields.Field(name: "X", value: "a\r\nY: b"), .init(name: "X\n", value: "a"), .init(name: "", value: "a"),
    .init(name: "X", value: "a\0"), .init(name: "Content-length", value: "0"),
    .init(name: "Transfer-Encoding", value: "chunked"),
  ])
  func `a header field that would break the request is refused`(_ field: HTTPFields.Field) async throws {
    try await withServer { connection in
      connection.request()
      connection.answer()
    } _: { server in
      let error = await failure(HTTPRequest(.get, server.url, headers: HTTPFields([field])), by: transport)
      #expect(error?.code == .invalidRequest && error?.effect == Effect.none)
      #expect(server.connections == 0)
    }
  }

  @Test func `fields that are folded or have no name do not disturb the others`() async throws {
    try await withServer { connection in
      connection.request()
      connection.answer("200 OK", "{}", "X-One: 1\r\n Retry-After: 9\r\n\tfolded: 2\r\n: nameless\r\nX-Two: 2\r\n")
    } _: { server in
      let response = try await transport.send(HTTPRequest(.get, server.url))
      #expect(response.headers["x-one"] == "1" && response.headers["x-two"] == "2")
      #expect(response.headers["retry-after"] == nil && response.headers["folded"] == nil && response.headers[""] == nil)
    }
  }

  @Test func `a chunked answer is put together`() async throws {
    try await withServer { connection in
      connection.request()
      connection.send(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n{\"a\r\n4;x=y\r\n\":1}\r\n0\r\nX-Late: 1\r\n\r\n")
    } _: { server in
      let response = try await transport.send(HTTPRequest(.get, server.url))
      #expect(response.body == Array("{\"a\":1}".utf8))
    }
  }

  @Test func `a trailer that looks like a status line begins no other answer`() async throws {
    try await withServer { connection in
      connection.request()
      connection.send(
        "HTTP/1.1 200 OK\r\nX-Early: 1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n"
          + "HTTP/1.1: 500\r\nX-Late: 2\r\n\r\n")
    } _: { server in
      let response = try await transport.send(HTTPRequest(.get, server.url))
      #expect(response.status == 200 && response.body == Array("{}".utf8))
      #expect(response.headers["X-Early"] == "1" && response.headers["X-Late"] == "2")
    }
  }
}
