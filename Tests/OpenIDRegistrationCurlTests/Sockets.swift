import Foundation

/// No other test's child process holds the socket open.
private let streamSocket = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)

/// A socket at a free port of this machine.
func socketBoundToLoopback() throws -> (descriptor: Int32, port: Int) {
  let descriptor = socket(AF_INET, streamSocket, 0)
  var address = loopback(0)
  var size = socklen_t(MemoryLayout<sockaddr_in>.size)
  let status = withUnsafeMutablePointer(to: &address) {
    $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
      bind(descriptor, $0, size) == 0 ? getsockname(descriptor, $0, &size) : -1
    }
  }
  try check(status, descriptor)
  return (descriptor, Int(UInt16(bigEndian: address.sin_port)))
}

/// A connection to a port of this machine.
func socketConnected(toPort port: Int) throws -> Int32 {
  let descriptor = socket(AF_INET, streamSocket, 0)
  let status = withUnsafePointer(to: loopback(port)) {
    $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
      connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
    }
  }
  try check(status, descriptor)
  return descriptor
}

/// A connection to a port of this machine that may still be under way.
func socketConnecting(toPort port: Int) throws -> Int32 {
  let descriptor = socket(AF_INET, streamSocket | Int32(SOCK_NONBLOCK.rawValue), 0)
  let status = withUnsafePointer(to: loopback(port)) {
    $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
      connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
    }
  }
  try check(status == 0 || errno == EINPROGRESS ? 0 : -1, descriptor)
  return descriptor
}

/// A socket at a path.
func socketBound(toPath path: String) throws -> Int32 { try unixSocket(path, bind) }

/// A connection to the socket at a path.
func socketConnected(toPath path: String) throws -> Int32 { try unixSocket(path, connect) }

private func loopback(_ port: Int) -> sockaddr_in {
  var address = sockaddr_in()
  address.sin_family = sa_family_t(AF_INET)
  address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
  address.sin_port = UInt16(port).bigEndian
  return address
}

private func unixSocket(
  _ path: String, _ call: (Int32, UnsafePointer<sockaddr>, socklen_t) -> Int32
) throws -> Int32 {
  let descriptor = socket(AF_UNIX, streamSocket, 0)
  var address = sockaddr_un()
  address.sun_family = sa_family_t(AF_UNIX)
  withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix($0.count - 1)) }
  let status = withUnsafePointer(to: &address) {
    $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { call(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) }
  }
  try check(status, descriptor)
  return descriptor
}

private func check(_ status: Int32, _ descriptor: Int32) throws {
  guard status != 0 else { return }
  let error = POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO)
  close(descriptor)
  throw error
}
