import Foundation
import OpenIDRegistration
import OpenIDRegistrationCurl
import Synchronization
import Testing

/// The way to the server, and the ways that are barred.
@Suite struct ReachingTests {
  private let transport = CurlTransport()

  @Test func `where nobody listens nothing was sent`() async throws {
    let deaf = try DeafPort()
    let error = await failure(HTTPRequest(.post, "http://127.0.0.1:\(deaf.port)/", body: [0x31]), by: transport)
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
    let error = await failure(HTTPRequest(.get, url), by: transport)
    #expect(error?.code == .invalidURL && error?.effect == Effect.none)
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

  @Test func `a Unix socket that is not there leaves nothing sent`() async {
    let transport = CurlTransport(.init(unixSocket: "/nowhere/hydra.sock"))
    let error = await failure(HTTPRequest(.post, "http://hydra.example.com/x", body: [0x31]), by: transport)
    #expect(error?.code == .couldNotConnect && error?.effect == Effect.none)
    #expect(error?.message == "no such file or directory (/nowhere/hydra.sock)", "\(String(describing: error))")
  }

  @Test func `a path too long for a Unix socket is said to be`() async {
    let path = "/tmp/" + String(repeating: "x", count: 200)
    let error = await failure(
      HTTPRequest(.post, "http://hydra.example.com/x", body: [0x31]), by: CurlTransport(.init(unixSocket: path)))
    #expect(error?.code == .couldNotConnect && error?.effect == Effect.none, "\(String(describing: error))")
    #expect(error?.message.lowercased().contains("too long") ?? false, "\(String(describing: error))")
  }

  @Test func `http leaves this machine only where that is allowed by name`() async throws {
    // A name of nobody's: how far it comes tells whether it was allowed.
    let url = "http://nowhere.invalid/"
    #expect(await failure(HTTPRequest(.get, url), by: CurlTransport(.init(proxy: "")))?.code == .invalidURL)
    let insecure = CurlTransport(.init(proxy: "", allowsInsecureHTTP: true))
    #expect(await failure(HTTPRequest(.get, url), by: insecure)?.code == .nameNotResolved)
  }
}
