import CommandLineParsing
import Testing

@Suite("The manual")
struct ManualTests {
  let pages = SampleTool.tool.manual(date: "2026-11-24")

  @Test("there is a page for each command that is not hidden")
  func names() {
    #expect(
      pages.map(\.fileName) == [
        "sample.1", "sample-plan.1", "sample-apply.1", "sample-show.1", "sample-keys.1", "sample-keys-new.1",
        "sample-keys-show.1",
      ])
  }

  @Test("text cannot become a request or an escape")
  func escapes() throws {
    let text = "It's C:\\x. 'quoted. .dotted; ~ ^ ` … \u{1F600}"
    let tool = CommandSpecification("tool", abstract: "A tool.", discussion: [text, ".Sh first", "'first"])
    let page = try #require(tool.manual(date: "2026-11-24").first).text
    #expect(page.contains("It's C:\\ex.\n\\&'quoted.\n\\&.dotted; \\(ti \\(ha \\(ga \\[u2026] \\[u1F600]\n"))
    #expect(page.contains(".Pp\n\\&.Sh first\n"))
    #expect(page.contains(".Pp\n\\&'first\n"))
  }

  @Test(
    "mandoc finds nothing to say about any page",
    .enabled(if: Program.isInstalled("mandoc"), "mandoc is not installed"))
  func lint() throws {
    let mandoc = try #require(Program("mandoc"))
    for page in pages {
      let (code, output) = try mandoc.run(["-T", "lint", page.fileName], files: [page.fileName: page.text])
      // A page that is not installed is not found by mandoc, and that is all it may miss.
      let findings = output.split(separator: "\n").filter { !$0.contains("referenced manual not found: Xr sample") }
      #expect(findings.isEmpty, "\(findings.joined(separator: "\n"))\n\(page.text)")
      #expect(code <= 1)
    }
  }

  @Test(
    "a page reads as its help does",
    .enabled(if: Program.isInstalled("mandoc"), "mandoc is not installed"))
  func rendered() throws {
    let mandoc = try #require(Program("mandoc"))
    let page = try #require(pages.first { $0.fileName == "sample-plan.1" })
    let output = try mandoc.run(["-T", "ascii", page.fileName], files: [page.fileName: page.text]).output
    // Bold and underlined letters are printed twice, with a backspace between.
    var text = ""
    for scalar in output.unicodeScalars {
      if scalar == "\u{8}" { text.unicodeScalars.removeLast() } else { text.unicodeScalars.append(scalar) }
    }
    #expect(text.contains("sample-plan"))
    #expect(text.contains("November 24, 2026"))
    for option in SampleTool.plan.options.flatMap(\.options) where !option.isHidden {
      #expect(text.contains("--\(option.name)"), "\(option.name)")
    }
    #expect(text.contains("C:\\x."))
    #expect(!text.contains("--faults"))
  }
}
