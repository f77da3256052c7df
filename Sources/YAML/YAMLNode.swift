/// A value in a YAML document, with aliases expanded and merge keys resolved, and the place where it is written.
///
/// Nothing is typed here: whether `no` is a text or a truth value is for whoever knows what belongs there.
package struct YAMLNode: Sendable {
  package enum Content: Sendable {
    case scalar(YAMLScalar)
    case sequence([YAMLNode])
    case mapping([YAMLEntry])
  }

  package var content: Content
  /// Where the value begins. Of an alias: where the alias stands; what is within it keeps the places where it was written.
  package var start: YAMLMark
  /// The place behind the value's last character.
  package var end: YAMLMark

  package init(_ content: Content, start: YAMLMark, end: YAMLMark) {
    self.content = content
    self.start = start
    self.end = end
  }
}

/// A text, and whether its spelling leaves open what it is.
package struct YAMLScalar: Sendable, Hashable {
  package var text: String
  /// Written without quotes, so that a schema may read it as a number, a truth value or null. Quoted texts, block scalars and
  /// what is tagged `!!str` are texts.
  package var isPlain: Bool

  package init(_ text: String, isPlain: Bool) {
    self.text = text
    self.isPlain = isPlain
  }
}

/// One key of a mapping and its value. A struct of its own: an enum cannot carry an array of tuples of itself across files.
package struct YAMLEntry: Sendable {
  package var key: YAMLKey
  package var value: YAMLNode

  package init(key: YAMLKey, value: YAMLNode) {
    self.key = key
    self.value = value
  }
}

/// The key of a mapping: always a text here.
package struct YAMLKey: Sendable {
  package var text: String
  package var start: YAMLMark
  package var end: YAMLMark

  package init(_ text: String, start: YAMLMark, end: YAMLMark) {
    self.text = text
    self.start = start
    self.end = end
  }
}

extension YAMLNode {
  /// Whether this is null as YAML's core schema spells it: nothing at all, `~` or `null`, without quotes.
  package var isNull: Bool {
    guard case .scalar(let scalar) = content, scalar.isPlain else { return false }
    return switch scalar.text {
    case "", "~", "null", "Null", "NULL": true
    default: false
    }
  }

  /// The entries, where this is a mapping.
  package var entries: [YAMLEntry]? {
    if case .mapping(let entries) = content { entries } else { nil }
  }

  /// The elements, where this is a sequence.
  package var elements: [YAMLNode]? {
    if case .sequence(let elements) = content { elements } else { nil }
  }

  /// The scalar, where this is one.
  package var scalar: YAMLScalar? {
    if case .scalar(let scalar) = content { scalar } else { nil }
  }

  /// The value under that key, where this is a mapping that has it.
  package subscript(key: String) -> YAMLNode? { entry(key)?.value }

  /// The entry of that key, where this is a mapping that has it.
  package func entry(_ key: String) -> YAMLEntry? { entries?.first { $0.key.text == key } }

  /// Whether both say the same, wherever they stand.
  package func saysTheSame(as other: YAMLNode) -> Bool {
    switch (content, other.content) {
    case (.scalar(let a), .scalar(let b)): a == b
    case (.sequence(let a), .sequence(let b)):
      a.count == b.count && zip(a, b).allSatisfy { $0.saysTheSame(as: $1) }
    case (.mapping(let a), .mapping(let b)):
      a.count == b.count && a.allSatisfy { entry in other[entry.key.text].map(entry.value.saysTheSame) ?? false }
    default: false
    }
  }
}
