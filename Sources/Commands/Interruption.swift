package import Applying
import Glibc
import Synchronization

/// Ctrl-C and SIGTERM: the first asks the run to stop in order, the second ends the process.
package enum Interruption {
  package static let signal = StopSignal()
  private static let seconds = 5

  /// Takes over both signals, and SIGPIPE, which a closed pipe answers anyway.
  package static func install() {
    _ = Glibc.signal(SIGPIPE, SIG_IGN)
    // A limit to the size of files is an error of the write, as a full disk is.
    _ = Glibc.signal(SIGXFSZ, SIG_IGN)
    for number in [SIGINT, SIGTERM] {
      _ = Glibc.signal(number) { number in
        if Interruption.signal.isRequested { _exit(128 + number) }
        Interruption.signal.request()
      }
    }
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
