import Rendering
import Synchronization

/// Says how far long work is: on a terminal one line that rewrites itself, elsewhere a line every five seconds.
final class Progress: Sendable {
  private let context: Context
  private let isQuiet: Bool
  private let start = ContinuousClock.now
  private let last: Mutex<(shown: ContinuousClock.Instant, isOnLine: Bool)>

  init(_ context: Context, isQuiet: Bool) {
    self.context = context
    self.isQuiet = isQuiet
    last = Mutex((start, false))
  }

  func show(_ verb: String, _ done: Int, _ total: Int) {
    guard !isQuiet, total > 0 else { return }
    let now = ContinuousClock.now
    let pause: Duration = context.outputIsTerminal ? .milliseconds(200) : .seconds(5)
    let isDue = last.withLock { last in
      guard last.shown.duration(to: now) >= pause else { return false }
      last = (now, context.outputIsTerminal)
      return true
    }
    guard isDue else { return }
    let seconds = max(0.001, start.duration(to: now) / .seconds(1))
    let rate = Double(done) / seconds
    let left = rate > 0 ? Int(Double(total - done) / rate) : 0
    let line = "\(verb)  \(grouped(done)) of \(grouped(total))   \(grouped(Int(rate)))/s   about \(left) s left"
    context.printError(context.outputIsTerminal ? "\r\u{1b}[K\(line)" : line + "\n")
  }

  /// Takes the line away.
  func end() {
    if last.withLock({ $0.isOnLine }) { context.printError("\r\u{1b}[K") }
  }
}
