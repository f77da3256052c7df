import Synchronization

/// The creates without an answer that a run settled, by their markers.
final class SettledCreates: Sendable {
  private let list = Mutex<[(client: String, marker: String)]>([])

  func append(_ client: String, _ marker: String) { list.withLock { $0.append((client, marker)) } }

  var all: [(client: String, marker: String)] { list.withLock { $0 } }
}
