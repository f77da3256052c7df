package import OpenIDRegistration

/// A transport that begins no more requests a second than the registry's `http.requestsPerSecond`.
package actor PacedTransport: HTTPTransport {
  private let base: any HTTPTransport
  private let interval: Duration
  private var next = ContinuousClock.now

  package init(_ base: any HTTPTransport, requestsPerSecond: Double) {
    self.base = base
    interval = .seconds(1) / max(requestsPerSecond, 0.001)
  }

  package func send(_ request: HTTPRequest) async throws(HTTPTransportError) -> HTTPResponse {
    let start = max(next, .now)
    next = start.advanced(by: interval)
    do { try await ContinuousClock().sleep(until: start) } catch {
      throw HTTPTransportError(.cancelled, effect: .none, "cancelled")
    }
    return try await base.send(request)
  }
}
