import OpenIDRegistration

/// Tells how long each exchange took; what it shows of a request is its method.
struct TimedTransport: HTTPTransport {
  let base: any HTTPTransport
  let tell: @Sendable (String) -> Void

  func send(_ request: HTTPRequest) async throws(HTTPTransportError) -> HTTPResponse {
    let start = ContinuousClock.now
    do throws(HTTPTransportError) {
      let response = try await base.send(request)
      tell("\(request): \(response.status) after \(ContinuousClock.now - start)")
      return response
    } catch {
      tell("\(request): \(error)")
      throw error
    }
  }
}
