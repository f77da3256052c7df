import Glibc

/// A program that a manifest names and that `--allow-exec` let run: its standard output is the credential.
enum ChildProcess {
  /// What a program gets of the environment: all but the identity that opens the state, and the variables that manifests name as
  /// credentials of a registry.
  static func inherited(_ context: Context) -> [String: String] {
    context.environment.filter { $0.key != "SOPS_AGE_KEY" && !context.credentialVariables.contains($0.key) }
  }

  /// Runs it without a shell, its standard error passed on, and returns what it printed; `nil` where it failed.
  static func output(of arguments: [String], environment: [String: String]) -> [UInt8]? {
    var ends: [Int32] = [0, 0]
    guard let program = arguments.first, unsafe pipe(&ends) == 0 else { return nil }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    unsafe posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO)
    // Threads of Swift's tasks block signals, and a child would inherit that.
    var attributes = posix_spawnattr_t()
    unsafe posix_spawnattr_init(&attributes)
    defer { unsafe posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    unsafe sigemptyset(&none)
    unsafe posix_spawnattr_setsigmask(&attributes, &none)
    unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
    var argv: [UnsafeMutablePointer<CChar>?] = unsafe arguments.map { unsafe strdup($0) } + [nil]
    var envp: [UnsafeMutablePointer<CChar>?] = unsafe environment.map { unsafe strdup("\($0.key)=\($0.value)") } + [nil]
    defer { unsafe (argv + envp).forEach { unsafe free($0) } }
    var pid: pid_t = 0
    let started = unsafe posix_spawnp(&pid, program, &actions, &attributes, &argv, &envp)
    close(ends[1])
    defer { close(ends[0]) }
    guard started == 0 else { return nil }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = unsafe read(ends[0], &buffer, buffer.count)
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { break }
      bytes += buffer[..<count]
    }
    var status: Int32 = 0
    while unsafe waitpid(pid, &status, 0) < 0 && errno == EINTR {}
    return status == 0 ? bytes : nil
  }
}
