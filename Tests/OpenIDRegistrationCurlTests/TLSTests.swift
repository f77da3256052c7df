import Foundation
import OpenIDRegistration
import OpenIDRegistrationCurl
import Testing

/// Whom the transport trusts.
@Suite(.enabled(if: TestCertificates.isInstalled, "the openssl program is not installed"))
struct TLSTests {
  /// What becomes of a request; the token in it must reach nobody that is not trusted.
  private func outcome(_ url: String, _ configuration: CurlTransport.Configuration) async -> Result<
    HTTPResponse, HTTPTransportError
  > {
    let request = HTTPRequest(.get, url, headers: ["Authorization": "Bearer t"])
    do throws(HTTPTransportError) { return .success(try await CurlTransport(configuration).send(request)) } catch {
      return .failure(error)
    }
  }

  private func failure(_ url: String, _ configuration: CurlTransport.Configuration) async -> HTTPTransportError? {
    if case .failure(let error) = await outcome(url, configuration) { error } else { nil }
  }

  @Test func `a certificate of nobody's is refused, and nothing was sent`() async throws {
    let server = try OpenSSLServer()
    let error = await failure(server.url, .init())
    #expect(error?.code == .tls && error?.effect == Effect.none)
    #expect(error?.message == "SSL certificate problem: self-signed certificate")
  }

  @Test func `one that the CA file vouches for is taken`() async throws {
    let server = try OpenSSLServer()
    let response = try await outcome(server.url, .init(caFile: server.certificate)).get()
    #expect(response.status == 200)
  }

  @Test func `a CA file takes the place of the system's`() async throws {
    let server = try OpenSSLServer()
    let other = try OpenSSLServer()
    #expect(await failure(server.url, .init(caFile: other.certificate))?.code == .tls)
  }

  @Test func `a certificate of another name is refused`() async throws {
    let server = try OpenSSLServer()
    let error = await failure(
      "https://auth.example.com/",
      .init(proxy: "", caFile: server.certificate, connectTo: ["auth.example.com:443:127.0.0.1:\(server.port)"]))
    #expect(error?.code == .tls && error?.effect == Effect.none)
    #expect(error?.message.contains("auth.example.com") ?? false)
  }

  @Test func `an expired certificate is refused`() async throws {
    let server = try OpenSSLServer(days: -1)
    let error = await failure(server.url, .init(caFile: server.certificate))
    #expect(error?.code == .tls && error?.effect == Effect.none)
    #expect(error?.message.contains("expired") ?? false, "\(String(describing: error))")
  }

  @Test func `TLS before 1.2 is refused`() async throws {
    let server = try OpenSSLServer(options: ["-tls1_1", "-cipher", "DEFAULT@SECLEVEL=0"])
    let error = await failure(server.url, .init(caFile: server.certificate))
    #expect(error?.code == .tls && error?.effect == Effect.none, "\(String(describing: error))")
  }

  @Test func `a server that asks for a certificate gets the one that was named`() async throws {
    let server = try OpenSSLServer(options: ["-Verify", "1", "-verify_return_error", "-CAfile", "CLIENT"])
    let response = try await outcome(
      server.url, .init(caFile: server.certificate, certificateFile: server.clientCertificate, keyFile: server.clientKey)
    ).get()
    #expect(response.status == 200)
  }

  @Test(arguments: ["-tls1_2", "-tls1_3"])
  func `without the certificate that a server asks for nothing is done`(_ version: String) async throws {
    let server = try OpenSSLServer(options: [version, "-Verify", "1", "-verify_return_error", "-CAfile", "CLIENT"])
    let error = try await refusal(server.url, .init(caFile: server.certificate))
    #expect(error.effect == .none)
    #expect(version == "-tls1_2" || error.message == "the server asks for a client certificate", "\(error)")
  }

  @Test func `a certificate that the server does not trust is refused in so many words`() async throws {
    let server = try OpenSSLServer(options: ["-Verify", "1", "-verify_return_error", "-CAfile", "CLIENT"])
    let other = try TestCertificates()
    let error = try await refusal(
      server.url,
      .init(caFile: server.certificate, certificateFile: other.clientCertificate, keyFile: other.clientKey))
    #expect(error.effect == .none)
    #expect(error.message.hasPrefix("the server does not accept the client certificate: "), "\(error)")
  }

  /// The error about a certificate. In TLS 1.3 it comes after the client is done (RFC 8446, section 4.4.2.4), and a server that
  /// closes at once can cut off its own words: then nobody knows what happened, and it is tried again.
  private func refusal(_ url: String, _ configuration: CurlTransport.Configuration) async throws -> HTTPTransportError {
    for _ in 0..<50 {
      let error = try #require(await failure(url, configuration))
      if error.code == .tls { return error }
      #expect(error.code == .connectionLost && error.effect == .unknown, "\(error)")
    }
    throw CocoaError(.featureUnsupported)
  }

  @Test(arguments: ["-tls1_2", "-tls1_3"])
  func `TLS from 1.2 on is taken`(_ version: String) async throws {
    let server = try OpenSSLServer(options: [version])
    #expect(try await outcome(server.url, .init(caFile: server.certificate)).get().status == 200)
  }

  @Test func `a client certificate or key that cannot be read is named`() async throws {
    let server = try OpenSSLServer()
    for configuration in [
      CurlTransport.Configuration(caFile: server.certificate, certificateFile: "/nowhere/c.pem", keyFile: server.clientKey),
      .init(caFile: server.certificate, certificateFile: server.clientCertificate, keyFile: "/nowhere/k.pem"),
      .init(caFile: server.certificate, certificateFile: server.clientCertificate, keyFile: server.certificate),
    ] {
      let error = await failure(server.url, configuration)
      #expect(error?.code == .invalidRequest && error?.effect == Effect.none, "\(String(describing: error))")
      #expect(error?.message.contains(".pem") ?? false, "\(String(describing: error))")
    }
  }

  @Test func `a CA file that is not there is named`() async throws {
    let server = try OpenSSLServer()
    let error = await failure(server.url, .init(caFile: "/nowhere/ca.pem"))
    #expect(error?.code == .invalidRequest && error?.effect == Effect.none)
    #expect(error?.message.contains("/nowhere/ca.pem") ?? false, "\(String(describing: error))")
  }

  @Test func `a server that speaks no TLS is refused, and hears nothing of the request`() async throws {
    let server = try RawServer { connection in
      _ = connection.receive()
      connection.send("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
    }
    defer { server.stop() }
    let error = await failure("https://127.0.0.1:\(server.port)/", .init())
    #expect(error?.code == .tls && error?.effect == Effect.none, "\(String(describing: error))")
  }

  @Test func `a handshake that never ends is given up, and nothing was sent`() async throws {
    let server = try RawServer { connection in _ = connection.waitForClose() }
    defer { server.stop() }
    let error = await failure("https://127.0.0.1:\(server.port)/", .init(connectTimeout: .milliseconds(200)))
    #expect(error?.code == .timedOut && error?.effect == Effect.none, "\(String(describing: error))")
    #expect(error?.message == "no connection within 200 ms")
  }
}
