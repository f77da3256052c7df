import Applying
import FoundationEssentials
import State

/// What to say where the clock stands before a time that is past: it went back, or another machine's is ahead.
enum ClockCheck {
  /// Clocks of two machines differ by seconds; by more something is wrong.
  private static let tolerance = 120.0

  static func warn(_ opened: OpenedState, _ path: String, _ context: Context) {
    let now = context.now()
    guard let text = opened.writtenAt, let written = try? Date(text, strategy: .iso8601),
      written.timeIntervalSince(now) > tolerance
    else { return }
    context.printError(
      "warning: \(path) was written at \(text), and this machine's clock says \(Timestamp.text(now)): one of the two clocks is wrong. How long a call may have been under way is told by the clock, so set it right before apply.\n"
    )
  }
}
