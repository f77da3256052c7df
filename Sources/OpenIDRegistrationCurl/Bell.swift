#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A pipe by which any thread ends another one's wait for its sockets.
final class Bell: Sendable {
  /// What the waiting thread polls, for reading.
  let descriptor: CInt
  private let rope: CInt

  init?() {
    var ends: [CInt] = [-1, -1]
    // Private to this process, and never waited for: a full pipe has been heard already.
    #if canImport(Darwin)
      guard unsafe pipe(&ends) == 0 else { return nil }
      for end in ends {
        _ = fcntl(end, F_SETFD, FD_CLOEXEC)
        _ = fcntl(end, F_SETFL, O_NONBLOCK)
      }
    #else
      guard unsafe pipe2(&ends, O_CLOEXEC | O_NONBLOCK) == 0 else { return nil }
    #endif
    descriptor = ends[0]
    rope = ends[1]
  }

  deinit {
    close(descriptor)
    close(rope)
  }

  func ring() {
    var byte: UInt8 = 0
    _ = unsafe write(rope, &byte, 1)
  }

  /// Forgets how often it has rung.
  func silence() {
    var bytes: (UInt64, UInt64) = (0, 0)
    while unsafe read(descriptor, &bytes, MemoryLayout.size(ofValue: bytes)) > 0 {}
  }
}
