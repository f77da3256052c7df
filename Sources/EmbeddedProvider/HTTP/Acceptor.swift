#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Takes the connections of a listening socket, on a thread of its own.
///
/// libmicrohttpd's threads could do it themselves. Whichever wakes first then takes up to ten at once and keeps them, so that of a
/// client's sixteen connections all may be with one thread while the others have nothing to do.
final class Acceptor: Sendable {
  private let thread: WorkerThread
  private let line: (reading: CInt, writing: CInt)

  /// - Parameters:
  ///   - socket: listens, and makes nobody wait.
  ///   - hasRoom: whether one more may be taken. Those that may not stay in the system's queue.
  ///   - take: takes one; returns the system's error where it did not, and 0 where it did.
  /// - Returns: `nil` where the system has no thread to give, or no file.
  init?(on socket: CInt, hasRoom: @escaping @Sendable () -> Bool, take: @escaping @Sendable () -> CInt) {
    var ends: [CInt] = [-1, -1]
    guard unsafe pipe(&ends) == 0 else { return nil }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    let turns = Turns(socket: socket, ending: ends[0], hasRoom: hasRoom, take: take)
    guard let thread = WorkerThread({ turns.run() }) else {
      for end in ends { _ = systemClose(end) }
      return nil
    }
    self.thread = thread
    line = (ends[0], ends[1])
  }

  /// Ends the thread; to be called once.
  func end() {
    // Closing it would not be heard where a child process was started with a copy of it.
    var byte: UInt8 = 0
    _ = unsafe write(line.writing, &byte, 1)
    thread.join()
    for end in [line.reading, line.writing] { _ = systemClose(end) }
  }
}

/// What the thread does.
private struct Turns: Sendable {
  /// How long to leave things alone where nothing can be taken for the moment, in milliseconds.
  private static let pause: CInt = 20

  let socket: CInt
  /// Something to read where the acceptor ends.
  let ending: CInt
  let hasRoom: @Sendable () -> Bool
  let take: @Sendable () -> CInt

  func run() {
    while goesOn(after: -1, or: socket) {
      if !takeSome(), !goesOn(after: Turns.pause, or: -1) { return }
    }
  }

  /// Waits so many milliseconds, or until a connection is there.
  ///
  /// - Returns: whether the acceptor has not ended.
  private func goesOn(after milliseconds: CInt, or socket: CInt) -> Bool {
    var watched = [
      pollfd(fd: ending, events: CShort(POLLIN), revents: 0), pollfd(fd: socket, events: CShort(POLLIN), revents: 0),
    ]
    while unsafe poll(&watched, 2, milliseconds) < 0 && errno == EINTR {}
    return watched[0].revents == 0
  }

  /// - Returns: whether it is no use to wait: there are more, or the next one will be told of.
  private func takeSome() -> Bool {
    for _ in 0..<64 {
      guard hasRoom() else { return false }
      switch take() {
      // Some end before they are taken.
      case 0, EINTR, ECONNABORTED, EPROTO: continue
      case EAGAIN: return true
      default: return false
      }
    }
    return true
  }
}
