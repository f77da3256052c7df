package import Diagnostics

/// The lines of a source, for the excerpts of diagnostics: found when the first one is asked for, and only as far as needed.
package struct SourceLines: Sendable {
  let source: YAMLSource
  /// The offsets of the first bytes of the lines found so far.
  private var starts: [Int]
  private var scanned: Int

  package init(_ source: YAMLSource) {
    self.source = source
    scanned = source.bytes.starts(with: [0xef, 0xbb, 0xbf]) ? 3 : 0
    starts = [scanned]
  }

  /// The line at the first mark, with what lies between the marks; to the line's end, where they are lines apart.
  package mutating func excerpt(from start: YAMLMark, to end: YAMLMark) -> Excerpt? {
    guard let line = bytes(of: start.line) else { return nil }
    let text = String(decoding: line, as: UTF8.self)
    let filled = text.unicodeScalars.reversed().drop { $0 == " " || $0 == "\t" }.count
    let last = end.line > start.line ? filled + 1 : end.column
    return Excerpt(text: text, line: start.line, column: start.column, width: last - start.column)
  }

  /// The bytes of a line, from one, without its end, cut after the first 64 KiB; `nil` past the last.
  mutating func bytes(of line: Int) -> ArraySlice<UInt8>? {
    guard let first = offset(of: line) else { return nil }
    let most = min(source.bytes.count, first + 1 << 16)
    scan { starts, scanned in starts.count <= line && scanned < most }
    var text = source.bytes[first..<(line < starts.count ? min(starts[line], most) : most)]
    while let last = text.last, last == 0x0a || last == 0x0d { text.removeLast() }
    if text.suffix(2) == [0xc2, 0x85] { text.removeLast(2) }
    if text.suffix(3) == [0xe2, 0x80, 0xa8] || text.suffix(3) == [0xe2, 0x80, 0xa9] { text.removeLast(3) }
    return text
  }

  /// The offset of a line's first byte; `nil` past the last line.
  mutating func offset(of line: Int) -> Int? {
    scan { starts, _ in starts.count < line }
    return line >= 1 && line <= starts.count ? starts[line - 1] : nil
  }

  /// The place of a byte.
  mutating func mark(at offset: Int) -> YAMLMark {
    scan { _, scanned in scanned <= offset }
    let line = starts.firstIndex { $0 > offset } ?? starts.count
    let first = starts[line - 1]
    let column = source.bytes[first..<min(offset, source.bytes.count)].count { $0 & 0xc0 != 0x80 } + 1
    return YAMLMark(line: line, column: column)
  }

  /// Lines end where libyaml ends them: LF, CR, CR LF, and NEL, LS and PS, which YAML 1.1 counts in.
  private mutating func scan(while goesOn: (_ starts: [Int], _ scanned: Int) -> Bool) {
    let bytes = source.bytes
    while scanned < bytes.count, goesOn(starts, scanned) {
      let byte = bytes[scanned]
      scanned += 1
      switch byte {
      case 0x0a: starts.append(scanned)
      case 0x0d:
        if scanned < bytes.count, bytes[scanned] == 0x0a { scanned += 1 }
        starts.append(scanned)
      case 0xc2 where scanned < bytes.count && bytes[scanned] == 0x85:
        scanned += 1
        starts.append(scanned)
      case 0xe2 where scanned + 1 < bytes.count && bytes[scanned] == 0x80 && bytes[scanned + 1] & 0xfe == 0xa8:
        scanned += 2
        starts.append(scanned)
      default: break
      }
    }
  }
}
