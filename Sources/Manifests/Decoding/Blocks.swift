import Dispatch
import Synchronization

/// Work on ranges of something, on all cores where there is much of it. What comes out stands in the order of the ranges.
enum Blocks {
  static func map<Result: Sendable>(_ blocks: [Range<Int>], _ body: @Sendable (Range<Int>) -> Result) -> [Result] {
    guard blocks.count > 1 else { return blocks.map(body) }
    let results = Mutex<[Result?]>(Array(repeating: nil, count: blocks.count))
    DispatchQueue.concurrentPerform(iterations: blocks.count) { index in
      let result = body(blocks[index])
      results.withLock { $0[index] = result }
    }
    return results.withLock { $0.compactMap { $0 } }
  }

  /// Ranges that cover `0..<count`, each of which weighs about as much as is worth a thread's while.
  static func ranges(_ count: Int, weighing limit: Int, weight: (Int) -> Int) -> [Range<Int>] {
    var ranges: [Range<Int>] = []
    var start = 0
    var total = 0
    for index in 0..<count {
      total += weight(index)
      if total >= limit {
        ranges.append(start..<index + 1)
        (start, total) = (index + 1, 0)
      }
    }
    if start < count { ranges.append(start..<count) }
    return ranges
  }
}
