import Diagnostics
import MarkedText
import Testing
import YAML

struct MistakeTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var name: String
    var text: String
    /// What is handed out nevertheless.
    var shapes: [String] = []
    var message: String?
    var hint: String?
    var testDescription: String { name }
  }

  @Test(arguments: [
    Case(name: "a tab that indents", text: "a:\n«yaml-tab»\tb: c\n", message: "a tab cannot indent YAML"),
    Case(name: "a tab among blanks", text: "a:\n  - b\n«yaml-tab»\t- c\n"),
    Case(name: "a tab before the first key", text: "«yaml-tab»\ta: b\n"),
    Case(
      name: "a duplicate key", text: "a: b\nc: d\n«duplicate-key»a: e\n", shapes: ["{a: b, c: d}"],
      message: "duplicate key \"a\""),
    Case(name: "a duplicate in flow", text: "a: {b: c, «duplicate-key»b: c}\n", shapes: ["{a: {b: c}}"]),
    Case(
      name: "duplicates among many",
      text: (0..<20).map { "k\($0): v\n" }.joined() + "«duplicate-key»k3: v\n«duplicate-key»k19: v\n",
      shapes: ["{" + (0..<20).map { "k\($0): v" }.joined(separator: ", ") + "}"]),
    Case(
      name: "two merge keys", text: "a: &x {b: c}\nd:\n  <<: *x\n  «duplicate-key»<<: *x\n", shapes: ["{a: {b: c}, d: {b: c}}"]),
    Case(name: "a list as key", text: "«yaml-key»[a]: b\nc: d\n", shapes: ["{c: d}"], message: "a key must be a text"),
    Case(name: "a missing key", text: "?«yaml-key» \n: a\nb: c\n", shapes: ["{b: c}"]),
    Case(name: "an unknown alias", text: "a: «unknown-alias»*x\n", message: "no anchor \"&x\" comes before this"),
    Case(name: "an alias of an earlier document", text: "a: &x b\n---\nc: «unknown-alias»*x\n", shapes: ["{a: b}"]),
    Case(name: "an alias within what it names", text: "a: &x\n  b: «recursive-alias»*x\n"),
    Case(name: "a merge of itself", text: "a: &x\n  <<: «recursive-alias»«merge-value»*x\n"),
    Case(name: "a merge of a text", text: "a: {<<: «merge-value»b}\n"),
    Case(name: "a merge of a list of texts", text: "a: {<<: [{b: c}, «merge-value»d]}\n"),
    Case(
      name: "merged mappings that disagree", text: "a: &x {b: c}\nd: &y {b: e}\ng: {<<: [*x, «merge-conflict»*y]}\n",
      shapes: ["{a: {b: c}, d: {b: e}, g: {b: c}}"], message: "two merged mappings bring \"b\" with different values"),
    Case(name: "a tag of one's own", text: "a: «yaml-tag»!secret b\n", shapes: ["{a: b}"]),
    Case(name: "a list that is tagged as a mapping", text: "a: «yaml-tag»!!map [b]\n", shapes: ["{a: [b]}"]),
    Case(
      name: "a list that is not closed", text: "a: «yaml-syntax»[b\n", message: "this \"[\" is never closed"),
    Case(name: "a list that is not closed before the next key", text: "a: «yaml-syntax»[1, 2\nb: c\n"),
    Case(
      name: "elements without a comma", text: "a: [{b: c} «yaml-syntax»d]\n", message: "the \"[\" is not closed before this"),
    Case(
      name: "a mapping that is not closed", text: "a: «yaml-syntax»{b: c\n",
      message: "this \"{\" is never closed"),
    Case(
      name: "a quote that is not closed", text: "a: «yaml-syntax»\"b\n",
      message: "the quoted text that begins here has no end"),
    Case(name: "a quote over the document's end", text: "a: «yaml-syntax»\"b\n---\nc: d\n", shapes: ["{c: d}"]),
    Case(
      name: "two colons", text: "a: b«yaml-syntax»: c\n", message: "a \": \" cannot stand in a value without quotes",
      hint: "Put the value in quotes: a: \"b: c\""),
    Case(
      name: "no blank behind a colon", text: "a:\n  b«yaml-syntax»:c\n  d: e\n",
      message: "a blank is missing behind this \":\"",
      hint: "Write it like b: c"),
    Case(
      name: "a line too far to the right", text: "a: b\n  «yaml-syntax»c: d\n",
      message: "this line belongs to none of those above it: line 1 has its value already",
      hint: "Indent both alike: line 1 has no blank before it, this one 2."),
    Case(
      name: "a key without a colon", text: "a: b\n«yaml-syntax»c d\ne: f\n", message: "a \":\" is missing in this line",
      hint: "Write it like c: d"),
    Case(
      name: "a list behind its key", text: "a: «yaml-syntax»- b\n", message: "a list cannot begin here"),
    Case(
      name: "a star that is no alias", text: "a:\n  - «yaml-syntax»*.example.com\n",
      message: "\"*\" begins an alias, and no name follows", hint: "Put the value in quotes: \"*.example.com\""),
    Case(
      name: "a merge conflict", text: "a: b\n«yaml-syntax»<<<<<<< HEAD\nc: d\n=======\nc: e\n>>>>>>> other\n",
      message: "a merge conflict is left in this file"),
    Case(
      name: "a no-break space that indents", text: "a:\n  b:\n«yaml-tab»\u{a0}\u{a0}\u{a0} c: d\n    e: f\n",
      message: "a blank that is none (a no-break space, say) cannot indent YAML"),
    Case(
      name: "something behind a quoted value", text: "a: \"b\" «yaml-syntax»c\n",
      message: "this does not belong behind the value"),
    Case(
      name: "indentation that fits nothing", text: "a:\n    b: c\n  «yaml-syntax»d: e\n",
      hint: "Put 4 blanks before it, as before line 2, or 0, as before line 1; it has 2."),
    Case(
      name: "a first line that is indented", text: " a: b\n«yaml-syntax»c: d\n---\ne: f\n", shapes: ["{e: f}"],
      hint: "Put 1 blank before it, as before line 1; it has 0."),
    Case(
      name: "a document that ends within brackets", text: "a: [b,\n«yaml-syntax»---\nc: d\n", shapes: ["{c: d}"],
      message: "a document ends within brackets or braces"),
    Case(name: "a list item among keys", text: "a: b\n«yaml-syntax»- c\n"),
    Case(name: "a character that begins no value", text: "a: «yaml-syntax»@b\n", message: "\"@\" cannot begin a value"),
    Case(name: "an unknown escape", text: "a: \"«yaml-syntax»\\q\"\n"),
    Case(name: "YAML of another version", text: "«yaml-syntax»%YAML 2.0\n---\na: b\n", shapes: ["{a: b}"]),
    Case(name: "a byte order mark in the middle", text: "a: b\n\u{feff}«yaml-encoding»c: d\n"),
    Case(
      name: "a mistake in each of three documents",
      text: "a: «yaml-syntax»@\n---\nb: c\n---\nd: [\n«yaml-syntax»---\ne: f\n«duplicate-key»e: g\n",
      shapes: ["{b: c}", "{e: f}"]),
  ])
  func `mistakes are told where they were made`(_ example: Case) {
    let marked = MarkedText(example.text)
    let (shapes, report) = read(marked.text)
    #expect(MarkedText.marks(of: report.diagnostics) == marked.marks)
    #expect(shapes == example.shapes)
    if let message = example.message { #expect(report.diagnostics.first?.message == message) }
    if let hint = example.hint { #expect(report.diagnostics.first?.hint == hint) }
    #expect(report.diagnostics.allSatisfy { $0.hint != nil })
    #expect(report.diagnostics.allSatisfy { $0.severity == .error && $0.excerpt != nil })
  }

  struct Encoding: Sendable, CustomTestStringConvertible {
    var name: String
    var bytes: [UInt8]
    var line: Int
    var column: Int
    var message: String
    var testDescription: String { name }
  }

  static let encodings = [
    Encoding(
      name: "a stray byte", bytes: Array("a: b\né: ".utf8) + [0xff, 0x0a], line: 2, column: 4,
      message: "invalid UTF-8 (byte 0xff)"),
    Encoding(
      name: "a cut sequence", bytes: Array("a: ".utf8) + [0xc3], line: 1, column: 4, message: "invalid UTF-8 (byte 0xc3)"),
    Encoding(
      name: "a surrogate", bytes: Array("a: ".utf8) + [0xed, 0xa0, 0x80], line: 1, column: 4,
      message: "invalid UTF-8 (byte 0xed)"),
    Encoding(name: "NUL", bytes: Array("a: b\0c\n".utf8), line: 1, column: 5, message: "a NUL character"),
    Encoding(
      name: "a control character", bytes: Array("\u{feff}a: \u{1}\n".utf8), line: 1, column: 4,
      message: "a control character (0x1)"),
    Encoding(
      name: "UTF-16, little end first", bytes: [0xff, 0xfe, 0x61, 0, 0x3a, 0], line: 1, column: 1,
      message: "this file is in UTF-16"),
    Encoding(
      name: "UTF-16, big end first", bytes: [0xfe, 0xff, 0, 0x61, 0, 0x3a], line: 1, column: 1,
      message: "this file is in UTF-16"),
    Encoding(name: "UTF-16 without a mark", bytes: [0x61, 0, 0x3a, 0], line: 1, column: 1, message: "this file is in UTF-16"),
    Encoding(
      name: "UTF-16 without a mark, big end first", bytes: [0, 0x61, 0, 0x3a], line: 1, column: 1,
      message: "this file is in UTF-16"),
    Encoding(name: "UTF-32", bytes: [0xff, 0xfe, 0, 0, 0x61, 0, 0, 0], line: 1, column: 1, message: "this file is in UTF-32"),
  ]

  @Test(arguments: encodings)
  func `only UTF-8 is read`(_ example: Encoding) {
    let (shapes, report) = read(example.bytes)
    #expect(shapes == [])
    #expect(report.diagnostics.map(\.message) == [example.message])
    #expect(report.diagnostics.first?.rule == "yaml-encoding")
    #expect(report.diagnostics.first?.place == SourcePlace(file: "a.yaml", line: example.line, column: example.column))
    #expect(report.brokenDocuments == 1)
  }

  @Test func `an excerpt shows the line and how far the mistake goes`() throws {
    let report = read("a: b\nlist: [x, *unknown]\r\n").report
    let excerpt = try #require(report.diagnostics.first?.excerpt)
    #expect(excerpt == Excerpt(text: "list: [x, *unknown]", line: 2, column: 11, width: 8))
  }

  @Test func `an excerpt of several lines marks the first to its end`() throws {
    let report = read("? [a,  \n   b]\n: c\n").report
    let excerpt = try #require(report.diagnostics.first?.excerpt)
    #expect(excerpt == Excerpt(text: "? [a,  ", line: 1, column: 3, width: 3))
  }

  @Test(arguments: ["\u{1b}[31m", "a\nb", "\u{202e}x", "\u{85}"])
  func `what is quoted cannot steer a terminal`(_ text: String) {
    let shown = quoted(text)
    #expect(shown.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control && $0 != "\u{202e}" })
  }

  @Test func `a long text is cut where it is quoted`() {
    #expect(quoted(String(repeating: "x", count: 200)).count == 83)
  }
}
