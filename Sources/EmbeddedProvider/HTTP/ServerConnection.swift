import Synchronization

/// A connection, for as long as it is open: what the watch has to know of it.
final class ServerConnection: Sendable {
  let descriptor: CInt
  /// There was no room for it: its first request is refused.
  let isSurplus: Bool
  private let deadlineTime: Atomic<Int>
  private let idleTime: Atomic<Int>

  /// Times are nanoseconds since the watch began.
  init(_ descriptor: CInt, isSurplus: Bool, idleSince: Int, until deadline: Int) {
    self.descriptor = descriptor
    self.isSurplus = isSurplus
    deadlineTime = Atomic(deadline)
    idleTime = Atomic(isSurplus ? Int.max : idleSince)
  }

  /// When the time is up for what the connection is at.
  var deadline: Int { deadlineTime.load(ordering: .relaxed) }

  /// Since when no request is under way; in a future without end where one is.
  var idleSince: Int { idleTime.load(ordering: .relaxed) }

  func work(until deadline: Int) {
    deadlineTime.store(deadline, ordering: .relaxed)
    idleTime.store(Int.max, ordering: .relaxed)
  }

  func rest(since time: Int, until deadline: Int) {
    deadlineTime.store(deadline, ordering: .relaxed)
    idleTime.store(time, ordering: .relaxed)
  }
}
