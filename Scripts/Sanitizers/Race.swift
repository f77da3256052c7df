import Synchronization

// A lock that threads fight for, then, where the program is called with an argument, a race beside it. ThreadSanitizer must be
// silent about the one and report the other; otherwise its silence about anything else means nothing.

let numbers = Mutex<[Int]>([])
nonisolated(unsafe) var unguarded = 0

let isRacing = CommandLine.arguments.count > 1
await withTaskGroup(of: Void.self) { group in
  for _ in 0..<8 {
    group.addTask {
      for index in 0..<5000 {
        numbers.withLock { numbers in
          numbers.append(index)
          // Long enough for the others to wait, which takes them the slow way.
          for _ in 0..<(index % 100 == 0 ? 20_000 : 0) { numbers[0] += 1 }
        }
        if isRacing { unguarded += 1 }
      }
    }
  }
}
