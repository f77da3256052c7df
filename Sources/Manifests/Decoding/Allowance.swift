import Diagnostics
import YAML

/// A comment that lets a lint rule pass at its line: `# clientsync: allow redirect-uri-http`.
///
/// It stands behind what it speaks of, or on lines of its own right above. Several rules have commas between; behind `--` comes the
/// reason, for people.
struct Allowance: Sendable {
  /// The line of the comment, and the one that it speaks of.
  var line: Int
  var concernedLine: Int
  var start: YAMLMark
  var end: YAMLMark
  var rules: [String]
  /// Which of the rules had something to say there.
  var used: Set<String> = []

  private static let words = Array("clientsync: allow".utf8)

  /// The comments of a source. Most have none, which a search of its bytes tells.
  static func all(in source: YAMLSource) -> [Allowance] {
    guard contains(source.bytes) else { return [] }
    let lines = String(decoding: source.bytes, as: UTF8.self).split(omittingEmptySubsequences: false) {
      $0 == "\n" || $0 == "\r\n" || $0 == "\r"
    }
    var texts: [(start: YAMLMark, end: YAMLMark)]?
    var found: [Allowance] = []
    for (index, line) in lines.enumerated() {
      guard let (column, rules) = comment(in: line) else { continue }
      let mark = YAMLMark(line: index + 1, column: column)
      // In a quoted or a block text it is no comment.
      if texts == nil { texts = scalars(of: source) }
      if texts!.contains(where: {
        ($0.start.line, $0.start.column) < (mark.line, mark.column) && (mark.line, mark.column) < ($0.end.line, $0.end.column)
      }) {
        continue
      }
      var concerned = index
      if line.allSatisfy({ $0 == " " || $0 == "\t" }, before: column) {
        repeat { concerned += 1 } while concerned < lines.count && isBlankOrComment(lines[concerned])
      }
      found.append(
        Allowance(
          line: index + 1, concernedLine: concerned + 1, start: mark,
          end: YAMLMark(line: index + 1, column: line.unicodeScalars.count + 1), rules: rules))
    }
    return found
  }

  private static func contains(_ bytes: [UInt8]) -> Bool {
    unsafe bytes.withUnsafeBufferPointer { bytes in
      guard bytes.count >= words.count else { return false }
      var index = 0
      while index <= bytes.count - words.count {
        // The colon is rarer in what stands around it than any letter.
        if unsafe bytes[index] == words[0], unsafe bytes[(index + 1)..<(index + words.count)].elementsEqual(words.dropFirst()) {
          return true
        }
        index += 1
      }
      return false
    }
  }

  /// Where a line's comment begins, and the rules that it names; `nil` where there is none of this kind.
  private static func comment(in line: Substring) -> (column: Int, rules: [String])? {
    guard let range = line.firstRange(of: "clientsync: allow") else { return nil }
    let before = line[..<range.lowerBound]
    guard let hash = before.lastIndex(of: "#"),
      line[line.index(after: hash)..<range.lowerBound].allSatisfy({ $0 == " " || $0 == "#" }),
      hash == line.startIndex || line[line.index(before: hash)] == " " || line[line.index(before: hash)] == "\t"
    else { return nil }
    let named = line[range.upperBound...]
    guard named.isEmpty || named.first == " " || named.first == "\t" else { return nil }
    let list = named.firstRange(of: "--").map { named[..<$0.lowerBound] } ?? named
    let rules = list.split { $0 == "," || $0 == " " || $0 == "\t" }.map(String.init)
    return (line[..<hash].unicodeScalars.count + 1, rules)
  }

  private static func isBlankOrComment(_ line: Substring) -> Bool {
    let text = line.drop { $0 == " " || $0 == "\t" }
    return text.isEmpty || text.first == "#"
  }

  private static func scalars(of source: YAMLSource) -> [(start: YAMLMark, end: YAMLMark)] {
    var found: [(start: YAMLMark, end: YAMLMark)] = []
    func visit(_ node: YAMLNode) {
      switch node.content {
      case .scalar:
        if node.start.line != node.end.line || node.start.column != node.end.column { found.append((node.start, node.end)) }
      case .sequence(let elements): elements.forEach(visit)
      case .mapping(let entries):
        for entry in entries {
          found.append((entry.key.start, entry.key.end))
          visit(entry.value)
        }
      }
    }
    _ = source.forEachDocument(visit)
    return found
  }
}

extension Substring {
  fileprivate func allSatisfy(_ test: (Character) -> Bool, before column: Int) -> Bool {
    String(String.UnicodeScalarView(unicodeScalars.prefix(column - 1))).allSatisfy(test)
  }
}
