#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

// Names that methods of ours would hide.

func systemClose(_ descriptor: CInt) -> CInt { close(descriptor) }

/// Ends both directions of a connection; the descriptor stays its owner's.
func endConnection(_ descriptor: CInt) { _ = shutdown(descriptor, CInt(SHUT_RDWR)) }

/// Of each connection, whether its other end will send nothing more.
func peersAreGone(_ descriptors: [CInt]) -> [Bool] {
  #if os(Linux)
    // POLLRDHUP, which is Linux's own.
    let event: CShort = 0x2000
    var questions = descriptors.map { pollfd(fd: $0, events: event, revents: 0) }
    let count = nfds_t(questions.count)
    guard unsafe questions.withUnsafeMutableBufferPointer({ unsafe poll($0.baseAddress, count, 0) }) > 0 else {
      return descriptors.map { _ in false }
    }
    return questions.map { $0.revents & event != 0 }
  #else
    // libmicrohttpd uses poll there, which tells of an end as often as it is asked.
    return descriptors.map { _ in false }
  #endif
}
