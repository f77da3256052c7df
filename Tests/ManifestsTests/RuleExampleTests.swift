import Diagnostics
import Foundation
import Manifests
import Testing
import YAML

/// The examples in `docs/rules.md` do what the page says.
struct RuleExampleTests {
  struct Example: Sendable, CustomTestStringConvertible {
    var rule: String
    var line: Int
    var isAccepted: Bool
    var text: String
    /// What is read: the example with what it leaves out around it.
    var source: String
    var testDescription: String { "\(rule), line \(line)" }
  }

  static let page = (try? String(contentsOf: packageRoot.appending(path: "docs/rules.md"), encoding: .utf8)) ?? ""
  static let headings = page.split(separator: "\n").filter { $0.hasPrefix("### ") }.map { String($0.dropFirst(4)) }
  static let examples: [Example] = {
    var examples: [Example] = []
    var rule = ""
    var open: (words: [Substring], line: Int, text: String)?
    for (index, line) in page.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      if line.hasPrefix("### ") { rule = String(line.dropFirst(4)) }
      if line.hasPrefix("```yaml ") {
        open = (line.dropFirst(3).split(separator: " "), index + 1, "")
      } else if line == "```", let example = open {
        let mode = example.words.count > 2 ? String(example.words[2]) : ""
        examples.append(
          Example(
            rule: rule, line: example.line, isAccepted: example.words[1] == "accepted", text: example.text,
            source: whole(example.text, mode)))
        open = nil
      } else if open != nil {
        open?.text += line + "\n"
      }
    }
    return examples
  }()

  static func whole(_ text: String, _ mode: String) -> String {
    if text.contains("apiVersion:") { return text }
    let client = "apiVersion: clientsync/v1\nkind: Client\nmetadata: { name: example }\nspec:\n"
    switch mode {
    case "registry":
      return "apiVersion: clientsync/v1\nkind: Registry\nmetadata: { name: example }\nspec:\n" + indented(text, by: 2)
    case "spec": return registryText + "---\n" + client + indented(text, by: 2)
    default: return registryText + "---\n" + client + "  client:\n" + indented(text, by: 4)
    }
  }

  @Test(arguments: examples)
  func `an example gets the answer that the page gives it`(_ example: Example) {
    let set = decode(example.source)
    // What is checked and not acted upon says so besides.
    let rules = set.diagnostics.map(\.rule).filter { $0 != "not-supported-yet" || $0 == example.rule }
    if example.isAccepted {
      #expect(rules == [], "\(set.diagnostics.map { $0.text() }.joined())")
    } else {
      #expect(rules == [example.rule], "\(set.diagnostics.map { $0.text() }.joined())")
    }
  }

  @Test func `each rule has a section, and each section is a rule`() {
    let rules =
      Rule.all.map(\.name) + OnlineRule.allCases.map(\.rawValue) + ManifestRule.allCases.map(\.rawValue)
      + YAMLRule.allCases.map(\.rawValue)
    #expect(Set(rules).count == rules.count)
    #expect(Self.headings.sorted() == rules.sorted())
  }

  @Test func `each rule that a text can break has an example of each kind`() {
    let others: Set = [
      "yaml-encoding", "yaml-limit", "missing", "unreadable", "empty-folder", "too-large", "not-a-file", "outside-folder",
      "file-name", "too-much", "plaintext-destination", "empty-file", "not-supported-online", "unreadable-online",
    ]
    for rule in Self.headings where !others.contains(rule) {
      #expect(Self.examples.contains { $0.rule == rule && $0.isAccepted }, "\(rule) has no accepted example")
      #expect(Self.examples.contains { $0.rule == rule && !$0.isAccepted }, "\(rule) has no refused example")
    }
  }
}

struct RuleSummaryTests {
  @Test func `each rule has a sentence, and each sentence a rule`() {
    let rules =
      Rule.all.map(\.name) + OnlineRule.allCases.map(\.rawValue) + ManifestRule.allCases.map(\.rawValue)
      + YAMLRule.allCases.map(\.rawValue)
    #expect(RuleSummaries.all.map(\.name) == rules.sorted())
    #expect(RuleSummaries.all.allSatisfy { $0.summary.hasSuffix(".") })
  }
}

struct AnswerTests {
  @Test(arguments: RuleExampleTests.examples.filter { !$0.isAccepted })
  func `every answer names file, line and column, and what to write instead`(_ example: RuleExampleTests.Example) {
    for diagnostic in decode(example.source).diagnostics {
      #expect(diagnostic.place != nil && diagnostic.excerpt != nil, "\(diagnostic.text())")
      #expect(diagnostic.hint != nil, "\(diagnostic.text())")
    }
  }

  /// A mistake that the page makes in the examples: lines of a file, what is written instead, and the answer.
  struct Mistake: Sendable, CustomTestStringConvertible {
    var title: String
    var file: String
    var before = ""
    var after = ""
    var answer = ""
    var testDescription: String { title }
  }

  static let mistakes: [Mistake] = {
    var mistakes: [Mistake] = []
    var block: Substring?
    let section = RuleExampleTests.page.components(separatedBy: "\n## Twenty mistakes\n").last ?? ""
    for line in section.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("**"), let file = line.split(separator: "`").last(where: { $0.hasPrefix("clients/") }) {
        mistakes.append(Mistake(title: String(line), file: String(file)))
      } else if line.hasPrefix("```") {
        block = block == nil ? line.dropFirst(3) : nil
      } else if let block, let last = mistakes.indices.last {
        switch block {
        case "diff":
          if !line.hasPrefix("+") { mistakes[last].before += line.dropFirst() + "\n" }
          if !line.hasPrefix("-") { mistakes[last].after += line.dropFirst() + "\n" }
        default: mistakes[last].answer += line + "\n"
        }
      }
    }
    return mistakes
  }()

  @Test func `the page has twenty mistakes`() { #expect(Self.mistakes.count == 20) }

  @Test(arguments: mistakes)
  func `a mistake in the examples gets the answer of the page`(_ mistake: Mistake) throws {
    let folder = packageRoot.appending(path: "examples").path
    var sources = ManifestLoader.load([folder + "/clients"]).sources
    for index in sources.indices { sources[index].file = String(sources[index].file.dropFirst(folder.count + 1)) }
    let index = try #require(sources.firstIndex { $0.file == mistake.file })
    let text = String(decoding: sources[index].bytes, as: UTF8.self)
    let range = try #require(text.range(of: mistake.before), "the example has other lines now")
    sources[index].bytes = Array(text.replacingCharacters(in: range, with: mistake.after).utf8)
    let set = ManifestDecoder.decode(sources, environment: [:])
    #expect(set.diagnostics.map { $0.text() }.joined(separator: "\n") == mistake.answer)
    #expect(set.diagnostics.count == 1)
    #expect(set.diagnostics.allSatisfy { $0.place?.file == mistake.file && $0.excerpt != nil && $0.hint != nil })
  }
}
