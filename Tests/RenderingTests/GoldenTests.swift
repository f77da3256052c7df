import Foundation
import OpenIDJSON
import Planning
import Testing

@testable import Rendering

/// What people and machines read, as files: a change of the printing is a change that a review sees.
///
/// `RECORD_GOLDEN=1` writes the files anew, and fails, so that they are looked at.
@Suite struct GoldenTests {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden")

  @Test("what is printed is what the file holds", arguments: GoldenPlan.all)
  func text(_ golden: GoldenPlan) throws {
    var text = PlanText().text(golden.plan)
    if let report = golden.report {
      let style = ReportText(names: report.outcomes.map(\.change.client))
      text += report.outcomes.map { style.line($0) + "\n" }.joined() + style.summary(report)
    }
    try hold(text, golden.name + ".txt")
  }

  @Test("the JSON is what the file holds", arguments: GoldenPlan.all)
  func json(_ golden: GoldenPlan) throws {
    let object = golden.report.map { ReportJSON.object($0, plan: golden.plan) } ?? PlanJSON.object(golden.plan)
    try hold(object.text(.pretty) + "\n", golden.name + ".json")
  }

  private func hold(_ text: String, _ name: String) throws {
    let file = Self.folder.appending(path: name)
    if ProcessInfo.processInfo.environment["RECORD_GOLDEN"] != nil {
      try Data(text.utf8).write(to: file)
      Issue.record("\(name) is recorded; look at it, and run without RECORD_GOLDEN")
      return
    }
    let held = try String(contentsOf: file, encoding: .utf8)
    #expect(text == held, "\(name) differs; if the new one is right, record it with RECORD_GOLDEN=1")
  }
}
