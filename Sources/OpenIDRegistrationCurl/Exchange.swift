import OpenIDRegistration
import Synchronization

/// One request on its way, and whether its task has given up on it.
final class Exchange: Sendable {
  let request: HTTPRequest
  /// Whether its connection ends on this machine.
  let staysHere: Bool
  private let cancelled = Atomic(false)

  init(_ request: HTTPRequest, staysHere: Bool) {
    self.request = request
    self.staysHere = staysHere
  }

  var isCancelled: Bool { cancelled.load(ordering: .acquiring) }
  func cancel() { cancelled.store(true, ordering: .releasing) }
}
