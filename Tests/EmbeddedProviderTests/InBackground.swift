import Foundation

/// Does blocking work on a thread of its own: the threads that run tasks are few, and a test may need them all.
func inBackground<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
  try await withCheckedThrowingContinuation { continuation in
    Thread { continuation.resume(with: Result(catching: work)) }.start()
  }
}
