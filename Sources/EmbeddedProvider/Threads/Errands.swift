import Synchronization

/// Fetches that answers wait for, and notices that nobody waits for.
final class Errands: Sendable {
  private struct Errand {
    let task: Task<Void, Never>
    let giveUp: @Sendable () -> Void
  }

  private struct State {
    var errands: [Int: Errand] = [:]
    var next = 0
    var isEnding = false
  }

  private let state = Mutex(State())

  /// How many are under way.
  var count: Int { state.withLock { $0.errands.count } }

  /// Starts one. What comes of it goes to `finish`; where everything ends before, `giveUp` is called instead.
  func start<Value: Sendable>(
    _ fetch: @escaping @Sendable () async -> Value, then finish: @escaping @Sendable (Value) -> Void,
    orElse giveUp: @escaping @Sendable () -> Void
  ) {
    let isStarted = state.withLock { state in
      guard !state.isEnding else { return false }
      let number = state.next
      state.next += 1
      let task = Task {
        let value = await fetch()
        if self.take(number) { finish(value) }
      }
      state.errands[number] = Errand(task: task, giveUp: giveUp)
      return true
    }
    if !isStarted { giveUp() }
  }

  /// Ends all of them without waiting for their tasks, which may not get to run: whoever ends the provider may be a task itself.
  func endEarly() {
    let errands = state.withLock { state in
      defer { state.errands = [:] }
      state.isEnding = true
      return Array(state.errands.values)
    }
    for errand in errands {
      errand.task.cancel()
      errand.giveUp()
    }
  }

  /// Whether the errand still is for its task to finish.
  private func take(_ number: Int) -> Bool { state.withLock { $0.errands.removeValue(forKey: number) != nil } }
}
