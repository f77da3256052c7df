import COpenIDMicroHTTPD

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A TCP socket that listens. Made here, and not by libmicrohttpd, so that what is wrong can be said.
struct ListeningSocket {
  let descriptor: CInt
  /// The port in use, where a free one was asked for.
  let port: Int
  /// Who can reach it.
  let reach: Reach

  enum Reach: Sendable {
    /// This machine alone.
    case loopback
    /// Whoever reaches the one address that was named.
    case address
    /// Whoever reaches any address of this machine: `0.0.0.0` and `::`.
    case everyAddress
  }

  init(host: String, port: Int) throws(EmbeddedProviderError) {
    guard (0...65_535).contains(port) else {
      throw EmbeddedProviderError(.cannotListen, "There is no port \(port): ports go from 0, for a free one, to 65535.")
    }
    var failure: CInt = 0
    var found: CInt = -1
    try unsafe ListeningSocket.withAddresses(of: host, port: port) { address in
      guard found < 0 else { return }
      found = unsafe ListeningSocket.open(address)
      if found < 0 { failure = errno }
    }
    guard found >= 0 else {
      if failure == EADDRINUSE {
        throw EmbeddedProviderError(
          .portInUse, "Port \(port) of \(host) is in use by another program. Name another port, or 0 for a free one.")
      }
      throw EmbeddedProviderError(.cannotListen, "\(host), port \(port), cannot be listened on: \(systemMessage(failure)).")
    }
    descriptor = found
    (self.port, reach) = ListeningSocket.name(of: found)
  }

  func close() { _ = systemClose(descriptor) }

  private static func withAddresses(
    of host: String, port: Int, _ body: (UnsafeMutablePointer<addrinfo>) -> Void
  ) throws(EmbeddedProviderError) {
    var hints = unsafe addrinfo()
    unsafe hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV
    #if canImport(Glibc)
      unsafe hints.ai_socktype = CInt(SOCK_STREAM.rawValue)
    #else
      unsafe hints.ai_socktype = SOCK_STREAM
    #endif
    var list: UnsafeMutablePointer<addrinfo>?
    let status = unsafe getaddrinfo(host, String(port), &hints, &list)
    guard status == 0 else {
      let words = unsafe gai_strerror(status).map { unsafe String(cString: $0) } ?? "error \(status)"
      throw EmbeddedProviderError(.cannotListen, "\"\(host)\" is no address to listen on: \(words).")
    }
    defer { unsafe freeaddrinfo(list) }
    var next = unsafe list
    while let address = unsafe next {
      unsafe body(address)
      unsafe next = address.pointee.ai_next
    }
  }

  private static func open(_ address: UnsafeMutablePointer<addrinfo>) -> CInt {
    let descriptor = unsafe socket(
      address.pointee.ai_family, address.pointee.ai_socktype, address.pointee.ai_protocol)
    guard descriptor >= 0 else { return -1 }
    var on: CInt = 1
    // A port whose last connections are still winding down may be taken at once.
    unsafe setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<CInt>.size))
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
    guard unsafe bind(descriptor, address.pointee.ai_addr, address.pointee.ai_addrlen) == 0, listen(descriptor, 511) == 0
    else {
      let failure = errno
      _ = systemClose(descriptor)
      errno = failure
      return -1
    }
    return descriptor
  }

  private static func name(of descriptor: CInt) -> (port: Int, reach: Reach) {
    var storage = sockaddr_storage()
    var size = socklen_t(MemoryLayout<sockaddr_storage>.size)
    return unsafe withUnsafeMutablePointer(to: &storage) { storage in
      unsafe storage.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        guard unsafe getsockname(descriptor, address, &size) == 0 else { return (0, .everyAddress) }
        // The port stands at the same place for IPv4 and IPv6.
        let port = unsafe address.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
          Int(UInt16(bigEndian: unsafe $0.pointee.sin_port))
        }
        return (port, unsafe reach(of: address, isIPv6: Int(size) == MemoryLayout<sockaddr_in6>.size))
      }
    }
  }

  private static func reach(of address: UnsafePointer<sockaddr>, isIPv6: Bool) -> Reach {
    if isIPv6 {
      let bytes = unsafe address.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) {
        unsafe withUnsafeBytes(of: $0.pointee.sin6_addr) { unsafe Array($0) }
      }
      guard bytes.dropLast().allSatisfy({ $0 == 0 }) else { return .address }
      return bytes.last == 0 ? .everyAddress : bytes.last == 1 ? .loopback : .address
    }
    let first = unsafe address.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
      UInt32(bigEndian: unsafe $0.pointee.sin_addr.s_addr)
    }
    return first == 0 ? .everyAddress : first >> 24 == 127 ? .loopback : .address
  }
}
