import Diagnostics
import Testing
import YAML

/// Hostile files. The bound on the time is generous: without the limits each of them takes minutes, or the machine's memory.
@Suite(.timeLimit(.minutes(15)))
struct LimitTests {
  static let laughs =
    "a0: &a0 [x,x,x,x,x,x,x,x,x]\n"
    + (1...30).map { level in
      "a\(level): &a\(level) [" + Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ",") + "]\n"
    }
    .joined()

  @Test func `a billion laughs are refused`() {
    let (shapes, report) = read(Self.laughs)
    #expect(shapes == [])
    #expect(report.diagnostics.map(\.rule) == ["yaml-limit"])
  }

  @Test func `aliases by the thousand are fine, where they bring little`() {
    let text = "a: &x [b, c]\nlist:\n" + String(repeating: "- *x\n", count: 5_000)
    let (shapes, report) = read(text)
    #expect(shapes.count == 1)
    #expect(report.diagnostics.isEmpty)
  }

  @Test func `aliases that multiply by merging are refused`() {
    let text =
      "a0: &a0 {k0: v, k1: v, k2: v, k3: v, k4: v, k5: v, k6: v, k7: v}\n"
      + (1...30).map { "a\($0): &a\($0) {x: *a\($0 - 1), y: *a\($0 - 1), <<: *a\($0 - 1)}\n" }.joined()
    #expect(read(text).report.diagnostics.map(\.rule) == ["yaml-limit"])
  }

  @Test(arguments: [
    "[" + String(repeating: "a,", count: 1_001) + "]", String(repeating: "- a\n", count: 1_001),
    (0...1_000).map { "k\($0): v\n" }.joined(),
  ])
  func `a list or mapping has an end`(_ text: String) {
    var limits = YAMLLimits()
    limits.children = 1_000
    let (documents, report) = YAMLSource(file: "a.yaml", bytes: Array(text.utf8)).documents(limits: limits)
    #expect(documents.isEmpty)
    #expect(report.diagnostics.map(\.message) == ["more than 1000 values in one list or mapping"])
  }

  @Test(arguments: ["[", "{a: ", "- ", "? "])
  func `nesting has an end`(_ opening: String) {
    let (shapes, report) = read(String(repeating: opening, count: 10_000))
    #expect(shapes == [])
    #expect(report.diagnostics.map(\.rule) == ["yaml-limit"])
    #expect(report.diagnostics.first?.message == "nested deeper than 64 levels")
  }

  @Test func `a document after one that is nested too deep is read`() {
    let (shapes, report) = read(String(repeating: "[", count: 10_000) + "\n---\na: b\n")
    #expect(shapes == ["{a: b}"])
    #expect(report.brokenDocuments == 1)
  }

  @Test func `nesting up to the limit is fine`() {
    let (shapes, report) = read(String(repeating: "[", count: 64) + String(repeating: "]", count: 64))
    #expect(shapes.count == 1)
    #expect(report.diagnostics.isEmpty)
  }

  @Test(arguments: ["a: ", "a: \"", "a: '", "a: |\n ", "# ", "? "])
  func `a text of forty megabytes is refused`(_ opening: String) {
    let bytes = Array(opening.utf8) + [UInt8](repeating: UInt8(ascii: "x"), count: 40 << 20)
    let (shapes, report) = read(bytes)
    #expect(shapes == [])
    #expect(report.diagnostics.map(\.rule) == ["yaml-limit"])
  }

  @Test func `a text of half a megabyte is fine`() {
    let text = String(repeating: "x", count: 1 << 19)
    #expect(read("a: \(text)\n").shapes == ["{a: \(text)}"])
  }

  @Test func `many mistakes are told up to a number`() {
    let text = String(repeating: "---\na: [\n", count: 10_000)
    let report = read(text).report
    #expect(report.diagnostics.count == 101)
    #expect(report.diagnostics.last?.message == "more than 100 mistakes; the rest of this file was not read")
    let duplicates = read("a: b\n" + String(repeating: "a: b\n", count: 10_000)).report
    #expect(duplicates.diagnostics.count == 101)
  }

  @Test func `a document holds a bounded number of values`() {
    var limits = YAMLLimits()
    limits.nodes = 100
    let small = "a: [" + String(repeating: "[],", count: 90) + "]\n"
    let large = "a: [" + String(repeating: "[],", count: 110) + "]\n"
    #expect(read(small + "---\n" + small, limits: limits).report.diagnostics == [])
    let (shapes, report) = read(large + "---\nb: c\n", limits: limits)
    #expect(report.diagnostics.map(\.message) == ["this document holds more than 100 values"])
    #expect(shapes == ["{b: c}"])
  }

  @Test func `of a line without end the excerpt shows what stands around the mistake`() throws {
    let filler = String(repeating: "é, ", count: 10_000)
    let report = read("[\(filler)*x, *y, \(filler)]\n").report
    #expect(report.diagnostics.count == 2)
    for (diagnostic, name) in zip(report.diagnostics, ["*x", "*y"]) {
      let excerpt = try #require(diagnostic.excerpt)
      #expect(excerpt.text.unicodeScalars.count < 2048)
      let marked = excerpt.text.unicodeScalars.dropFirst(excerpt.column - 1).prefix(excerpt.width)
      #expect(String(String.UnicodeScalarView(marked)) == name)
    }
    #expect(report.diagnostics.first?.place?.column == 30_002)
  }
}
