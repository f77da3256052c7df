import Synchronization

/// The faults that are to come, and how many calls each has counted.
final class FaultPlan: Sendable {
  struct Entry: Sendable {
    let fault: Fault
    /// Calls of its operation since the plan came.
    var calls = 0
    /// Those of them that it acted on.
    var hits = 0
  }

  private let entries: Mutex<[Entry]>

  init(_ faults: [Fault]) { entries = Mutex(faults.map { Entry(fault: $0) }) }

  /// The plan as it stands.
  var current: [Entry] { entries.withLock { $0 } }

  func replace(_ faults: [Fault]) { entries.withLock { $0 = faults.map { Entry(fault: $0) } } }

  /// Counts a call; what goes wrong with it, in order.
  func due(for operation: Fault.Operation) -> [Fault] {
    entries.withLock { entries in
      var due: [Fault] = []
      for index in entries.indices where entries[index].fault.covers(operation) {
        entries[index].calls += 1
        let fault = entries[index].fault
        guard fault.hits(call: entries[index].calls) else { continue }
        entries[index].hits += 1
        due.append(fault)
      }
      return due
    }
  }
}

extension Fault {
  fileprivate func covers(_ operation: Operation) -> Bool {
    self.operation == operation || self.operation == .any && operation != .admin
  }

  fileprivate func hits(call number: Int) -> Bool {
    guard number >= call else { return false }
    return times.map { number - call < $0 } ?? true
  }
}
