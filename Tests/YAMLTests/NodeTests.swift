import Testing
import YAML

struct NodeTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var name: String
    var text: String
    var shapes: [String]
    var testDescription: String { name }
  }

  @Test(arguments: [
    Case(name: "block and flow", text: "a: [b, {c: d}]\ne:\n- f\n- g: h\n", shapes: ["{a: [b, {c: d}], e: [f, {g: h}]}"]),
    Case(
      name: "quoted is no plain", text: "a: no\nb: 'no'\nc: \"no\"\nd: |-\n  no\n",
      shapes: ["{a: no, b: \"no\", c: \"no\", d: \"no\"}"]),
    Case(name: "several documents", text: "a: b\n---\nc: d\n...\n---\n- e\n", shapes: ["{a: b}", "{c: d}", "[e]"]),
    Case(name: "an empty document", text: "---\n---\na: b\n", shapes: ["", "{a: b}"]),
    Case(name: "nothing at all", text: "", shapes: []),
    Case(name: "only a comment", text: "# a\n", shapes: []),
    Case(name: "JSON", text: "{\n\t\"a\": [1, true, null, \"\\u00e9\\/\"]\n}\n", shapes: ["{a: [1, true, null, \"é/\"]}"]),
    Case(name: "CR LF", text: "a: b\r\nc:\r\n  - d\r\n", shapes: ["{a: b, c: [d]}"]),
    Case(name: "a byte order mark", text: "\u{feff}a: b\n", shapes: ["{a: b}"]),
    Case(name: "an escaped NUL", text: "a: \"b\\0c\"\n", shapes: ["{a: \"b\0c\"}"]),
    Case(name: "an alias", text: "a: &x [b]\nc: *x\n", shapes: ["{a: [b], c: [b]}"]),
    Case(
      name: "an anchor of the same name again", text: "a: &x b\nc: *x\nd: &x e\nf: *x\n", shapes: ["{a: b, c: b, d: e, f: e}"]),
    Case(name: "an alias as key", text: "a: &x b\n*x : c\n", shapes: ["{a: b, b: c}"]),
    Case(name: "!!str makes a text", text: "a: !!str 7\nb: ! 7\nc: !!int \"7\"\n", shapes: ["{a: \"7\", b: \"7\", c: 7}"]),
    Case(
      name: "a merge key", text: "a: &x {b: c, d: e}\nf:\n  <<: *x\n  b: g\n", shapes: ["{a: {b: c, d: e}, f: {d: e, b: g}}"]),
    Case(
      name: "merged mappings that agree", text: "a: &x {b: c}\nd: &y {b: c, e: f}\ng: {<<: [*x, *y]}\n",
      shapes: ["{a: {b: c}, d: {b: c, e: f}, g: {b: c, e: f}}"]),
    Case(
      name: "a merge within a merge", text: "a: &x {b: c}\nd: &y {<<: *x, e: f}\ng: {<<: *y}\n",
      shapes: ["{a: {b: c}, d: {b: c, e: f}, g: {b: c, e: f}}"]),
    Case(
      name: "merged mappings that disagree about a key that is given",
      text: "a: &x {b: c}\nd: &y {b: e}\ng: {<<: [*x, *y], b: f}\n", shapes: ["{a: {b: c}, d: {b: e}, g: {b: f}}"]),
    Case(name: "a quoted << is a key", text: "\"<<\": a\n", shapes: ["{<<: \"a\"}".replacing("\"a\"", with: "a")]),
  ])
  func `documents become nodes`(_ example: Case) {
    let (shapes, report) = read(example.text)
    #expect(shapes == example.shapes)
    #expect(report.diagnostics.isEmpty)
    #expect(report.brokenDocuments == 0)
  }

  @Test(arguments: ["~", "null", "Null", "NULL", ""])
  func `null is what the core schema says`(_ text: String) throws {
    let documents = YAMLSource(file: "a.yaml", bytes: Array("a: \(text)\n".utf8)).documents().documents
    #expect(try #require(documents.first?["a"]).isNull)
  }

  @Test(arguments: ["nil", "\"null\"", "'~'", "nULL", "0", "[]"])
  func `nothing else is null`(_ text: String) throws {
    let documents = YAMLSource(file: "a.yaml", bytes: Array("a: \(text)\n".utf8)).documents().documents
    #expect(try #require(documents.first?["a"]).isNull == false)
  }

  @Test func `nodes know where they stand`() throws {
    let text = "\u{feff}é: ü\r\nlist:\r\n  - \"x\"\r\n---\r\nb: {c: d}\r\n"
    let documents = YAMLSource(file: "a.yaml", bytes: Array(text.utf8)).documents().documents
    let first = try #require(documents.first?.entries)
    #expect(first[0].key.start == YAMLMark(line: 1, column: 1))
    #expect(first[0].value.start == YAMLMark(line: 1, column: 4))
    #expect(first[0].value.end == YAMLMark(line: 1, column: 5))
    #expect(first[1].value.elements?.first?.start == YAMLMark(line: 3, column: 5))
    #expect(first[1].value.elements?.first?.end == YAMLMark(line: 3, column: 8))
    #expect(try #require(documents.last?["b"]?["c"]).start == YAMLMark(line: 5, column: 8))
  }

  @Test func `an alias stands where it is used, what is within where it was written`() throws {
    let documents = YAMLSource(file: "a.yaml", bytes: Array("a: &x [b]\nc: *x\n".utf8)).documents().documents
    let alias = try #require(documents.first?["c"])
    #expect(alias.start == YAMLMark(line: 2, column: 4))
    #expect(alias.end == YAMLMark(line: 2, column: 6))
    #expect(alias.elements?.first?.start == YAMLMark(line: 1, column: 8))
  }
}
