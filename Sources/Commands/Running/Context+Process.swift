package import Applying
import FoundationEssentials
import Glibc
import OpenIDCryptography
import Synchronization

extension Context {
  /// The context of this process.
  package static func process(stop: StopSignal) -> Context {
    let lost = LostOutput()
    var context = Context(
      environment: ProcessInfo.processInfo.environment,
      print: { text in
        let problem = write(Array(text.utf8), to: STDOUT_FILENO)
        if problem != 0 { lost.note(problem) }
      },
      printError: { write(Array($0.utf8), to: STDERR_FILENO) },
      outputIsTerminal: isatty(STDOUT_FILENO) == 1,
      inputIsTerminal: isatty(STDIN_FILENO) == 1,
      ask: { question in
        write(Array(question.utf8), to: STDERR_FILENO)
        return readLine()
      },
      stop: stop)
    context.askSecret = askSecret
    context.lostOutput = { lost.problem }
    return context
  }

  /// Asks at the terminal itself, so that what is piped in or out stays as it is.
  private static func askSecret(_ question: String) -> Secret? {
    let terminal = unsafe open("/dev/tty", O_RDWR | O_CLOEXEC)
    guard terminal >= 0 else { return nil }
    defer { close(terminal) }
    var before = termios()
    guard unsafe tcgetattr(terminal, &before) == 0 else { return nil }
    var silent = before
    silent.c_lflag &= ~tcflag_t(ECHO)
    unsafe tcsetattr(terminal, TCSAFLUSH, &silent)
    defer { unsafe tcsetattr(terminal, TCSAFLUSH, &before) }
    write(Array(question.utf8), to: terminal)
    var line: [UInt8] = []
    var byte: UInt8 = 0
    while unsafe read(terminal, &byte, 1) == 1, byte != 0x0a { line.append(byte) }
    write([0x0a], to: terminal)
    return line.isEmpty ? nil : Secret(String(decoding: line, as: UTF8.self))
  }

  /// Writes all of it.
  ///
  /// - Returns: the number of the error that kept it from that; 0 where there was none.
  @discardableResult
  private static func write(_ bytes: [UInt8], to descriptor: Int32) -> Int32 {
    var start = 0
    while start < bytes.count {
      let count = unsafe bytes[start...].withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0 && errno == EINTR { continue }
      if count < 0 && errno == EAGAIN {
        // A pipe that somebody else made non-blocking.
        var ready = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        _ = unsafe poll(&ready, 1, -1)
        continue
      }
      guard count > 0 else { return count < 0 ? errno : EIO }
      start += count
    }
    return 0
  }
}

/// The first error of writing to the standard output.
private final class LostOutput: Sendable {
  private let number = Atomic<Int32>(0)

  func note(_ problem: Int32) { _ = number.compareExchange(expected: 0, desired: problem, ordering: .relaxed) }
  var problem: Int32? {
    let known = number.load(ordering: .relaxed)
    return known == 0 ? nil : known
  }
}
