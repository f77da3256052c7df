/// A place in a file that a person wrote: what `file:line:column` says.
package struct SourcePlace: Sendable, Hashable, CustomStringConvertible {
  /// The path as the user named it, relative to where the command ran; `-` for standard input.
  package var file: String
  /// The line, from one.
  package var line: Int
  /// The column, from one, in Unicode scalars.
  package var column: Int

  package init(file: String, line: Int, column: Int) {
    self.file = file
    self.line = line
    self.column = column
  }

  package var description: String { "\(file):\(line):\(column)" }
}

extension SourcePlace: Comparable {
  package static func < (a: SourcePlace, b: SourcePlace) -> Bool {
    (a.file, a.line, a.column) < (b.file, b.line, b.column)
  }
}
