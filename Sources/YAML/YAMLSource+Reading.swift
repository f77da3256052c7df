package import Diagnostics

/// What was wrong with a source.
package struct YAMLReport: Sendable {
  package var diagnostics: [Diagnostic] = []
  /// How many documents were so broken that they were not handed out; at least that many, where the rest was given up.
  package var brokenDocuments = 0
}

extension YAMLSource {
  /// Hands out the documents one by one, and says what is wrong with the source.
  ///
  /// After a mistake reading goes on with the next document (a line that begins with `---`), so that one run tells all of them.
  /// A document that cannot be read to its end, or that holds an alias of nothing, is not handed out; one with duplicate keys or
  /// with merged mappings that disagree is, as if the first had stood alone.
  package func forEachDocument(limits: YAMLLimits = .init(), _ body: (YAMLNode) -> Void) -> YAMLReport {
    var reading = Reading(self, limits: limits)
    if reading.isOtherEncoding() { return reading.report }
    var segment = Segment(offset: bytes.starts(with: [0xef, 0xbb, 0xbf]) ? 3 : 0, linesBefore: 0)
    while let next = unsafe bytes.withUnsafeBufferPointer({ unsafe reading.read(segment, of: $0, body) }) { segment = next }
    return reading.report
  }

  /// All documents at once.
  package func documents(limits: YAMLLimits = .init()) -> (documents: [YAMLNode], report: YAMLReport) {
    var documents: [YAMLNode] = []
    let report = forEachDocument(limits: limits) { documents.append($0) }
    return (documents, report)
  }
}

/// Where reading begins: at the source's start, or at the document after a mistake.
private struct Segment {
  var offset: Int
  var linesBefore: Int
}

/// The state of reading one source.
private struct Reading {
  let source: YAMLSource
  let limits: YAMLLimits
  var lines: SourceLines
  var report = YAMLReport()

  init(_ source: YAMLSource, limits: YAMLLimits) {
    self.source = source
    self.limits = limits
    lines = SourceLines(source)
  }

  /// Reads one segment; the next one, where a mistake ended it and documents follow.
  mutating func read(
    _ segment: Segment, of bytes: UnsafeBufferPointer<UInt8>, _ body: (YAMLNode) -> Void
  ) -> Segment? {
    let rest = unsafe UnsafeBufferPointer(rebasing: bytes[segment.offset...])
    guard
      let reader = unsafe EventReader(rest, linesBefore: segment.linesBefore, tokenBytes: limits.tokenBytes)
    else {
      add(YAMLProblem(rule: .limit, message: "there is no memory left to read this", start: .first, end: .first))
      return nil
    }
    var composer = Composer(reader, limits: limits)
    var failedLine: Int?
    // Handed out once it is clear that it was the whole of it: a line that is indented unlike the first ends a document too.
    var whole: YAMLNode?
    do throws(Composer.Interruption) {
      while let document = try composer.document() {
        if let whole { body(whole) }
        whole = composer.isBroken ? nil : document
        if composer.isBroken { report.brokenDocuments += 1 }
      }
      if let whole { body(whole) }
    } catch {
      if case .parser(let problem) = error, problem.words == "did not find expected <document start>" {
        // The rest of it follows.
      } else if let whole {
        body(whole)
      }
      report.brokenDocuments += 1
      switch error {
      case .noted(let line): failedLine = line
      case .parser(let problem):
        let (told, line) = words(problem, segment)
        composer.problems.append(told)
        failedLine = line
      }
    }
    for problem in composer.problems { add(problem) }
    guard let failedLine, failedLine < .max, report.diagnostics.count <= limits.problems else { return nil }
    return nextDocument(from: failedLine, after: segment)
  }

  /// The next line with `---` at its start: a document begins there, whatever came before (YAML 1.2, section 9.1.2).
  private mutating func nextDocument(from line: Int, after segment: Segment) -> Segment? {
    var line = max(line, segment.linesBefore + 2)
    while let offset = lines.offset(of: line) {
      let start = source.bytes[offset...].prefix(4)
      if start.prefix(3).elementsEqual([0x2d, 0x2d, 0x2d]),
        start.count == 3 || [0x20, 0x09, 0x0a, 0x0d].contains(start[start.startIndex + 3])
      {
        return Segment(offset: offset, linesBefore: line - 1)
      }
      line += 1
    }
    return nil
  }

  mutating func add(_ problem: YAMLProblem) {
    guard report.diagnostics.count < limits.problems else {
      if report.diagnostics.count == limits.problems {
        report.diagnostics.append(
          Diagnostic(
            .error, rule: YAMLRule.limit.rawValue, "more than \(limits.problems) mistakes; the rest of this file was not read",
            at: SourcePlace(file: source.file, line: problem.start.line, column: problem.start.column),
            hint: "Mend those above first."))
      }
      return
    }
    report.diagnostics.append(
      Diagnostic(
        .error, rule: problem.rule.rawValue, problem.message,
        at: SourcePlace(file: source.file, line: problem.start.line, column: problem.start.column),
        excerpt: lines.excerpt(from: problem.start, to: problem.end), hint: problem.hint))
  }

  /// UTF-16 and UTF-32 are legal YAML, and a trap: libyaml would read them, `git diff` and most editors would not.
  mutating func isOtherEncoding() -> Bool {
    let start = source.bytes.prefix(4)
    let name: String
    switch (start.first, start.dropFirst().first) {
    case (0xff, 0xfe) where start.suffix(2) == [0, 0], (0, 0): name = "UTF-32"
    case (0xff, 0xfe), (0xfe, 0xff), (0, _?): name = "UTF-16"
    case (let first?, 0) where first < 0x80: name = start.count == 4 && start.last == 0 && start[2] == 0 ? "UTF-32" : "UTF-16"
    default: return false
    }
    report.brokenDocuments += 1
    report.diagnostics.append(
      Diagnostic(
        .error, rule: YAMLRule.encoding.rawValue, "this file is in \(name)",
        at: SourcePlace(file: source.file, line: 1, column: 1),
        hint: "Save it as UTF-8."))
    return true
  }

  /// The problem in our words, and the line from which on the next document is looked for; `Int.max`, where none is.
  private mutating func words(_ problem: ParserProblem, _ segment: Segment) -> (YAMLProblem, Int) {
    switch problem.kind {
    case .encoding:
      let offset = segment.offset + problem.offset
      let mark = lines.mark(at: offset)
      let byte = offset < source.bytes.count ? source.bytes[offset] : 0
      return (.encoding(problem.words, byte: byte, at: mark), mark.line)
    case .tokenTooLong:
      let told = YAMLProblem(
        rule: .limit, message: "a text, a comment or a gap of more than \(limits.tokenBytes >> 10) KiB", start: problem.mark,
        end: problem.mark, hint: "No member of a manifest takes as much: take it out, or close the quote that it begins with.")
      return (told, .max)
    case .memory:
      let told = YAMLProblem(
        rule: .limit, message: "there is no memory left to read this", start: problem.mark, end: problem.mark)
      return (told, .max)
    case .syntax:
      var syntax = SyntaxProblem(problem, lines)
      let told = syntax.told()
      lines = syntax.lines
      return (told, problem.mark.line)
    }
  }
}

extension YAMLMark {
  fileprivate static let first = YAMLMark(line: 1, column: 1)
}
