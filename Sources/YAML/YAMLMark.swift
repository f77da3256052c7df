/// A place within one source, small enough to stand at every node.
package struct YAMLMark: Sendable, Hashable {
  private let storedLine: UInt32
  private let storedColumn: UInt32

  /// The line, from one.
  package var line: Int { Int(storedLine) }
  /// The column, from one, in Unicode scalars.
  package var column: Int { Int(storedColumn) }

  package init(line: Int, column: Int) {
    storedLine = UInt32(clamping: line)
    storedColumn = UInt32(clamping: column)
  }
}

extension YAMLMark: Comparable {
  package static func < (a: YAMLMark, b: YAMLMark) -> Bool { (a.line, a.column) < (b.line, b.column) }
}
