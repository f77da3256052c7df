import Diagnostics
import Foundation
import Manifests
import OpenIDJSON
import Rendering
import Testing

struct DiagnosticFormatTests {
  private let mistake = Diagnostic(
    .error, rule: "unknown-key", "unknown key \"a, b: 100%\"", at: SourcePlace(file: "clients/a,b:c%.yaml", line: 3, column: 5),
    excerpt: Excerpt(text: "    a: b", line: 3, column: 5, width: 1), hint: "first\r\nsecond")

  @Test func `a workflow command escapes what would end it`() {
    #expect(
      DiagnosticGitHub.line(mistake)
        == "::error file=clients/a%2Cb%3Ac%25.yaml,line=3,endLine=3,col=5,endColumn=6,title=unknown-key::unknown key \"a, b: 100%25\"%0Afirst%0D%0Asecond\n"
    )
    #expect(
      DiagnosticGitHub.line(Diagnostic(.warning, rule: "r", "m\n::stop-commands::x"))
        == "::warning title=r::m%0A::stop-commands::x\n")
  }

  @Test func `a message cannot begin a command of its own`() {
    // Whoever writes a manifest chooses names in messages: a line of its own would be a command to the runner.
    let line = DiagnosticGitHub.line(Diagnostic(.error, rule: "r", "x\n::add-mask::y\r\n::set-env name=a::b"))
    #expect(line.split(whereSeparator: \.isNewline).count == 1)
  }

  @Test func `GitLab's report has all that it wants, and no fingerprint twice`() {
    let report = DiagnosticGitLab.report([mistake, mistake, Diagnostic(.warning, rule: "r", "m")], elsewhere: "./clients")
    let issues = report.array ?? []
    #expect(issues.count == 3)
    #expect(Set(issues.compactMap { $0["fingerprint"]?.string }).count == 3)
    #expect(issues.map { $0["severity"] } == ["major", "major", "minor"])
    #expect(issues.map { $0["location"]?["path"] } == ["clients/a,b:c%.yaml", "clients/a,b:c%.yaml", "clients"])
    #expect(issues.map { $0["location"]?["lines"]?["begin"]?.integer } == [3, 3, 1])
    #expect(issues.allSatisfy { $0["check_name"]?.string != nil && $0["description"]?.string != nil })
  }

  @Test func `a fingerprint stays when the line moves`() {
    var moved = mistake
    moved.place?.line = 30
    func fingerprint(_ diagnostic: Diagnostic) -> JSONValue? {
      DiagnosticGitLab.report([diagnostic], elsewhere: "")[0]?["fingerprint"]
    }
    #expect(fingerprint(mistake) == fingerprint(moved))
  }

  @Test func `SARIF knows every rule, escapes paths, and tells what was let pass`() {
    let allowed = Diagnostic(.warning, rule: "redirect-uri-http", "m", at: SourcePlace(file: "/a b.yaml", line: 1, column: 1))
    let set = ManifestSet(
      diagnostics: [mistake, Diagnostic(.error, rule: "missing", "m")],
      allowed: [
        AllowedFinding(diagnostic: allowed, reason: .comment(line: 1)),
        AllowedFinding(diagnostic: allowed, reason: .configuration),
      ])
    let log = JSONValue.object(DiagnosticSARIF.log(set, version: "1.2.3", elsewhere: "clients"))
    let run = log["runs"]?[0]
    let rules = run?["tool"]?["driver"]?["rules"]?.array ?? []
    let results = run?["results"]?.array ?? []
    #expect(results.count == 4)
    for result in results {
      let index = result["ruleIndex"]?.integer ?? -1
      #expect(rules[index]["id"] == result["ruleId"])
    }
    let place = results[0]["locations"]?[0]?["physicalLocation"]
    #expect(place?["artifactLocation"]?["uri"] == "clients/a%2Cb%3Ac%25.yaml")
    #expect(place?["region"] == ["startLine": 3, "startColumn": 5, "endColumn": 6])
    #expect(results.map { $0["suppressions"]?[0]?["kind"] } == [nil, nil, "inSource", "external"])
    // GitHub takes no log in which a result has no place.
    #expect(results[1]["locations"]?[0]?["physicalLocation"]?["artifactLocation"]?["uri"] == "clients")
    #expect(results[2]["locations"]?[0]?["physicalLocation"]?["artifactLocation"]?["uri"] == "file:///a%20b.yaml")
  }
}
