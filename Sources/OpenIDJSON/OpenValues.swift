/// What the parser has read of arrays and objects that are still open, the innermost last.
///
/// A value moves into its array when that is complete, rather than being copied out and destroyed.
@safe struct OpenValues<Value>: ~Copyable {
  /// `nil` until something is read: most documents are small, and memory is not free.
  private var start: UnsafeMutablePointer<Value>?
  private var capacity = 0
  private(set) var count = 0

  deinit {
    unsafe start?.deinitialize(count: count)
    unsafe start?.deallocate()
  }

  subscript(index: Int) -> Value {
    precondition(index >= 0 && index < count)
    return unsafe start.unsafelyUnwrapped[index]
  }

  mutating func append(_ value: consuming Value) {
    let room = unsafe count < capacity ? start.unsafelyUnwrapped : grow()
    unsafe (room + count).initialize(to: value)
    count += 1
  }

  private mutating func grow() -> UnsafeMutablePointer<Value> {
    // A client has about fifty members.
    let larger = max(64, capacity * 2)
    let next = UnsafeMutablePointer<Value>.allocate(capacity: larger)
    if let start = unsafe start {
      unsafe next.moveInitialize(from: start, count: count)
      unsafe start.deallocate()
    }
    unsafe start = next
    capacity = larger
    return unsafe next
  }

  /// Takes out the values from that one on.
  mutating func take(since first: Int) -> [Value] {
    precondition(first >= 0 && first <= count)
    let size = count - first
    count = first
    guard size > 0, let start = unsafe start else { return [] }
    // One by one: the initializer that takes memory as it is looks its type up at run time, which costs more than most arrays here.
    var values: [Value] = []
    values.reserveCapacity(size)
    for offset in 0..<size { unsafe values.append((start + first + offset).move()) }
    return values
  }
}
