import Foundation
import Synchronization

/// Hands the bytes of a connection on to another place, and those that come from there back, until either side ends.
///
/// As a proxy's tunnel it is the script of a ``RawServer``; in front of a server it lets a test cut a connection that the server
/// itself would keep.
final class Relay: Sendable {
  private let upstreams = Mutex<Set<Int32>>([])

  /// Connects to a port of this machine and hands on what is said. Returns when both sides have ended.
  func run(_ connection: RawServer.Connection, toPort port: Int) {
    guard let descriptor = try? socketConnected(toPort: port) else { return }
    run(connection, descriptor)
  }

  /// The same for a Unix socket.
  func run(_ connection: RawServer.Connection, toPath path: String) {
    guard let descriptor = try? socketConnected(toPath: path) else { return }
    run(connection, descriptor)
  }

  private func run(_ connection: RawServer.Connection, _ descriptor: Int32) {
    upstreams.withLock { _ = $0.insert(descriptor) }
    let isDone = DispatchSemaphore(value: 0)
    Thread.detachNewThread {
      var buffer = [UInt8](repeating: 0, count: 65_536)
      while true {
        let count = recv(descriptor, &buffer, buffer.count, 0)
        guard count > 0 else { break }
        connection.send(Array(buffer[..<count]))
      }
      connection.end()
      isDone.signal()
    }
    while let bytes = connection.receive() {
      var left = bytes[...]
      while !left.isEmpty {
        let count = left.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
        guard count > 0 else { break }
        left = left.dropFirst(count)
      }
    }
    shutdown(descriptor, Int32(SHUT_RDWR))
    isDone.wait()
    upstreams.withLock { _ = $0.remove(descriptor) }
    close(descriptor)
  }

  /// Ends every connection that is being handed on, as a failing network would.
  func cut() {
    upstreams.withLock { for descriptor in $0 { shutdown(descriptor, Int32(SHUT_RDWR)) } }
  }
}

/// A proxy that makes the tunnels it is asked for, whatever their name, to one port of this machine.
func tunnel(toPort port: Int) -> RawServer.Script {
  let relay = Relay()
  return { connection in
    guard let request = connection.request(), request.hasPrefix("CONNECT ") else { return }
    connection.send("HTTP/1.1 200 Connection established\r\n\r\n")
    relay.run(connection, toPort: port)
  }
}
