#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A thread of its own for work that waits: it must not hold up the tasks of the process.
@safe final class WorkerThread: @unchecked Sendable {
  private let thread: pthread_t

  /// - Returns: `nil` where the system has no thread to give.
  init?(_ body: @escaping @Sendable () -> Void) {
    let work = unsafe Unmanaged.passRetained(Work(body))
    #if canImport(Darwin)
      var thread: pthread_t?
      let status = unsafe pthread_create(&thread, nil, { unsafe WorkerThread.run($0) }, work.toOpaque())
    #else
      var thread = pthread_t()
      let status = unsafe pthread_create(&thread, nil, { unsafe WorkerThread.run($0) }, work.toOpaque())
    #endif
    guard status == 0 else {
      unsafe work.release()
      return nil
    }
    #if canImport(Darwin)
      guard let thread = unsafe thread else { return nil }
    #endif
    self.thread = thread
  }

  /// Waits until the thread has ended; to be called once.
  func join() { pthread_join(thread, nil) }

  private static func run(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let context = unsafe context else { return nil }
    // A terminal's signals belong to the main thread.
    var signals = sigset_t()
    unsafe sigfillset(&signals)
    for fault in [SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP] { unsafe sigdelset(&signals, fault) }
    _ = unsafe pthread_sigmask(SIG_BLOCK, &signals, nil)
    let work = unsafe Unmanaged<Work>.fromOpaque(context).takeRetainedValue()
    work.body()
    return nil
  }

  private final class Work {
    let body: @Sendable () -> Void

    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }
}
