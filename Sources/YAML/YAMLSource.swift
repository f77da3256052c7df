/// A text in YAML, or in JSON as YAML's subset, and the name of the file that it came from.
package struct YAMLSource: Sendable {
  /// What diagnostics call the file.
  package var file: String
  package var bytes: [UInt8]

  package init(file: String, bytes: [UInt8]) {
    self.file = file
    self.bytes = bytes
  }
}

/// How much a source may ask for before it is refused.
package struct YAMLLimits: Sendable {
  /// How deep sequences and mappings may be nested. libyaml's time grows with the square of it.
  package var depth = 64
  /// How many values one document may hold.
  package var nodes = 5_000_000
  /// How many elements or keys one sequence or mapping may have.
  package var children = 1_000_000
  /// How many bytes one text, comment or run of blanks may take.
  package var tokenBytes = 1 << 20
  /// How many nodes aliases may bring without more ado…
  package var freeExpansion = 10_000
  /// … and how many more for each node that is written out.
  package var expansionFactor = 10
  /// How many problems are told of one source.
  package var problems = 100

  package init() {}
}
