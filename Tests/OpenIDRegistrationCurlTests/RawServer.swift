import Foundation
import Synchronization

/// A server that sends what its script says, byte for byte, over plain sockets.
///
/// Each connection runs the script on a thread of its own; the script blocks where it likes. Nothing is answered that was not
/// scripted.
final class RawServer: Sendable {
  typealias Script = @Sendable (Connection) -> Void

  /// One connection, seen from the server.
  final class Connection: Sendable {
    /// Which connection it is, from 0.
    let index: Int
    private let descriptor: Int32
    private let server: RawServer
    private let rest = Mutex<[UInt8]>([])

    init(index: Int, descriptor: Int32, server: RawServer) {
      self.index = index
      self.descriptor = descriptor
      self.server = server
    }

    /// Reads one request with its body, counts it, and returns its text; `nil` where the client closed.
    @discardableResult
    func request() -> String? {
      let end = Array("\r\n\r\n".utf8)
      var bytes = rest.withLock { $0 }
      while bytes.firstRange(of: end) == nil {
        guard let more = receive() else { return nil }
        bytes += more
      }
      guard let range = bytes.firstRange(of: end) else { return nil }
      let head = String(decoding: bytes[..<range.lowerBound], as: UTF8.self)
      let lengthLine = head.lowercased().split(separator: "\r\n").first { $0.hasPrefix("content-length:") }
      let length = lengthLine.flatMap { Int($0.dropFirst(15).trimmingCharacters(in: .whitespaces)) } ?? 0
      while bytes.count < range.upperBound + length {
        guard let more = receive() else { return nil }
        bytes += more
      }
      rest.withLock { $0 = Array(bytes[(range.upperBound + length)...]) }
      let text = String(decoding: bytes[..<(range.upperBound + length)], as: UTF8.self)
      server.seen.withLock { $0.append(text) }
      return text
    }

    /// Whether all of it went out.
    @discardableResult
    func send(_ text: String) -> Bool { send(Array(text.utf8)) }

    @discardableResult
    func send(_ bytes: [UInt8]) -> Bool {
      var left = bytes[...]
      while !left.isEmpty {
        let count = left.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
        guard count > 0 else { return false }
        left = left.dropFirst(count)
      }
      return true
    }

    /// A whole answer that keeps the connection.
    func answer(_ status: String = "200 OK", _ body: String = "{}", _ fields: String = "") {
      send("HTTP/1.1 \(status)\r\nContent-Length: \(body.utf8.count)\r\n\(fields)\r\n\(body)")
    }

    /// Waits until the client closes its end; whether it did.
    func waitForClose() -> Bool {
      while receive() != nil {}
      return true
    }

    /// Ends the connection in the middle of whatever is going on.
    func reset() {
      var linger = linger(l_onoff: 1, l_linger: 0)
      setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<linger>.size))
    }

    /// Says that nothing more will be sent, and reads nothing more.
    func end() { shutdown(descriptor, Int32(SHUT_RDWR)) }

    func receive() -> [UInt8]? {
      var buffer = [UInt8](repeating: 0, count: 65_536)
      let count = recv(descriptor, &buffer, buffer.count, 0)
      return count > 0 ? Array(buffer[..<count]) : nil
    }
  }

  let port: Int
  private let descriptor: Int32
  private let seen = Mutex<[String]>([])
  private let count = Mutex(0)
  private let open = Mutex<Set<Int32>>([])

  /// Every request that arrived whole.
  var requests: [String] { seen.withLock { $0 } }
  /// How many connections there were.
  var connections: Int { count.withLock { $0 } }
  var url: String { "http://127.0.0.1:\(port)" }

  /// - Parameter unixSocket: a path to listen at in the place of a port.
  init(unixSocket: String? = nil, _ script: @escaping Script) throws {
    (descriptor, port) = try unixSocket.map { (try socketBound(toPath: $0), 0) } ?? socketBoundToLoopback()
    guard listen(descriptor, 64) == 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
    let (listening, server) = (descriptor, self)
    Thread.detachNewThread {
      while true {
        let accepted = accept(listening, nil, nil)
        guard accepted >= 0 else {
          // Closed here and nowhere else: the number could be another socket's by the next time round.
          close(listening)
          return
        }
        _ = fcntl(accepted, F_SETFD, FD_CLOEXEC)
        let index = server.count.withLock { count in
          defer { count += 1 }
          return count
        }
        server.open.withLock { _ = $0.insert(accepted) }
        Thread.detachNewThread {
          script(Connection(index: index, descriptor: accepted, server: server))
          server.open.withLock { _ = $0.remove(accepted) }
          close(accepted)
        }
      }
    }
  }

  /// Ends the server and every connection that is left.
  func stop() {
    shutdown(descriptor, Int32(SHUT_RDWR))
    open.withLock { for descriptor in $0 { shutdown(descriptor, Int32(SHUT_RDWR)) } }
  }
}

/// A port at which nobody listens: bound, and never listened at.
final class DeafPort {
  let port: Int
  private let descriptor: Int32

  init() throws { (descriptor, port) = try socketBoundToLoopback() }

  deinit { close(descriptor) }
}

/// A port at which somebody listens who takes no more connections: they are neither made nor refused.
final class FullPort {
  let port: Int
  private let descriptor: Int32
  private var waiting: [Int32] = []

  init() throws {
    (descriptor, port) = try socketBoundToLoopback()
    listen(descriptor, 0)
    // One waits in the queue, and one more while the system looks for room.
    for _ in 0..<2 {
      guard let connection = try? socketConnecting(toPort: port) else { break }
      waiting.append(connection)
    }
  }

  deinit { for descriptor in waiting + [descriptor] { close(descriptor) } }
}
