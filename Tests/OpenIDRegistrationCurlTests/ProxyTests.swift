import Foundation
import OpenIDRegistration
import OpenIDRegistrationCurl
import Testing

/// Proxies that the configuration names.
@Suite struct ProxyTests {
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
      #expect(error?.code == .couldNotConnect && error?.effect == Effect.none, "\(String(describing: error))")
      #expect(error?.message == "CONNECT tunnel failed, response 403")
      #expect(server.requests.count == 1 && !(server.requests.first?.contains("Bearer") ?? true))
    }
  }

  @Test(.enabled(if: TestCertificates.isInstalled, "the openssl program is not installed"))
  func `through a tunnel the server is still the one that is trusted, and the proxy sees nothing`() async throws {
    let server = try OpenSSLServer()
    try await withServer(tunnel(toPort: server.port)) { proxy in
      let address = "http://user:canary-password@127.0.0.1:\(proxy.port)"
      let request = HTTPRequest(.get, "https://localhost/", headers: ["Authorization": "Bearer canary-token"])
      let transport = CurlTransport(.init(proxy: address, caFile: server.certificate))
      let response = try await transport.send(request)
      #expect(response.status == 200)
      // What `openssl s_server -www` shows of the request holds neither the proxy's password nor its field.
      #expect(!String(decoding: response.body, as: UTF8.self).contains("Proxy-Authorization"))
      let seen = try #require(proxy.requests.first)
      #expect(seen.hasPrefix("CONNECT localhost:443 HTTP/1.1\r\n") && seen.contains("Proxy-Authorization: Basic "))
      #expect(!seen.contains("canary-token"))

      let other = await failure(
        HTTPRequest(.get, "https://auth.example.com/", headers: ["Authorization": "Bearer canary-token"]), by: transport)
      #expect(other?.code == .tls && other?.effect == Effect.none, "\(String(describing: other))")
    }
  }

  @Test func `a proxy that is not there leaves nothing sent`() async throws {
    let deaf = try DeafPort()
    let transport = CurlTransport(.init(proxy: "http://user:canary@127.0.0.1:\(deaf.port)"))
    let error = await failure(HTTPRequest(.post, "https://auth.example.com/", body: [0x31]), by: transport)
    #expect(error?.code == .couldNotConnect && error?.effect == Effect.none)
    #expect(error?.message == "connection refused")
  }

  @Test(arguments: [
    "http://user:canary@[bad", "gopher://user:canary@proxy:70", "http://us'er:canary@proxy:99999",
    "http://user:canary@no proxy",
    "http://user:can@ary@proxy.invalid:3128", "http://user:canary@proxy.invalid:3128",
  ])
  func `a proxy that makes no sense is an error that does not hold its password`(_ proxy: String) async {
    let error = await failure(
      HTTPRequest(.post, "https://auth.example.com/", body: [0x31]), by: CurlTransport(.init(proxy: proxy)))
    #expect(error != nil && error?.effect == Effect.none)
    #expect(
      !(error?.message.contains("can") ?? true) || error?.message.contains("canary") == false, "\(String(describing: error))")
    #expect(!(error?.message.contains("ary@") ?? true), "\(String(describing: error))")
  }
}
