extension Composer {
  /// The entries that a merge key brings: those of its mappings, without keys that the mapping itself has.
  ///
  /// The merge key is a custom of YAML 1.1 (yaml.org/type/merge.html), which lets the first of several mappings win. Here, two
  /// that disagree are a mistake: nobody who reads the file could tell which one counts.
  mutating func merged(_ merge: YAMLEntry, under own: [YAMLEntry]) -> [YAMLEntry] {
    var sources: [YAMLNode] = []
    switch merge.value.content {
    case .mapping: sources = [merge.value]
    case .sequence(let elements): sources = elements
    case .scalar: noteNoMapping(merge.value)
    }
    let ownKeys = Set(own.map(\.key.text))
    var brought: [YAMLEntry] = []
    var indices: [String: Int] = [:]
    for source in sources {
      guard let entries = source.entries else {
        noteNoMapping(source)
        continue
      }
      for entry in entries where !ownKeys.contains(entry.key.text) {
        if let index = indices[entry.key.text] {
          guard !brought[index].value.saysTheSame(as: entry.value) else { continue }
          note(
            .mergeConflict, "two merged mappings bring \(quoted(entry.key.text)) with different values", source.start,
            source.end, hint: "Say which by writing \(entry.key.text) beside \"<<\", or take it out of one of them.")
        } else {
          indices[entry.key.text] = brought.count
          brought.append(entry)
        }
      }
    }
    return brought
  }

  private mutating func noteNoMapping(_ node: YAMLNode) {
    markBroken()
    note(
      .mergeValue, "\"<<\" takes a mapping or a list of mappings", node.start, node.end,
      hint: "Name the anchor of a mapping: \"<<: *NAME\", or \"<<: [*ONE, *OTHER]\".")
  }
}
