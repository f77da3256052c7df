/// The offending line, and what of it is meant.
package struct Excerpt: Sendable, Hashable {
  /// The line's text, without its end. Long lines are cut around the place by whoever renders.
  package var text: String
  /// The line's number, from one.
  package var line: Int
  /// Where the marked part begins: a column from one, in Unicode scalars.
  package var column: Int
  /// How many Unicode scalars are marked; at least one.
  package var width: Int

  package init(text: String, line: Int, column: Int, width: Int) {
    self.text = text
    self.line = line
    self.column = column
    self.width = max(1, width)
  }
}
