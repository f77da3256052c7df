/// The one thread that changes the store. Jobs that come while it commits share the next commit.
final class Writer: Sendable {
  /// What to do within a transaction, and what to do with the outcome once it is durable.
  private struct Job: Sendable {
    let work: @Sendable (SQLiteConnection) -> (@Sendable (StoreError?) -> Void)
    let refuse: @Sendable (StoreError) -> Void
  }

  private struct Queue {
    var jobs: [Job] = []
    var isClosed = false
  }

  /// So that the first of a long queue do not wait for the last.
  private static let largestGroup = 256

  private let queue = Monitor(Queue())
  private let thread: WorkerThread

  /// - Returns: `nil` where the system has no thread to give.
  init?(_ store: Store) {
    let queue = queue
    let thread = WorkerThread {
      while let jobs = queue.wait(for: Writer.next) { Writer.commit(jobs, store) }
    }
    guard let thread else { return nil }
    self.thread = thread
  }

  /// Does the work within the next transaction and hands over its result when that is durable, or why there is none.
  func submit<Value: Sendable>(
    _ work: @escaping @Sendable (SQLiteConnection) throws(StoreError) -> Value,
    then finish: @escaping @Sendable (Result<Value, StoreError>) -> Void
  ) {
    let job = Job(
      work: { connection in
        do throws(StoreError) {
          let value = try work(connection)
          return { failure in finish(failure.map { .failure($0) } ?? .success(value)) }
        } catch {
          return { _ in finish(.failure(error)) }
        }
      }, refuse: { finish(.failure($0)) })
    queue.update { $0.jobs.append(job) }
  }

  /// Ends the thread when every job has had its commit.
  func close() {
    queue.update { $0.isClosed = true }
    thread.join()
  }

  private static func next(_ queue: inout Queue) -> [Job]?? {
    if queue.jobs.isEmpty { return queue.isClosed ? .some(nil) : nil }
    let group = Array(queue.jobs.prefix(largestGroup))
    queue.jobs.removeFirst(group.count)
    return group
  }

  private static func commit(_ jobs: [Job], _ store: Store) {
    var endings: [@Sendable (StoreError?) -> Void] = []
    var failure: StoreError?
    do throws(StoreError) {
      try store.writing.use { connection throws(StoreError) in
        try connection.execute("BEGIN IMMEDIATE")
        do throws(StoreError) {
          for job in jobs {
            endings.append(job.work(connection))
            // A full disk ends the transaction by itself; what came after would stand alone.
            guard !connection.isAutocommitting else { throw StoreError(code: .other, message: "the transaction was ended") }
          }
          try connection.execute("COMMIT")
        } catch {
          if !connection.isAutocommitting { try? connection.execute("ROLLBACK") }
          throw error
        }
      }
    } catch {
      failure = error
    }
    for end in endings { end(failure) }
    if let failure { for job in jobs.dropFirst(endings.count) { job.refuse(failure) } }
  }
}
