/// Runs an operation for each element, at most so many at once, and hands each result over as it comes.
///
/// Results come home as values: one that failed does not cancel the rest.
func forEach<Element: Sendable, Result: Sendable>(
  _ elements: [Element], atMost limit: Int, do operation: @escaping @Sendable (Element) async -> Result,
  then receive: (Result) -> Void
) async {
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
