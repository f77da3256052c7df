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
/// libcurl's handles belong to the thread alone.
final class CurlLoop: Sendable {
  typealias Continuation = CheckedContinuation<Result<ReceivedAnswer, HTTPTransportError>, Never>

  enum Order {
    case start(Exchange, Continuation)
    case cancel(Exchange)
  }

  private struct Inbox {
    var orders: [Order] = []
    /// There while the thread is.
    var bell: Bell?
    /// Whether the thread found nothing to do the last time; a thread at work looks again before it waits.
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

  func cancel(_ exchange: Exchange) {
    exchange.cancel()
    let bell = inbox.withLock { inbox in inbox.bell == nil ? nil : inbox.add(.cancel(exchange)) }
    bell?.ring()
  }

  /// Ends the thread. Only the transport's end does it, when no exchange is left.
  func stop() {
    let bell = inbox.withLock { inbox in
      inbox.isStopping = true
      return inbox.wake()
    }
    bell?.ring()
  }

  /// What was ordered since the last time, and whether it is time to end. Where there is nothing, the next order rings the bell.
  func takeOrders() -> (orders: [Order], isStopping: Bool) {
    inbox.withLock { inbox in
      inbox.isAsleep = inbox.orders.isEmpty
      defer { inbox.orders.removeAll(keepingCapacity: true) }
      return (inbox.orders, inbox.isStopping)
    }
  }

  /// Says that the thread is gone.
  func forgetThread() { inbox.withLock { $0.bell = nil } }

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
