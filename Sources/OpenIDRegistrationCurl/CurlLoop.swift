import COpenIDCurl
import OpenIDRegistration
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The side of the loop that tasks see: they leave what they want and wake the thread.
///
/// libcurl's handles belong to the thread alone. It takes the tasks that prefer it too (``CurlTransport/executor``).
final class CurlLoop: TaskExecutor {
  typealias Continuation = CheckedContinuation<Result<ReceivedAnswer, HTTPTransportError>, Never>

  enum Order {
    case start(Exchange, Continuation)
    case cancel(Exchange)
    /// A part of a task that prefers this thread.
    case run(UnownedJob)
  }

  private struct Inbox {
    var orders: [Order] = []
    /// There while the thread takes orders.
    var bell: Bell?
    /// Whether the thread waits, or is about to; one at work looks into the inbox before it does.
    var isAsleep = false
    var isStopping = false

    mutating func add(_ order: Order) -> Bell? {
      orders.append(order)
      return wake()
    }

    /// - Returns: the bell, where it has to be rung; not while others wait for the inbox.
    mutating func wake() -> Bell? {
      defer { isAsleep = false }
      return isAsleep ? bell : nil
    }
  }

  let configuration: CurlTransport.Configuration
  private let inbox = Mutex(Inbox())

  init(_ configuration: CurlTransport.Configuration) { self.configuration = configuration }

  func start(_ exchange: Exchange, _ continuation: Continuation) {
    // A task that was cancelled before it came here has left its mark on the exchange.
    if exchange.isCancelled { return continuation.resume(returning: .failure(.beforeSending)) }
    let (isRunning, bell) = inbox.withLock { inbox -> (Bool, Bell?) in
      if inbox.bell == nil { inbox.bell = launch() }
      guard inbox.bell != nil else { return (false, nil) }
      return (true, inbox.add(.start(exchange, continuation)))
    }
    bell?.ring()
    if !isRunning {
      continuation.resume(
        returning: .failure(HTTPTransportError(.other, effect: .none, "no thread could be started for the network")))
    }
  }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    let (isRunning, bell) = inbox.withLock { inbox -> (Bool, Bell?) in
      if inbox.bell == nil { inbox.bell = launch() }
      guard inbox.bell != nil else { return (false, nil) }
      return (true, inbox.add(.run(job)))
    }
    bell?.ring()
    // A task has to go on somewhere.
    if !isRunning { globalConcurrentExecutor.enqueue(job) }
  }

  func cancel(_ exchange: Exchange) {
    exchange.cancel()
    let bell = inbox.withLock { inbox in inbox.bell == nil ? nil : inbox.add(.cancel(exchange)) }
    bell?.ring()
  }

  /// Ends the thread once it has nothing to do. Only the transport's end does it, when no exchange is left.
  func stop() {
    let bell = inbox.withLock { inbox in
      inbox.isStopping = true
      return inbox.wake()
    }
    bell?.ring()
  }

  /// Hands over what was ordered since the last time.
  ///
  /// - Parameter orders: takes them in, and is empty before; its memory is used for the next ones.
  /// - Returns: whether the thread goes on. Where it does not, the next order finds none and starts another.
  func takeOrders(_ orders: inout [Order]) -> Bool {
    inbox.withLock { inbox in
      swap(&inbox.orders, &orders)
      guard inbox.isStopping, orders.isEmpty else { return true }
      inbox.bell = nil
      return false
    }
  }

  /// Whether there is nothing to do, so that the thread may wait; the next order then rings the bell.
  func lieDown() -> Bool {
    inbox.withLock { inbox in
      inbox.isAsleep = inbox.orders.isEmpty && !inbox.isStopping
      return inbox.isAsleep
    }
  }

  /// Says that the thread is at work again.
  func getUp() { inbox.withLock { $0.isAsleep = false } }

  private func launch() -> Bell? {
    guard Self.isLibraryReady, let bell = Bell(), let multi = unsafe curl_multi_init() else { return nil }
    let context = unsafe Unmanaged.passRetained(CurlThread(loop: self, multi: multi, bell: bell)).toOpaque()
    #if canImport(Darwin)
      var thread: pthread_t?
    #else
      var thread = pthread_t()
    #endif
    let status = unsafe pthread_create(&thread, nil, curlThreadMain, context)
    guard status == 0 else {
      unsafe Unmanaged<CurlThread>.fromOpaque(context).release()
      unsafe curl_multi_cleanup(multi)
      return nil
    }
    #if canImport(Darwin)
      if let thread { unsafe pthread_detach(thread) }
    #else
      pthread_detach(thread)
    #endif
    return bell
  }

  /// libcurl is set up once in a process, whoever comes first.
  private static let isLibraryReady = openid_curl_start() == CURLE_OK
}

extension HTTPTransportError {
  /// The task was cancelled before its request went out.
  static let beforeSending = HTTPTransportError(.cancelled, effect: .none, "cancelled")
}

private func curlThreadMain(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  guard let context = unsafe context else { return nil }
  let thread = unsafe Unmanaged<CurlThread>.fromOpaque(context).takeRetainedValue()
  thread.run()
  return nil
}
