import OpenIDRegistration
import Synchronization

/// One request on its way, and whether its task has given up on it.
final class Exchange: Sendable {
  let request: HTTPRequest
  /// Its header fields as libcurl takes them.
  let fields: CurlList
  /// Whether its connection ends on this machine.
  let staysHere: Bool
  private let cancelled = Atomic(false)

  init(_ request: HTTPRequest, staysHere: Bool, userAgent: String) {
    self.request = request
    fields = CurlList(of: request, userAgent: userAgent)
    self.staysHere = staysHere
  }

  var isCancelled: Bool { cancelled.load(ordering: .acquiring) }
  func cancel() { cancelled.store(true, ordering: .releasing) }
}
