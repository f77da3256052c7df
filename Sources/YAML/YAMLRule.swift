/// The names of this room's diagnostics, as `docs/rules.md` lists them.
package enum YAMLRule: String, Sendable, CaseIterable {
  /// Not YAML at all.
  case syntax = "yaml-syntax"
  /// A tab where blanks indent.
  case tab = "yaml-tab"
  /// UTF-16, invalid UTF-8, control characters.
  case encoding = "yaml-encoding"
  /// Nested too deep, a text too long, too much behind aliases.
  case limit = "yaml-limit"
  /// A tag that means nothing here.
  case tag = "yaml-tag"
  /// A key that is no text.
  case key = "yaml-key"
  case duplicateKey = "duplicate-key"
  case unknownAlias = "unknown-alias"
  /// An alias within what it names.
  case recursiveAlias = "recursive-alias"
  /// `<<` over something that is no mapping.
  case mergeValue = "merge-value"
  /// A key that two merged mappings bring with different values.
  case mergeConflict = "merge-conflict"
}
