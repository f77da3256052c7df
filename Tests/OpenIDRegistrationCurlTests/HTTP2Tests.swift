import Foundation
import OpenIDRegistration
import OpenIDRegistrationCurl
import Synchronization
import Testing

/// HTTP/2, where the server offers it in the TLS handshake (RFC 7301).
@Suite(.enabled(if: HTTP2Server.isInstalled, "the nghttpx program is not installed"), .timeLimit(.minutes(15)))
struct HTTP2Tests {
  private func transport(to server: HTTP2Server, timeout: Duration = .seconds(60)) -> CurlTransport {
    CurlTransport(
      .init(connectTimeout: .seconds(30), timeout: timeout, unixSocket: server.socketPath, caFile: server.certificate))
  }

  /// What the program in between writes of an exchange in HTTP/2.
  private let mark = "via: 2 nghttpx"

  @Test(arguments: [HTTPRequest.Method.get, .post, .put, .delete])
  func `a server that offers HTTP/2 is spoken to in it`(_ method: HTTPRequest.Method) async throws {
    try await withServer { connection in
      while connection.request() != nil { connection.answer("201 Created", "{\"a\":1}", "X-One: 1\r\n") }
    } _: { server in
      let front = try HTTP2Server(inFrontOf: server)
      let body = method == .post || method == .put ? Array("{\"b\":2}".utf8) : nil
      let response = try await transport(to: front).send(
        HTTPRequest(method, "https://localhost/r?c=1", headers: ["Authorization": "Bearer t"], body: body))
      #expect(response.status == 201 && response.body == Array("{\"a\":1}".utf8) && response.headers["x-one"] == "1")
      let seen = try #require(server.requests.first)
      #expect(seen.hasPrefix("\(method.rawValue) /r?c=1 HTTP/1.1\r\n") && seen.lowercased().contains(mark), "\(seen)")
      #expect(seen.lowercased().contains("authorization: bearer t\r\n"))
      #expect(body == nil || seen.contains("{\"b\":2}"))
    }
  }

  @Test func `many exchanges at once all get their own answer`() async throws {
    try await withServer { connection in
      while let request = connection.request() {
        connection.answer("200 OK", String(request.prefix { $0 != "\r\n" }.split(separator: " ")[1]))
      }
    } _: { server in
      let front = try HTTP2Server(inFrontOf: server)
      let transport = transport(to: front)
      try await withThrowingTaskGroup(of: Bool.self) { group in
        for index in 0..<60 {
          group.addTask {
            let response = try await transport.send(HTTPRequest(.get, "https://localhost/\(index)"))
            return String(decoding: response.body, as: UTF8.self) == "/\(index)"
          }
        }
        var count = 0
        for try await isOwn in group { count += isOwn ? 1 : 0 }
        #expect(count == 60)
      }
      #expect(server.requests.allSatisfy { $0.lowercased().contains(mark) })
    }
  }

  @Test func `a cancelled task ends its stream, and the server sees it`() async throws {
    let (arrivals, hasArrived) = AsyncStream.makeStream(of: Void.self)
    let (closes, hasClosed) = AsyncStream.makeStream(of: Bool.self)
    try await withServer { connection in
      connection.request()
      hasArrived.yield()
      hasClosed.yield(connection.waitForClose())
    } _: { server in
      let front = try HTTP2Server(inFrontOf: server)
      let transport = transport(to: front)
      let task = Task { await failure(HTTPRequest(.post, "https://localhost/", body: [0x7b, 0x7d]), by: transport) }
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

  @Test func `an answer that breaks off is no answer`() async throws {
    try await withServer { connection in
      connection.request()
      connection.send("HTTP/1.1 201 Created\r\nContent-Length: 500\r\n\r\n{\"registration_access_token\":\"tok\"")
    } _: { server in
      let front = try HTTP2Server(inFrontOf: server)
      let error = await failure(HTTPRequest(.post, "https://localhost/", body: [0x7b, 0x7d]), by: transport(to: front))
      #expect(error?.code == .connectionLost && error?.effect == .unknown, "\(String(describing: error))")
      // How much of it the program in between hands on before it ends the stream is up to that.
      let body = error?.partialAnswer.map { String(decoding: $0.body, as: UTF8.self) } ?? ""
      #expect("{\"registration_access_token\":\"tok\"".hasPrefix(body))
    }
  }

  @Test(arguments: [HTTPRequest.Method.post, .put, .delete])
  func `what changes something is not sent again where the connection dies under it`(_ method: HTTPRequest.Method) async throws
  {
    let relay = Relay()
    try await withServer { connection in
      while let request = connection.request() {
        guard request.hasPrefix("GET") else {
          relay.cut()
          return
        }
        connection.answer()
      }
    } _: { server in
      let front = try HTTP2Server(inFrontOf: server)
      let path = front.socketPath
      let between = try RawServer { connection in relay.run(connection, toPath: path) }
      defer { between.stop() }
      let transport = CurlTransport(
        .init(
          connectTimeout: .seconds(30), timeout: .seconds(60), proxy: "", caFile: front.certificate,
          connectTo: ["localhost:443:127.0.0.1:\(between.port)"]))
      _ = try await transport.send(HTTPRequest(.get, "https://localhost/"))
      let body = method == .delete ? nil : Array("{\"once\":1}".utf8)
      let error = await failure(HTTPRequest(method, "https://localhost/", body: body), by: transport)
      #expect(error?.code == .connectionLost && error?.effect == .unknown, "\(String(describing: error))")
      #expect(server.requests.count { $0.hasPrefix(method.rawValue) } == 1)
      #expect(server.requests.allSatisfy { $0.lowercased().contains(mark) })
    }
  }

  @Test func `a server that does not offer HTTP/2 is spoken to in HTTP/1.1`() async throws {
    let server = try OpenSSLServer()
    let response = try await CurlTransport(.init(caFile: server.certificate)).send(HTTPRequest(.get, server.url))
    #expect(response.status == 200)
  }
}
