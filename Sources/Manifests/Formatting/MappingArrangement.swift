import YAML

/// The lines of a block mapping in the order of its table.
struct MappingArrangement {
  private let lines: FormattedLines

  init(_ lines: FormattedLines) { self.lines = lines }

  /// - Parameter range: The mapping's lines: from its first key, or the comments above it, to its end.
  func arranged(_ entries: [YAMLEntry], _ schema: ObjectSchema?, _ range: Range<Int>) -> [Substring] {
    let unchanged = Array(lines.lines[range])
    guard let schema, let column = entries.first?.key.start.column else { return unchanged }
    let keyLines = entries.map { $0.key.start.line - 1 }
    // A mapping in braces, or one that begins behind a dash, stays as it is.
    guard zip(keyLines, keyLines.dropFirst()).allSatisfy({ $0 < $1 }), keyLines.allSatisfy(range.contains),
      zip(entries, keyLines).allSatisfy({ $0.key.start.column == column && lines.indentation($1) == column - 1 })
    else { return unchanged }
    var starts = keyLines.map { beginning(of: $0, column: column, after: range.lowerBound) }
    starts[0] = range.lowerBound
    let tail = tail(of: range, column: column, after: keyLines.last!)
    var chunks: [(rank: Int, lines: [Substring])] = []
    for (index, entry) in entries.enumerated() {
      let end = index + 1 < entries.count ? starts[index + 1] : tail
      var chunk = Array(lines.lines[starts[index]...keyLines[index]])
      let below = keyLines[index] + 1..<end
      if let inner = entry.value.entries, !inner.isEmpty, entry.value.start.line - 1 > keyLines[index] {
        chunk += arranged(inner, schema[entry.key.text]?.type.members, below)
      } else {
        chunk += lines.lines[below]
      }
      chunks.append((schema.row(entry.key.text) ?? .max, chunk))
    }
    let sorted = chunks.enumerated().sorted { ($0.element.rank, $0.offset) < ($1.element.rank, $1.offset) }
    guard sorted.map(\.offset) != Array(chunks.indices) else {
      return chunks.flatMap(\.lines) + lines.lines[tail..<range.upperBound]
    }
    var moved = sorted.flatMap(\.element.lines)
    // A gap that separated two members separates nothing at the top.
    moved = Array(moved.drop { $0.allSatisfy(\.isWhitespace) })
    return moved + lines.lines[tail..<range.upperBound]
  }

  /// The first of the comments and blank lines above a key that speak of it.
  private func beginning(of line: Int, column: Int, after first: Int) -> Int {
    var line = line
    while line > first, lines.isBlank(line - 1) || lines.isComment(line - 1) && lines.indentation(line - 1) < column {
      line -= 1
    }
    return line
  }

  /// Where the comments and blank lines behind the last member begin: they stay at the end.
  private func tail(of range: Range<Int>, column: Int, after line: Int) -> Int {
    max(line + 1, beginning(of: range.upperBound, column: column, after: range.lowerBound))
  }
}
