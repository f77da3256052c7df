import Glibc

/// What a command line names for reading: a file, what a shell puts in the place of one (`<(…)`, `/dev/stdin`), standard input.
enum InputFile {
  /// More than any JSON or token that these commands take.
  static let limit = 16 * 1024 * 1024

  /// The bytes of a file, to its end.
  ///
  /// - Parameter what: begins the message, where the path alone does not say enough: `--token: the file `.
  static func read(_ path: String, for what: String = "", limit: Int = limit) throws(CommandFailure) -> [UInt8] {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure("\(what)\(path)") }
    defer { close(descriptor) }
    return try bytes(of: descriptor, "\(what)\(path)", limit: limit)
  }

  /// The bytes of standard input, to its end, for one of the options that may name it.
  static func standardInput(_ context: Context, for what: String, limit: Int = limit) throws(CommandFailure) -> [UInt8] {
    try bytes(of: context.standardInput, what == "standard input" ? what : "\(what): standard input", limit: limit)
  }

  /// Says why a file cannot be read that somebody else will read; it is not opened, for a pipe would be at its end then.
  static func check(_ path: String, for what: String) throws(CommandFailure) {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { throw failure("\(what)\(path)") }
    if status.st_mode & S_IFMT == S_IFDIR {
      errno = EISDIR
      throw failure("\(what)\(path)")
    }
    guard unsafe access(path, R_OK) == 0 else { throw failure("\(what)\(path)") }
  }

  private static func bytes(of descriptor: Int32, _ shown: String, limit: Int) throws(CommandFailure) -> [UInt8] {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = unsafe Glibc.read(descriptor, &buffer, buffer.count)
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw failure(shown) }
      if count == 0 { return bytes }
      bytes += buffer[..<count]
      guard bytes.count <= limit else {
        let words = limit < 1 << 20 ? "\(limit >> 10) KiB" : "\(limit >> 20) MiB"
        throw CommandFailure(.failed, "\(shown) is larger than \(words).")
      }
    }
  }

  private static func failure(_ shown: String) -> CommandFailure {
    let words = unsafe String(cString: strerror(errno))
    return CommandFailure(.failed, "\(shown) cannot be read: \(words.prefix(1).lowercased())\(words.dropFirst()).")
  }
}
