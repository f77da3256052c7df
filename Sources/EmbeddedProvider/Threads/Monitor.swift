#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// State behind a lock that threads can wait on until it is as they need it.
@safe final class Monitor<State>: @unchecked Sendable {
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  private let condition: UnsafeMutablePointer<pthread_cond_t>
  private var state: State

  init(_ state: sending State) {
    self.state = state
    unsafe mutex = .allocate(capacity: 1)
    unsafe condition = .allocate(capacity: 1)
    unsafe pthread_mutex_init(mutex, nil)
    unsafe pthread_cond_init(condition, nil)
  }

  deinit {
    unsafe pthread_cond_destroy(condition)
    unsafe pthread_mutex_destroy(mutex)
    unsafe condition.deallocate()
    unsafe mutex.deallocate()
  }

  /// Reads or changes the state, and wakes all who wait for it.
  func update<Result>(_ body: (inout State) -> Result) -> Result {
    unsafe pthread_mutex_lock(mutex)
    defer {
      unsafe pthread_cond_broadcast(condition)
      unsafe pthread_mutex_unlock(mutex)
    }
    return body(&state)
  }

  /// Waits until the closure takes something out of the state.
  ///
  /// - Parameter pause: how long to wait at most before the closure is asked again though nobody has changed anything.
  func wait<Result>(for take: (inout State) -> Result?, pause: (State) -> Duration? = { _ in nil }) -> Result {
    unsafe pthread_mutex_lock(mutex)
    defer { unsafe pthread_mutex_unlock(mutex) }
    while true {
      if let result = take(&state) { return result }
      if let limit = pause(state) {
        var end = Monitor.time(in: limit)
        unsafe pthread_cond_timedwait(condition, mutex, &end)
      } else {
        unsafe pthread_cond_wait(condition, mutex)
      }
    }
  }

  /// Waits until the condition holds, but no longer than that; whether it holds.
  func wait(atMost limit: Duration, until holds: (State) -> Bool) -> Bool {
    let clock = ContinuousClock()
    let end = clock.now + limit
    return wait(
      for: { state in holds(state) ? true : clock.now >= end ? false : nil }, pause: { _ in end - clock.now })
  }

  private static func time(in limit: Duration) -> timespec {
    var time = timespec()
    unsafe clock_gettime(CLOCK_REALTIME, &time)
    // A condition variable waits by the wall clock, so a wait is cut into pieces that a turn of that clock cannot make long.
    let (seconds, attoseconds) = max(.zero, min(limit, .seconds(5))).components
    let nanoseconds = time.tv_nsec + Int(attoseconds / 1_000_000_000)
    time.tv_sec += Int(seconds) + nanoseconds / 1_000_000_000
    time.tv_nsec = nanoseconds % 1_000_000_000
    return time
  }
}
