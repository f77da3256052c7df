import YAML

/// A text as its lines, each with its own end, that can be moved.
struct FormattedLines {
  /// With their ends; the last one has one, too.
  private(set) var lines: [Substring]
  /// A byte order mark, which stays at the top.
  private let mark: Substring

  init(_ text: String) {
    mark = text.unicodeScalars.first == "\u{feff}" ? "\u{feff}" : ""
    let text = mark.isEmpty ? text : String(text.unicodeScalars.dropFirst())
    var lines: [Substring] = []
    var start = text.startIndex
    while start < text.endIndex {
      let end = text[start...].firstIndex(where: \.isNewline).map { text.index(after: $0) } ?? text.endIndex
      lines.append(text[start..<end])
      start = end
    }
    if let last = lines.last, last.last?.isNewline != true {
      lines[lines.count - 1] = last + (lines.first?.hasSuffix("\r\n") == true && lines.count > 1 ? "\r\n" : "\n")
    }
    self.lines = lines
  }

  var bytes: [UInt8] { Array(mark.utf8) + lines.flatMap { Array($0.utf8) } }

  /// The lines without their ends.
  var contents: [Substring] { lines.indices.map(content) }

  func content(_ index: Int) -> Substring {
    var line = lines[index]
    if line.last?.isNewline == true { line.removeLast() }
    return line
  }

  func indentation(_ index: Int) -> Int { content(index).prefix { $0 == " " }.count }

  func isBlank(_ index: Int) -> Bool { content(index).allSatisfy { $0 == " " || $0 == "\t" } }

  func isComment(_ index: Int) -> Bool { content(index).drop { $0 == " " || $0 == "\t" }.first == "#" }

  /// The line behind the document that begins at that line.
  func documentEnd(from start: Int) -> Int {
    lines.indices.dropFirst(start + 1).first { content($0).hasPrefix("---") || content($0).hasPrefix("...") } ?? lines.count
  }

  mutating func replace(_ range: Range<Int>, with new: [Substring]) { lines.replaceSubrange(range, with: new) }

  func scalar(at mark: YAMLMark) -> Unicode.Scalar? {
    guard lines.indices.contains(mark.line - 1) else { return nil }
    return content(mark.line - 1).unicodeScalars.dropFirst(mark.column - 1).first
  }

  /// An anchor, an alias or a tag in a node, in words.
  func property(in node: YAMLNode) -> String? {
    switch scalar(at: node.start) {
    case "&"?: return "anchors"
    case "*"?: return "aliases"
    case "!"?: return "tags"
    default: break
    }
    switch node.content {
    case .scalar: return nil
    case .sequence(let elements): return elements.lazy.compactMap(property).first
    case .mapping(let entries):
      return entries.lazy.compactMap { entry in property(in: entry.key.node) ?? property(in: entry.value) }.first
    }
  }
}
