import Foundation
import Glibc

/// A process of its own, started as a shell would: no signal blocked, nothing inherited but what is named.
///
/// Not Foundation's `Process`: that waits until also the servers have ended that a script left behind, for they inherit its socket.
struct Child {
  let pid: pid_t

  /// - Parameter errors: where its errors go; with its output unless said otherwise.
  init(_ words: [String], environment: [String: String], output: String = "/dev/null", errors: String? = nil) throws {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    for (descriptor, path) in [(STDOUT_FILENO, output), (STDERR_FILENO, errors ?? output)] {
      posix_spawn_file_actions_addopen(&actions, descriptor, path, O_WRONLY | O_CREAT | O_APPEND, 0o600)
    }
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
    let argv = words.map { strdup($0) } + [nil]
    // What `make sanitize` tells a sanitizer holds in every process.
    let sanitizers = ProcessInfo.processInfo.environment.filter { ["ASAN_OPTIONS", "TSAN_OPTIONS"].contains($0.key) }
    let envp = environment.merging(sanitizers) { $1 }.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for pointer in argv + envp { free(pointer) } }
    var started: pid_t = 0
    guard posix_spawn(&started, words[0], &actions, &attributes, argv, envp) == 0 else { throw CocoaError(.executableLoad) }
    pid = started
  }

  /// Sends a signal and waits for the end.
  func end(by signal: Int32) -> Int32 {
    kill(pid, signal)
    return wait()
  }

  /// Sends a signal as soon as it is time, and waits for the end, on a thread of its own: the tasks of other tests may keep all of
  /// the pool's threads waiting.
  func ended(by signal: Int32, when isTime: @escaping @Sendable () -> Bool) async -> Int32 {
    await withCheckedContinuation { continuation in
      Thread.detachNewThread {
        while !isTime() { usleep(10_000) }
        continuation.resume(returning: end(by: signal))
      }
    }
  }

  /// Waits for the end on a thread of its own.
  func ended() async -> Int32 {
    await withCheckedContinuation { continuation in
      Thread.detachNewThread { continuation.resume(returning: wait()) }
    }
  }

  /// The status as `waitpid` has it: 0 for an exit with 0.
  func wait() -> Int32 {
    var status: Int32 = 0
    while waitpid(pid, &status, 0) < 0 && errno == EINTR {}
    return status
  }

  /// The clientsync that was built with these tests.
  static let clientsync = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent().appending(path: "clientsync").path
}
