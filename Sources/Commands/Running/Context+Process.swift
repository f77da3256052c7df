package import Applying
import FoundationEssentials
import Glibc

extension Context {
  /// The context of this process.
  package static func process(stop: StopSignal) -> Context {
    Context(
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
