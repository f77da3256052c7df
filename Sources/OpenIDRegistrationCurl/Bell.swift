import COpenIDCurl

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A line by which any thread ends another one's wait for its sockets.
final class Bell: Sendable {
  /// What the waiting thread polls, for reading.
  let descriptor: CInt
  private let rope: CInt

  init?() {
    var ends: (CInt, CInt) = (-1, -1)
    let status = unsafe withUnsafeMutableBytes(of: &ends) {
      unsafe openid_curl_make_line($0.assumingMemoryBound(to: CInt.self).baseAddress)
    }
    guard status == 0 else { return nil }
    (descriptor, rope) = ends
  }

  deinit {
    close(descriptor)
    close(rope)
  }

  /// Rings. A line that is full has been heard already.
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
