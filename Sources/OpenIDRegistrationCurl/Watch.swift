import COpenIDCurl

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The sockets that libcurl waits for, and until when.
///
/// libcurl says by two callbacks what it waits for, and is told what happened on which socket. Left to itself
/// (`curl_multi_perform`) it asks the system about every transfer again, several times for each answer.
final class Watch {
  /// A socket on which something happened, and what, as libcurl has it; nothing where libcurl is to look itself.
  typealias Event = (socket: curl_socket_t, mask: CInt)

  /// The bell stands first.
  private var watched: [pollfd]
  private let bell: Bell
  /// When libcurl wants to be called whatever happens.
  private var deadline: ContinuousClock.Instant?
  /// Whether it wants that at once, as it does for each transfer that begins: no clock has to be asked.
  private var isDue = false

  init(bell: Bell) {
    self.bell = bell
    watched = [pollfd(fd: bell.descriptor, events: Int16(POLLIN), revents: 0)]
  }

  /// Has libcurl report to this watch, which must outlive it.
  func attach(to multi: UnsafeMutableRawPointer) {
    let context = unsafe Unmanaged.passUnretained(self).toOpaque()
    _ = unsafe openid_curl_multi_watch(multi, Self.socketChanged, Self.timerChanged, context)
  }

  /// Whether libcurl's time has come. It is told once; libcurl says anew when to call it next.
  func takeDue() -> Bool {
    guard isDue || deadline.map({ $0 <= .now }) ?? false else { return false }
    (deadline, isDue) = (nil, false)
    return true
  }

  /// Waits until something happens, the bell rings, libcurl's time has come, or so much time has passed.
  func wait(atMost limit: Duration) -> [Event] {
    let left = isDue || limit <= .zero ? .zero : min(limit, deadline.map { max(.zero, $0 - .now) } ?? limit)
    // Rounded up: libcurl does nothing where it is called before its time.
    let timeout = left <= .zero ? 0 : CInt(clamping: milliseconds(left + .microseconds(999)))
    guard unsafe poll(&watched, nfds_t(watched.count), timeout) > 0 else { return [] }
    if watched[0].revents != 0 { bell.silence() }
    var events: [Event] = []
    for entry in watched.dropFirst() where entry.revents != 0 {
      let isPlain = entry.revents & ~Int16(POLLIN | POLLOUT) == 0
      let mask =
        (entry.revents & Int16(POLLIN) != 0 ? CURL_CSELECT_IN : 0)
        | (entry.revents & Int16(POLLOUT) != 0 ? CURL_CSELECT_OUT : 0)
      events.append((entry.fd, isPlain ? mask : 0))
    }
    return events
  }

  /// Whether libcurl still waits for that socket.
  func isWatched(_ socket: curl_socket_t) -> Bool { watched.dropFirst().contains { $0.fd == socket } }

  private static let socketChanged: curl_socket_callback = { _, socket, change, context, _ in
    guard let context = unsafe context else { return 0 }
    unsafe Unmanaged<Watch>.fromOpaque(context).takeUnretainedValue().watch(socket, for: change)
    return 0
  }

  private static let timerChanged: curl_multi_timer_callback = { _, milliseconds, context in
    guard let context = unsafe context else { return 0 }
    unsafe Unmanaged<Watch>.fromOpaque(context).takeUnretainedValue().setTimer(milliseconds)
    return 0
  }

  /// - Parameter milliseconds: from now; less than 0 for no timer at all.
  func setTimer(_ milliseconds: Int) {
    isDue = milliseconds == 0
    deadline = milliseconds <= 0 ? nil : .now + .milliseconds(milliseconds)
  }

  private func watch(_ socket: curl_socket_t, for change: CInt) {
    let index = watched.dropFirst().firstIndex { $0.fd == socket }
    guard change != CURL_POLL_REMOVE else {
      if let index {
        watched.swapAt(index, watched.count - 1)
        watched.removeLast()
      }
      return
    }
    let events =
      (change & CURL_POLL_IN != 0 ? Int16(POLLIN) : 0) | (change & CURL_POLL_OUT != 0 ? Int16(POLLOUT) : 0)
    if let index { watched[index].events = events } else { watched.append(pollfd(fd: socket, events: events, revents: 0)) }
  }
}
