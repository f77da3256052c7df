import Synchronization

/// Says that the run was asked to stop (Ctrl-C, SIGTERM, SIGHUP): nothing new is begun, waits are cut, what is in flight may end.
package final class StopSignal: Sendable {
  private let requested = Atomic<Bool>(false)

  package init() {}

  /// Asks for the stop. Safe from any thread; asking twice is asking once.
  package func request() { requested.store(true, ordering: .sequentiallyConsistent) }

  package var isRequested: Bool { requested.load(ordering: .sequentiallyConsistent) }

  /// Waits that long, or until the stop is asked for or the task is cancelled.
  ///
  /// - Returns: whether the whole time passed.
  package func sleep(for duration: Duration) async -> Bool {
    let clock = ContinuousClock()
    let end = clock.now.advanced(by: duration)
    while clock.now < end {
      if isRequested || Task.isCancelled { return false }
      let left = clock.now.duration(to: end)
      try? await clock.sleep(for: min(left, .milliseconds(50)))
    }
    return !isRequested && !Task.isCancelled
  }
}
