import Foundation

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A connection to a provider, plain enough to see what happens to it.
final class TestConnection {
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  private var descriptor: CInt
  private var received: [UInt8] = []
  /// Why nothing more could be received; `nil` at the end of what was sent.
  private var receiveError: CInt?

  /// - Parameter receiveBuffer: how many bytes the system may take in before they are fetched, about; as many as it likes for `nil`.
  init(port: Int, receiveBuffer: CInt? = nil) throws {
    #if canImport(Glibc)
      descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    #else
      descriptor = socket(AF_INET, SOCK_STREAM, 0)
    #endif
    if var size = receiveBuffer {
      setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<CInt>.size))
    }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    let status = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    // A test that waits for ever says nothing. What needs a task may have to wait for all tests before it.
    var limit = timeval(tv_sec: 120, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    guard status == 0 else { throw Failure(description: "connect: \(String(cString: strerror(errno)))") }
  }

  deinit { close() }

  func close() {
    if descriptor >= 0 { closeDescriptor(descriptor) }
    descriptor = -1
  }

  /// Says that no more will be sent.
  func endSending() { shutdown(descriptor, CInt(SHUT_WR)) }

  func send(_ text: String) throws { try send(Array(text.utf8)) }

  func send(_ bytes: [UInt8]) throws {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { sendWithoutSignal(descriptor, $0.baseAddress, $0.count) }
      guard count > 0 else { throw Failure(description: "send: \(String(cString: strerror(errno)))") }
      rest = rest.dropFirst(count)
    }
  }

  /// Whether the other end has closed the connection and nothing is left to read.
  func isAtEnd() -> Bool {
    while receive() {}
    return received.isEmpty
  }

  /// What has come and was not asked for so far.
  var unread: [UInt8] { received }

  /// Whether the other end closes the connection, whatever it sends before.
  func isClosed() -> Bool {
    while receive() {}
    return receiveError == nil || receiveError == ECONNRESET
  }

  /// The next answer, read by its length; a body that ends early is returned as it is.
  func answer(toHead isHead: Bool = false) throws -> TestAnswer {
    while range(of: Array("\r\n\r\n".utf8)) == nil {
      guard receive() else { throw Failure(description: "the connection was closed after \(received.count) bytes") }
    }
    let end = range(of: Array("\r\n\r\n".utf8)) ?? 0..<0
    var answer = try TestAnswer(head: String(decoding: received[..<end.lowerBound], as: UTF8.self))
    received.removeFirst(end.upperBound)
    if answer.status == 100 { return try self.answer(toHead: isHead) }
    let length = isHead ? 0 : answer.headers["content-length"].flatMap { Int($0) } ?? 0
    while received.count < length, receive() {}
    answer.body = Array(received.prefix(length))
    answer.isComplete = answer.body.count == length
    received.removeFirst(answer.body.count)
    return answer
  }

  func exchange(
    _ method: String, _ path: String, headers: [String: String] = [:], body: String? = nil
  ) throws -> TestAnswer {
    var text = "\(method) \(path) HTTP/1.1\r\nHost: localhost\r\n"
    for (name, value) in headers { text += "\(name): \(value)\r\n" }
    if let body { text += "Content-Length: \(body.utf8.count)\r\n" }
    try send(text + "\r\n" + (body ?? ""))
    return try answer(toHead: method == "HEAD")
  }

  private func range(of wanted: [UInt8]) -> Range<Int>? { received.firstRange(of: wanted) }

  private func receive() -> Bool {
    var buffer = [UInt8](repeating: 0, count: 65_536)
    let count = recv(descriptor, &buffer, buffer.count, 0)
    receiveError = count < 0 ? errno : nil
    guard count > 0 else { return false }
    received.append(contentsOf: buffer.prefix(count))
    return true
  }
}

/// A method of ours would hide the name.
private func closeDescriptor(_ descriptor: CInt) { close(descriptor) }

/// A peer that is gone must not end the tests.
private func sendWithoutSignal(_ descriptor: CInt, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
  #if canImport(Glibc)
    send(descriptor, bytes, count, CInt(MSG_NOSIGNAL))
  #else
    send(descriptor, bytes, count, 0)
  #endif
}
