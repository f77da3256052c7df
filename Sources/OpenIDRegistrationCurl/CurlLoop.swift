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
/// libcurl's handles belong to the thread alone; the one call that others make is `curl_multi_wakeup`, and only under the lock
/// that also guards the end of the handle.
final class CurlLoop: Sendable {
  typealias Continuation = CheckedContinuation<Result<HTTPResponse, HTTPTransportError>, Never>

  enum Order {
    case start(Exchange, Continuation)
    case cancel(Exchange)
  }

  private struct Inbox {
    var orders: [Order] = []
    var handle: MultiHandle?
    var isStopping = false

    /// One wake-up is enough for all orders that wait.
    mutating func add(_ order: Order) {
      orders.append(order)
      if orders.count == 1 { handle?.wake() }
    }
  }

  let configuration: CurlTransport.Configuration
  private let inbox = Mutex(Inbox())

  init(_ configuration: CurlTransport.Configuration) { self.configuration = configuration }

  func start(_ exchange: Exchange, _ continuation: Continuation) {
    // A task that was cancelled before it came here has left its mark on the exchange.
    if exchange.isCancelled { return continuation.resume(returning: .failure(.beforeSending)) }
    let isRunning = inbox.withLock { inbox in
      if inbox.handle == nil { inbox.handle = launch() }
      guard inbox.handle != nil else { return false }
      inbox.add(.start(exchange, continuation))
      return true
    }
    if !isRunning {
      continuation.resume(
        returning: .failure(HTTPTransportError(.other, effect: .none, "no thread could be started for the network")))
    }
  }

  func cancel(_ exchange: Exchange) {
    exchange.cancel()
    inbox.withLock { inbox in if inbox.handle != nil { inbox.add(.cancel(exchange)) } }
  }

  /// Ends the thread. Only the transport's end does it, when no exchange is left.
  func stop() {
    inbox.withLock { inbox in
      inbox.isStopping = true
      inbox.handle?.wake()
    }
  }

  /// What was ordered since the last time, and whether it is time to end.
  func takeOrders() -> (orders: [Order], isStopping: Bool) {
    inbox.withLock { inbox in
      defer { inbox.orders.removeAll(keepingCapacity: true) }
      return (inbox.orders, inbox.isStopping)
    }
  }

  /// Takes the handle away, so that nobody wakes it any more.
  func forgetHandle() { inbox.withLock { $0.handle = nil } }

  private func launch() -> MultiHandle? {
    guard Self.isLibraryReady, let pointer = unsafe curl_multi_init() else { return nil }
    let handle = unsafe MultiHandle(pointer: pointer)
    let context = unsafe Unmanaged.passRetained(CurlThread(loop: self, multi: handle)).toOpaque()
    #if canImport(Darwin)
      var thread: pthread_t?
    #else
      var thread = pthread_t()
    #endif
    let status = unsafe pthread_create(&thread, nil, curlThreadMain, context)
    guard status == 0 else {
      unsafe Unmanaged<CurlThread>.fromOpaque(context).release()
      unsafe curl_multi_cleanup(pointer)
      return nil
    }
    #if canImport(Darwin)
      if let thread { unsafe pthread_detach(thread) }
    #else
      pthread_detach(thread)
    #endif
    return handle
  }

  /// libcurl is set up once in a process, whoever comes first.
  private static let isLibraryReady = openid_curl_start() == CURLE_OK
}

/// libcurl's multi handle.
@safe struct MultiHandle: @unchecked Sendable {
  // Passed between threads on purpose: waking it is the one call that libcurl allows from any thread.
  let pointer: UnsafeMutableRawPointer

  func wake() { _ = unsafe curl_multi_wakeup(pointer) }
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
