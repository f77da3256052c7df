import COpenIDCurl
import OpenIDRegistration

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The side of the loop that runs on its thread and owns libcurl's handles.
@safe final class CurlThread {
  private let loop: CurlLoop
  private let multi: UnsafeMutableRawPointer
  /// What has to wait for its turn. A slice, whose first element goes without the others moving up.
  private var waiting: ArraySlice<(exchange: Exchange, continuation: CurlLoop.Continuation)> = []
  private var active: [UInt: Transfer] = [:]
  /// Handles at rest: setting one up anew costs more than using it again.
  private var spare: [EasyHandle] = []
  private let connectTo: CurlList
  private let watch: Watch

  init(loop: CurlLoop, multi: UnsafeMutableRawPointer, bell: Bell) {
    self.loop = loop
    unsafe self.multi = multi
    watch = Watch(bell: bell)
    connectTo = CurlList(loop.configuration.connectTo)
  }

  func run() {
    blockSignals()
    // One exchange at a time on a connection, in HTTP/2 too: where one breaks, one call is in doubt, and not all of them.
    _ = unsafe openid_curl_multi_set_long(multi, CURLMOPT_PIPELINING, CURLPIPE_NOTHING)
    // More connections than exchanges at once are of no use.
    _ = unsafe openid_curl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, max(1, loop.configuration.maximumConnections))
    unsafe watch.attach(to: multi)
    var orders: [CurlLoop.Order] = []
    var roundsWithoutLook = 0
    while loop.takeOrders(&orders) {
      let hasOrders = !orders.isEmpty
      for order in orders { obey(order) }
      // What they hold is not kept while the thread waits.
      orders.removeAll(keepingCapacity: true)
      startWaiting()
      if watch.takeDue() { act(on: CURL_SOCKET_TIMEOUT, 0) }
      // Tasks that never rest must not keep the thread from its sockets.
      roundsWithoutLook += 1
      let isBusy = finishEnded() || hasOrders
      if isBusy, roundsWithoutLook < 8 { continue }
      roundsWithoutLook = 0
      // An exchange that was ended makes room for the next one.
      guard var silence = endSilent() else { continue }
      if isBusy || !loop.lieDown() { silence = .zero }
      let events = watch.wait(atMost: silence)
      loop.getUp()
      // What happened on the first socket may have closed the next one.
      for event in events where watch.isWatched(event.socket) {
        act(on: event.socket, event.mask)
        finishEnded()
      }
    }
    for transfer in active.values { abandon(transfer, .cancelled, "cancelled") }
    for (_, continuation) in waiting { continuation.resume(returning: .failure(.beforeSending)) }
    spare = []
    unsafe curl_multi_cleanup(multi)
  }

  /// Lets libcurl work on what happened on a socket, or on what its time has come for.
  private func act(on socket: curl_socket_t, _ mask: CInt) {
    var running: CInt = 0
    _ = unsafe curl_multi_socket_action(multi, socket, mask, &running)
  }

  private func obey(_ order: CurlLoop.Order) {
    switch order {
    case .start(let exchange, let continuation):
      if hasRoom, waiting.isEmpty { start(exchange, continuation) } else { waiting.append((exchange, continuation)) }
    case .run(let job): unsafe job.runSynchronously(on: loop.asUnownedTaskExecutor())
    case .cancel(let exchange):
      if let index = waiting.firstIndex(where: { $0.exchange === exchange }) {
        waiting.remove(at: index).continuation.resume(returning: .failure(.beforeSending))
      } else if let transfer = active.values.first(where: { $0.exchange === exchange }) {
        abandon(transfer, .cancelled, "cancelled")
      }
    }
  }

  private var hasRoom: Bool { active.count < max(1, loop.configuration.maximumConnections) }

  private func startWaiting() {
    while hasRoom, let (exchange, continuation) = waiting.popFirst() { start(exchange, continuation) }
  }

  private func start(_ exchange: Exchange, _ continuation: CurlLoop.Continuation) {
    if exchange.isCancelled { return continuation.resume(returning: .failure(.beforeSending)) }
    if let easy = spare.popLast() ?? EasyHandle() {
      let transfer = Transfer(exchange, continuation, easy, loop.configuration, connectTo: connectTo)
      if unsafe curl_multi_add_handle(multi, easy.pointer) == CURLM_OK {
        active[easy.address] = transfer
        return
      }
    }
    continuation.resume(returning: .failure(HTTPTransportError(.other, effect: .none, "libcurl has no memory left")))
  }

  /// Hands the results of what ended to their tasks; whether there were any.
  @discardableResult private func finishEnded() -> Bool {
    var hasEnded = false
    var result = CURLE_OK
    while let pointer = unsafe openid_curl_multi_ended(multi, &result) {
      hasEnded = true
      guard let transfer = active.removeValue(forKey: UInt(bitPattern: pointer)) else { continue }
      let outcome = transfer.outcome(result)
      retire(transfer)
      transfer.continuation.resume(returning: outcome)
    }
    return hasEnded
  }

  /// Ends the transfers that gave no sign of life for too long.
  ///
  /// - Returns: in how long to look again, a minute at most; `nil` where one was ended.
  private func endSilent() -> Duration? {
    guard let limit = loop.configuration.silenceTimeout else { return .seconds(60) }
    let now = ContinuousClock.now
    var wait = Duration.seconds(60)
    var hasEnded = false
    for transfer in active.values {
      guard let sign = transfer.lastSign else { continue }
      let left = limit - (now - sign)
      if left <= .zero {
        abandon(transfer, .timedOut, "no byte came for \(shown(limit))")
        hasEnded = true
      } else {
        wait = min(wait, left)
      }
    }
    return hasEnded ? nil : wait
  }

  /// Ends a transfer before its time; its connection closes with it.
  private func abandon(_ transfer: Transfer, _ code: HTTPTransportError.Code, _ words: String) {
    active[transfer.easy.address] = nil
    let effect = transfer.effect
    let partial = transfer.partialAnswer
    // Otherwise libcurl keeps a connection in HTTP/2, and tells the server that its stream has ended when it next has something
    // to say there (seen with 7.88).
    transfer.easy.set(CURLOPT_FORBID_REUSE, 1)
    transfer.easy.readiness = .nothing
    retire(transfer)
    transfer.continuation.resume(
      returning: .failure(HTTPTransportError(code, effect: effect, words, partialAnswer: partial)))
  }

  private func retire(_ transfer: Transfer) {
    _ = unsafe curl_multi_remove_handle(multi, transfer.easy.pointer)
    transfer.easy.rest()
    if spare.count < loop.configuration.maximumConnections { spare.append(transfer.easy) }
  }

  /// No signal is handled here: a terminal's belong to the main thread, and a peer that closes its end must not end the process.
  private func blockSignals() {
    var signals = sigset_t()
    unsafe sigfillset(&signals)
    for fault in [SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP] { unsafe sigdelset(&signals, fault) }
    _ = unsafe pthread_sigmask(SIG_BLOCK, &signals, nil)
  }
}
