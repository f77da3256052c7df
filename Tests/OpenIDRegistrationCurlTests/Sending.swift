import OpenIDRegistration
import OpenIDRegistrationCurl

/// Runs the work beside a server, which ends with it.
func withServer<Value>(_ script: @escaping RawServer.Script, _ work: (RawServer) async throws -> Value) async throws -> Value {
  let server = try RawServer(script)
  defer { server.stop() }
  return try await work(server)
}

/// The error of a request; `nil` where it got an answer.
func failure(_ request: HTTPRequest, by transport: CurlTransport = CurlTransport()) async -> HTTPTransportError? {
  do throws(HTTPTransportError) {
    _ = try await transport.send(request)
    return nil
  } catch { return error }
}
