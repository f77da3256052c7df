import OpenIDRegistration
import Synchronization

/// One request on its way, and whether its task has given up on it.
final class Exchange: Sendable {
  let request: HTTPRequest
  private let cancelled = Atomic(false)

  init(_ request: HTTPRequest) { self.request = request }

  var isCancelled: Bool { cancelled.load(ordering: .acquiring) }
  func cancel() { cancelled.store(true, ordering: .releasing) }
}
