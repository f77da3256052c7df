/// Runs an operation for each element, at most so many at once, and hands each result over as it comes.
///
/// Results come home as values: one that failed does not cancel the rest.
///
/// - Parameter executor: where all of this runs; on Swift's threads for `nil`.
func forEach<Element: Sendable, Result: Sendable>(
  _ elements: [Element], atMost limit: Int, on executor: (any TaskExecutor)?,
  do operation: @escaping @Sendable (Element) async -> Result, then receive: (Result) -> Void
) async {
  // Where each result is taken and the next operation begun, too: no other thread is woken between two.
  await withTaskExecutorPreference(executor) {
    await withTaskGroup(of: Result.self) { group in
      var waiting = elements.makeIterator()
      for _ in 0..<max(1, limit) {
        guard let element = waiting.next() else { break }
        group.addTask { await operation(element) }
      }
      while let result = await group.next() {
        receive(result)
        if let element = waiting.next() { group.addTask { await operation(element) } }
      }
    }
  }
}
