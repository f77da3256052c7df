import Foundation
import Testing

/// What the documentation shows is what is compiled.
@Suite struct DocumentationTests {
  private let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  @Test func `the programs of the page about the library are the ones that are compiled and run`() throws {
    let page = try String(contentsOf: root.appending(path: "docs/use-the-library.md"), encoding: .utf8)
    let files = [
      "Sources/Example/main.swift", "Tests/ForeignTests/ClientFile.swift", "Tests/ForeignTests/TimedTransport.swift",
    ].map {
      root.appending(path: "Tests/ForeignPackage/\($0)")
    }
    let compiled = try files.map { try String(contentsOf: $0, encoding: .utf8) }
    let program = compiled[0]
    let blocks = page.components(separatedBy: "```swift\n").dropFirst().compactMap { $0.components(separatedBy: "```").first }
    #expect(blocks == compiled)
    // Without comments and blank lines: something to be read at a glance.
    #expect(program.split(separator: "\n").count { !$0.contains("//") } <= 25)
  }
}
