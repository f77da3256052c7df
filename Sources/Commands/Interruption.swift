package import Applying
import Glibc
import Synchronization

/// Ctrl-C, SIGTERM and SIGHUP: the first asks the run to stop in order, a second Ctrl-C or SIGTERM ends the process.
///
/// A hang-up never does: a terminal that closes sends one, and its shell another, and nobody asked twice.
package enum Interruption {
  package static let signal = StopSignal()
  private static let seconds = 5
  private static let wasAsked = Atomic<Bool>(false)

  /// Takes over the signals, and SIGPIPE, which a closed pipe answers anyway. A hang-up that is ignored, as under nohup, stays so.
  package static func install() {
    _ = Glibc.signal(SIGPIPE, SIG_IGN)
    // A limit to the size of files is an error of the write, as a full disk is.
    _ = Glibc.signal(SIGXFSZ, SIG_IGN)
    // A signal's handler is no place for them to be made in.
    _ = (signal.isRequested, wasAsked.load(ordering: .relaxed))
    for number in isIgnored(SIGHUP) ? [SIGINT, SIGTERM] : [SIGHUP, SIGINT, SIGTERM] {
      _ = Glibc.signal(number) { number in
        if number != SIGHUP, Interruption.wasAsked.exchange(true, ordering: .sequentiallyConsistent) { _exit(128 + number) }
        Interruption.signal.request()
      }
    }
  }

  private static func isIgnored(_ number: Int32) -> Bool {
    var action = sigaction()
    guard unsafe sigaction(number, nil, &action) == 0, action.sa_flags & SA_SIGINFO == 0 else { return false }
    return unsafe unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
  }

  /// Runs the work, and cancels it where it has not ended five seconds after the stop was asked for: a runner kills soon after.
  package static func guarding(_ work: @escaping @Sendable () async -> Int32) async -> Int32 {
    let task = Task { await work() }
    let watch = Task {
      while !signal.isRequested {
        do { try await Task.sleep(for: .milliseconds(50)) } catch { return }
      }
      do { try await Task.sleep(for: .seconds(seconds)) } catch { return }
      task.cancel()
    }
    let status = await task.value
    watch.cancel()
    return status
  }
}
