/// Calls that are put off, made by a thread of their own: the tasks of a process may all be waiting for the answer that is delayed.
final class Alarms: Sendable {
  private struct Alarm {
    let time: ContinuousClock.Instant
    let call: @Sendable () -> Void
  }

  private struct State {
    /// The next one last.
    var waiting: [Alarm] = []
    var thread: WorkerThread?
    /// Nothing waits any more.
    var isRinging = false
    var isClosed = false
  }

  private let state = Monitor(State())

  /// Makes the call when so much time has passed, or at once where everything is to end.
  func ring(in delay: Duration, _ call: @escaping @Sendable () -> Void) {
    let alarm = Alarm(time: .now + delay, call: call)
    let isWaiting = state.update { state in
      if state.thread == nil, !state.isRinging { state.thread = start() }
      guard state.thread != nil, !state.isClosed else { return false }
      let place = state.waiting.firstIndex { $0.time <= alarm.time } ?? state.waiting.endIndex
      state.waiting.insert(alarm, at: place)
      return true
    }
    if !isWaiting { call() }
  }

  /// Makes all calls at once, those that are still to come as well.
  func ringAll() { state.update { $0.isRinging = true } }

  /// Ends the thread.
  func close() {
    let thread = state.update { state in
      state.isRinging = true
      state.isClosed = true
      return state.thread
    }
    thread?.join()
  }

  private func start() -> WorkerThread? {
    WorkerThread { [state] in
      while let alarm = state.wait(for: Alarms.next, pause: { state in state.waiting.last.map { $0.time - .now } }) {
        alarm.call()
      }
    }
  }

  private static func next(_ state: inout State) -> Alarm?? {
    guard let next = state.waiting.last else { return state.isClosed ? .some(nil) : nil }
    guard state.isRinging || next.time <= .now else { return nil }
    return state.waiting.removeLast()
  }
}
