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
  /// A slice, whose first element goes without the others moving up.
  private var waiting: ArraySlice<(exchange: Exchange, continuation: CurlLoop.Continuation)> = []
  private var active: [UInt: Transfer] = [:]
  /// Handles at rest: setting one up anew costs more than using it again.
  private var spare: [EasyHandle] = []
  private let connectTo: CurlList

  init(loop: CurlLoop, multi: MultiHandle) {
    self.loop = loop
    unsafe self.multi = multi.pointer
    connectTo = CurlList(loop.configuration.connectTo)
  }

  func run() {
    blockSignals()
    // One exchange at a time on a connection, in HTTP/2 too: where one breaks, one call is in doubt, and not all of them.
    _ = unsafe openid_curl_multi_set_long(multi, CURLMOPT_PIPELINING, CURLPIPE_NOTHING)
    // More connections than exchanges at once are of no use.
    _ = unsafe openid_curl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, max(1, loop.configuration.maximumConnections))
    while true {
      let (orders, isStopping) = loop.takeOrders()
      for order in orders { obey(order) }
      if isStopping { break }
      startWaiting()
      var running: CInt = 0
      _ = unsafe curl_multi_perform(multi, &running)
      if finishEnded() { continue }
      // libcurl shortens the wait to its own next time limit; whoever orders something cuts it.
      _ = unsafe curl_multi_poll(multi, nil, 0, endSilent(), nil)
    }
    for transfer in active.values { abandon(transfer, .cancelled, "cancelled") }
    for (_, continuation) in waiting { continuation.resume(returning: .failure(.beforeSending)) }
    spare = []
    loop.forgetHandle()
    unsafe curl_multi_cleanup(multi)
  }

  private func obey(_ order: CurlLoop.Order) {
    switch order {
    case .start(let exchange, let continuation): waiting.append((exchange, continuation))
    case .cancel(let exchange):
      if let index = waiting.firstIndex(where: { $0.exchange === exchange }) {
        waiting.remove(at: index).continuation.resume(returning: .failure(.beforeSending))
      } else if let transfer = active.values.first(where: { $0.exchange === exchange }) {
        abandon(transfer, .cancelled, "cancelled")
      }
    }
  }

  private func startWaiting() {
    while active.count < max(1, loop.configuration.maximumConnections), let (exchange, continuation) = waiting.popFirst() {
      guard !exchange.isCancelled, let easy = spare.popLast() ?? EasyHandle() else {
        let failure: HTTPTransportError =
          exchange.isCancelled ? .beforeSending : HTTPTransportError(.other, effect: .none, "libcurl has no memory left")
        continuation.resume(returning: .failure(failure))
        continue
      }
      let transfer = Transfer(exchange, continuation, easy, loop.configuration, connectTo: connectTo)
      active[easy.address] = transfer
      _ = unsafe curl_multi_add_handle(multi, easy.pointer)
    }
  }

  /// Hands the results of what ended to their tasks; whether there were any.
  private func finishEnded() -> Bool {
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

  /// Ends the transfers that gave no sign of life for too long. In how many milliseconds to look again; a minute at most.
  private func endSilent() -> CInt {
    guard let limit = loop.configuration.silenceTimeout else { return 60_000 }
    let now = ContinuousClock.now
    var wait = Duration.seconds(60)
    for transfer in active.values {
      guard let sign = transfer.lastSign else { continue }
      let left = limit - (now - sign)
      if left <= .zero {
        abandon(transfer, .timedOut, "no byte came for \(shown(limit))")
      } else {
        wait = min(wait, left)
      }
    }
    return CInt(milliseconds(wait))
  }

  /// Ends a transfer before its time; its connection closes with it.
  private func abandon(_ transfer: Transfer, _ code: HTTPTransportError.Code, _ words: String) {
    active[transfer.easy.address] = nil
    let effect = transfer.effect
    let partial = transfer.partialAnswer
    // Otherwise libcurl keeps a connection in HTTP/2, and tells the server that its stream has ended when it next has something
    // to say there (seen with 7.88).
    transfer.easy.set(CURLOPT_FORBID_REUSE, 1)
    retire(transfer)
    transfer.continuation.resume(
      returning: .failure(HTTPTransportError(code, effect: effect, words, partialAnswer: partial)))
  }

  private func retire(_ transfer: Transfer) {
    _ = unsafe curl_multi_remove_handle(multi, transfer.easy.pointer)
    transfer.easy.reset()
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
