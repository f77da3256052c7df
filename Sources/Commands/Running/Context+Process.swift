package import Applying
import FoundationEssentials
import Glibc
import OpenIDCryptography

extension Context {
  /// The context of this process.
  package static func process(stop: StopSignal) -> Context {
    var context = Context(
      environment: ProcessInfo.processInfo.environment,
      print: { write(Array($0.utf8), to: STDOUT_FILENO) },
      printError: { write(Array($0.utf8), to: STDERR_FILENO) },
      outputIsTerminal: isatty(STDOUT_FILENO) == 1,
      inputIsTerminal: isatty(STDIN_FILENO) == 1,
      ask: { question in
        write(Array(question.utf8), to: STDERR_FILENO)
        return readLine()
      },
      stop: stop)
    context.askSecret = askSecret
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

  /// Writes all of it; where nobody reads any more there is nobody to tell.
  private static func write(_ bytes: [UInt8], to descriptor: Int32) {
    var start = 0
    while start < bytes.count {
      let count = unsafe bytes[start...].withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { return }
      start += count
    }
  }
}
