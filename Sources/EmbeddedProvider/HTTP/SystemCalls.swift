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
