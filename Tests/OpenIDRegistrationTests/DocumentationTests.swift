import Foundation
import Testing

/// What the documentation shows is what is compiled.
@Suite struct DocumentationTests {
  private let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  @Test func `the program of the page about the library is the one that is compiled and run`() throws {
    let page = try String(contentsOf: root.appending(path: "docs/use-the-library.md"), encoding: .utf8)
    let program = try String(
      contentsOf: root.appending(path: "Tests/ForeignPackage/Sources/Example/main.swift"), encoding: .utf8)
    let blocks = page.components(separatedBy: "```swift\n").dropFirst().compactMap { $0.components(separatedBy: "```").first }
    #expect(blocks == [program])
    // Without comments and blank lines: something to be read at a glance.
    #expect(program.split(separator: "\n").count { !$0.contains("//") } <= 25)
  }
}
