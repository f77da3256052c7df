import COpenIDMicroHTTPD
import Synchronization

/// One request from its first line to the end of its answer.
///
/// The thread that has the connection fills it. Once the request is whole, the answer may come from any thread; until it does, the
/// connection is suspended, and its thread serves others.
@safe final class Exchange: @unchecked Sendable {
  /// How far the request has come.
  enum Phase {
    case started
    case reading
    /// What arrives is thrown away: the request is refused when it has come to its end.
    case discarding(ServerAnswer)
    case handled
  }

  private struct Outcome {
    var answer: ServerAnswer?
    var suspended: SuspendedConnection?
  }

  /// The path and the query as they were sent.
  let target: String
  let connection: ServerConnection
  private let outcome = Mutex(Outcome())
  private let began = ContinuousClock.now
  // What follows is for the connection's thread alone.
  var phase = Phase.started
  var method = ""
  var body: [UInt8] = []
  var discarded = 0
  /// How much of the memory for bodies it takes.
  var heldBytes = 0
  /// Whether the handler has it: then it counts in the server's load.
  var isHandedOver = false

  init(target: String, on connection: ServerConnection) {
    self.target = target
    self.connection = connection
  }

  /// Gives the answer; the first one counts. Whether this was it.
  @discardableResult
  func reply(_ answer: ServerAnswer) -> Bool {
    outcome.withLock { outcome in
      guard outcome.answer == nil else { return false }
      outcome.answer = answer
      outcome.suspended?.resume()
      outcome.suspended = nil
      return true
    }
  }

  /// The answer; where there is none so far the connection is suspended until it comes.
  func answer(orSuspend connection: OpaquePointer) -> ServerAnswer? {
    outcome.withLock { outcome in
      if outcome.answer == nil { outcome.suspended = unsafe SuspendedConnection(suspending: connection) }
      return outcome.answer
    }
  }

  /// The answer, where there is one.
  var answer: ServerAnswer? { outcome.withLock { $0.answer } }

  /// A line for the log. The query stays out of it, for it may carry a token.
  var logLine: String {
    let path = target.prefix { $0 != "?" }
    let ending = answer.map { $0.delivery == .none ? "no answer" : String($0.status) } ?? "broken off"
    let (seconds, attoseconds) = (ContinuousClock.now - began).components
    return "\(method) \(path) \(ending) \(seconds * 1_000_000 + attoseconds / 1_000_000_000_000) µs"
  }
}

/// A connection that waits to be resumed, which may be done once and from any thread.
@safe private struct SuspendedConnection: @unchecked Sendable {
  private let connection: OpaquePointer

  init(suspending connection: OpaquePointer) {
    unsafe self.connection = connection
    unsafe MHD_suspend_connection(connection)
  }

  func resume() { unsafe MHD_resume_connection(connection) }
}
