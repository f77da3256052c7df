import Foundation
import OpenIDRegistration
import Synchronization

/// A small HTTP server on a free port of this machine: each request is answered by a closure, on a connection of its own.
final class LoopbackServer: Sendable {
  struct Request: Sendable {
    let method: String
    /// With its query.
    let path: String
    let headers: [String: String]
    let body: String
  }

  typealias Answer = @Sendable (Request) -> HTTPResponse

  let port: Int
  var url: String { "http://127.0.0.1:\(port)" }
  /// Every request, in the order of arrival.
  var requests: [Request] { seen.withLock { $0 } }

  private let descriptor: Int32
  private let seen = Mutex<[Request]>([])
  private let current: Mutex<Answer>

  init(_ answer: @escaping Answer = { _ in .text(404, "Not Found") }) throws {
    current = Mutex(answer)
    // No child process of another test's holds it open.
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let socket = descriptor
    let status = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(socket, $0, size) == 0 && listen(socket, 64) == 0 ? getsockname(socket, $0, &size) : -1
      }
    }
    guard status == 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
    port = Int(UInt16(bigEndian: address.sin_port))
    Thread.detachNewThread { [self] in
      while true {
        let accepted = accept(socket, nil, nil)
        guard accepted >= 0 else {
          // Closed here and nowhere else: the number could be another socket's by the next time round.
          close(socket)
          return
        }
        Thread.detachNewThread {
          self.serve(accepted)
          close(accepted)
        }
      }
    }
  }

  /// Answers otherwise from now on, and forgets the requests.
  func answer(_ answer: @escaping Answer) {
    current.withLock { $0 = answer }
    seen.withLock { $0 = [] }
  }

  func stop() { shutdown(descriptor, Int32(SHUT_RDWR)) }

  private func serve(_ connection: Int32) {
    guard let request = read(connection) else { return }
    seen.withLock { $0.append(request) }
    let answer = current.withLock { $0 }(request)
    var head = "HTTP/1.1 \(answer.status) Made Up\r\nConnection: close\r\n"
    for field in answer.headers.fields { head += "\(field.name): \(field.value)\r\n" }
    if answer.status != 204 { head += "Content-Length: \(answer.body.count)\r\n" }
    var rest = (Array(head.utf8) + Array("\r\n".utf8) + answer.body)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
      guard count > 0 else { return }
      rest = rest.dropFirst(count)
    }
  }

  private func read(_ connection: Int32) -> Request? {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    func more() -> Bool {
      let count = recv(connection, &buffer, buffer.count, 0)
      bytes += buffer.prefix(max(0, count))
      return count > 0
    }
    let end = Array("\r\n\r\n".utf8)
    while bytes.firstRange(of: end) == nil { guard more() else { return nil } }
    guard let range = bytes.firstRange(of: end) else { return nil }
    let lines = String(decoding: bytes[..<range.lowerBound], as: UTF8.self).components(separatedBy: "\r\n")
    let words = lines[0].split(separator: " ")
    guard words.count == 3 else { return nil }
    var headers: [String: String] = [:]
    for line in lines.dropFirst() {
      let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      headers[parts[0].lowercased()] = parts.count == 2 ? parts[1].trimmingCharacters(in: .whitespaces) : ""
    }
    let length = headers["content-length"].flatMap { Int($0) } ?? 0
    while bytes.count < range.upperBound + length { guard more() else { return nil } }
    return Request(
      method: String(words[0]), path: String(words[1]), headers: headers,
      body: String(decoding: bytes[range.upperBound...], as: UTF8.self))
  }
}
