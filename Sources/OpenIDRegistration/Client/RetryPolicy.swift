/// When a failed call may be sent once more, and after how long.
///
/// Only what did nothing at the provider is ever repeated: a request that was not sent, a refusal for the moment (429, 503, a
/// concurrent write), and a read. A call whose outcome is not known is for its caller to settle.
public struct RetryPolicy: Sendable, Hashable {
  /// How often a call is repeated at most.
  public var maximumRetries: Int
  /// The pause before the first repetition; each later one is twice as long.
  public var firstPause: Duration
  /// The longest pause of our own choice.
  public var longestPause: Duration
  /// The longest that a provider may ask to wait; where it asks for more, the call has failed.
  public var longestWait: Duration

  public init(
    maximumRetries: Int = 5, firstPause: Duration = .milliseconds(300), longestPause: Duration = .seconds(10),
    longestWait: Duration = .seconds(120)
  ) {
    self.maximumRetries = maximumRetries
    self.firstPause = firstPause
    self.longestPause = longestPause
    self.longestWait = longestWait
  }

  public static let none = RetryPolicy(maximumRetries: 0)

  /// How long to wait before the call is sent again; `nil` where it must not be, or not any more.
  ///
  /// - Parameters:
  ///   - attempt: how often the call was sent until now; 1 after the first time.
  ///   - jitter: from 0 to 1; spreads the callers of a provider that turned many away at once over half of the pause.
  public func pause(
    after error: RegistrationError, attempt: Int, jitter: Double = .random(in: 0..<1)
  ) -> Duration? {
    guard attempt <= maximumRetries, mayRepeat(error) else { return nil }
    let share = min(max(jitter, 0), 1)
    if let asked = error.retryAfter, error.code == .tooManyRequests || error.code == .unavailable {
      guard asked <= longestWait else { return nil }
      return asked + firstPause * share
    }
    var pause = firstPause
    for _ in 1..<max(1, attempt) where pause < longestPause { pause *= 2 }
    return min(pause, longestPause) * (0.75 + 0.5 * share)
  }

  /// Makes a call, and makes it again where ``pause(after:attempt:jitter:)`` says so.
  ///
  ///     let created = try await RetryPolicy().repeating { () throws(RegistrationError) in
  ///       try await client.createOidcDynamicClient(metadata, at: endpoint, persist: keep)
  ///     }
  ///
  /// - Parameters:
  ///   - pausing: waits, and says whether to go on; left out, a cancelled task does not.
  ///   - call: one operation.
  /// - Throws: what the last call threw.
  public func repeating<Value>(
    pausing: (Duration) async -> Bool = { await RetryPolicy.sleep(for: $0) },
    _ call: () async throws(RegistrationError) -> Value
  ) async throws(RegistrationError) -> Value {
    var attempt = 1
    while true {
      do { return try await call() } catch {
        guard let pause = pause(after: error, attempt: attempt), await pausing(pause) else { throw error }
        attempt += 1
      }
    }
  }

  /// Whether the whole time passed: a task that is cancelled wakes before.
  public static func sleep(for pause: Duration) async -> Bool {
    do { try await Task.sleep(for: pause) } catch { return false }
    return true
  }

  private func mayRepeat(_ error: RegistrationError) -> Bool {
    guard error.effect == .none else { return false }
    switch error.code {
    case .tooManyRequests, .unavailable: return true
    case .refused: return error.isConcurrentUpdate
    case .serverError: return error.operation.isRead && [502, 504].contains(error.status)
    case .transport(let reason):
      switch reason {
      case .nameNotResolved, .couldNotConnect, .tls: return true
      // A read that waited its whole time would only wait it again; a change that timed out without effect was never connected.
      case .timedOut: return !error.operation.isRead
      case .connectionLost, .other: return true
      case .invalidURL, .invalidRequest, .invalidAnswer, .answerTooLarge, .cancelled: return false
      }
    default: return error.isConcurrentUpdate
    }
  }
}
