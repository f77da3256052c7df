import Glibc

/// Standard input, read to its end for one of the options that may name it.
enum StandardInput {
  /// More than any JSON or token that these commands take.
  private static let limit = 16 * 1024 * 1024

  static func read(_ context: Context, for what: String) throws(CommandFailure) -> [UInt8] {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = unsafe Glibc.read(context.standardInput, &buffer, buffer.count)
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else {
        throw CommandFailure(.failed, "\(what): standard input cannot be read: \(unsafe String(cString: strerror(errno))).")
      }
      if count == 0 { return bytes }
      bytes += buffer[..<count]
      guard bytes.count <= limit else { throw CommandFailure(.failed, "\(what): standard input is larger than 16 MiB.") }
    }
  }
}
