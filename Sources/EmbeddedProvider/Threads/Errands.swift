import Synchronization

/// Tasks that answers wait for. They end early where the provider stops.
final class Errands: Sendable {
  private struct State {
    var tasks: [Int: Task<Void, Never>] = [:]
    var next = 0
    var isEnding = false
  }

  private let state = Mutex(State())

  /// Starts one; where the provider stops it is cancelled, and still runs to its end.
  func start(_ body: @escaping @Sendable () async -> Void) {
    state.withLock { state in
      let number = state.next
      state.next += 1
      let task = Task {
        await body()
        self.state.withLock { $0.tasks[number] = nil }
      }
      if state.isEnding { task.cancel() }
      state.tasks[number] = task
    }
  }

  func endEarly() {
    let tasks = state.withLock { state in
      state.isEnding = true
      return Array(state.tasks.values)
    }
    for task in tasks { task.cancel() }
  }
}
