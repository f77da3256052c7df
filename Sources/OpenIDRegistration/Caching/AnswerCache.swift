import Synchronization

/// Answers that may be used again, and calls under way that many wait for. Only successes are kept.
final class AnswerCache<Value: Sendable>: Sendable {
  typealias Answer = Result<Value, RegistrationError>
  /// What a call brought, and for how long it may be used from the moment at which the call began.
  typealias Load = @Sendable () async throws(RegistrationError) -> (value: Value, lifetime: Duration)

  private struct Flight {
    let id: Int
    var task: Task<Void, Never>?
    var waiting: [Int: CheckedContinuation<Answer?, Never>] = [:]
  }

  private struct Contents {
    var kept: [String: (value: Value, until: ContinuousClock.Instant)] = [:]
    var flights: [String: Flight] = [:]
    var count = 0
  }

  private let contents = Mutex(Contents())
  private let now: @Sendable () -> ContinuousClock.Instant

  init(now: @escaping @Sendable () -> ContinuousClock.Instant) { self.now = now }

  /// What is kept and still fresh.
  func kept(_ key: String) -> Value? {
    let now = now()
    return contents.withLock { contents in contents.kept[key].flatMap { $0.until > now ? $0.value : nil } }
  }

  /// What is kept; else the answer of the call under way; else that of a new call.
  ///
  /// - Parameter fresh: whether what is kept is passed over. A call under way counts as fresh.
  /// - Returns: `nil` where the task was cancelled. The call goes on for the others that wait for it; the last one ends it.
  func answer(for key: String, fresh: Bool = false, load: @escaping Load) async -> Answer? {
    if !fresh, let value = kept(key) { return .success(value) }
    let ticket = contents.withLock { contents in
      contents.count += 1
      return contents.count
    }
    return await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in wait(for: key, ticket, continuation, load) }
    } onCancel: {
      leave(key, ticket)
    }
  }

  /// How many wait for the call under way.
  func waiting(for key: String) -> Int { contents.withLock { $0.flights[key]?.waiting.count ?? 0 } }

  func removeAll() { contents.withLock { $0.kept = [:] } }

  private func wait(
    for key: String, _ ticket: Int, _ continuation: CheckedContinuation<Answer?, Never>, _ load: @escaping Load
  ) {
    // Cancelled before it was written down: nobody would wake it.
    if Task.isCancelled { return continuation.resume(returning: nil) }
    contents.withLock { contents in
      contents.flights[key, default: Flight(id: ticket)].waiting[ticket] = continuation
      guard contents.flights[key]?.task == nil else { return }
      contents.flights[key]?.task = Task { await self.fly(key, ticket, load) }
    }
    // Cancelled between the two: `leave` may have looked before.
    if Task.isCancelled { leave(key, ticket) }
  }

  private func fly(_ key: String, _ id: Int, _ load: Load) async {
    let start = now()
    let answer: Result<(value: Value, lifetime: Duration), RegistrationError>
    do throws(RegistrationError) { answer = .success(try await load()) } catch { answer = .failure(error) }
    let waiting = contents.withLock { contents -> [CheckedContinuation<Answer?, Never>] in
      guard let flight = contents.flights[key], flight.id == id else { return [] }
      contents.flights[key] = nil
      if case .success(let (value, lifetime)) = answer {
        contents.kept[key] = lifetime > .zero ? (value, start + lifetime) : nil
      }
      return Array(flight.waiting.values)
    }
    for continuation in waiting { continuation.resume(returning: answer.map(\.value)) }
  }

  private func leave(_ key: String, _ ticket: Int) {
    let (continuation, task) = contents.withLock { contents -> (CheckedContinuation<Answer?, Never>?, Task<Void, Never>?) in
      guard let continuation = contents.flights[key]?.waiting.removeValue(forKey: ticket) else { return (nil, nil) }
      guard let flight = contents.flights[key], flight.waiting.isEmpty else { return (continuation, nil) }
      contents.flights[key] = nil
      return (continuation, flight.task)
    }
    continuation?.resume(returning: nil)
    task?.cancel()
  }
}
