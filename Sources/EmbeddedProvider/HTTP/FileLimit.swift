#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// How many files and connections the process may have open.
enum FileLimit {
  #if canImport(Glibc)
    private static let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
  #else
    private static let resource = RLIMIT_NOFILE
  #endif

  /// Asks for so many where there are fewer; how many it is then.
  static func raise(to wanted: Int) -> Int {
    var limit = rlimit()
    guard unsafe getrlimit(resource, &limit) == 0 else { return wanted }
    if limit.rlim_cur < rlim_t(clamping: wanted) {
      limit.rlim_cur = min(rlim_t(clamping: wanted), limit.rlim_max)
      _ = unsafe setrlimit(resource, &limit)
      guard unsafe getrlimit(resource, &limit) == 0 else { return wanted }
    }
    return Int(clamping: limit.rlim_cur)
  }
}
