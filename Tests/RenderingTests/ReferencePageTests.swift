import Foundation
import Manifests
import OpenIDJSON
import Rendering
import Testing

struct ReferencePageTests {
  @Test func `docs hold the current reference of members`() throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let url = root.appending(path: "docs/manifests.md")
    let text = ReferencePage.text()
    let stored = try? String(contentsOf: url, encoding: .utf8)
    if stored != text, ProcessInfo.processInfo.environment["CLIENTSYNC_RECORD"] == "1" { try Data(text.utf8).write(to: url) }
    #expect(stored == text, "docs/manifests.md is not current; CLIENTSYNC_RECORD=1 writes it")
  }

  @Test func `the page names every member once in its own table`() {
    let page = ReferencePage.text()
    for field in ObjectSchema.clientMetadata.fields { #expect(page.contains("| `\(field.name)` |"), "\(field.name)") }
  }

  @Test func `a member is explained with type, source, order and profiles`() throws {
    let text = ExplanationText.text(try Explanation.find("grant_types"))
    for words in [
      "spec.client.grant_types", "RFC 7591, section 2", "means nothing", "authorization_code", "PROFILE:   rfc7591, hydra, ",
    ] {
      #expect(text.contains(words), "\(words)\n\(text)")
    }
    #expect(ExplanationText.json(try Explanation.find("grant_types"))["ordered"] == .bool(false))
    #expect(ExplanationText.text(try Explanation.find("Registry.spec"), isRecursive: true).contains("maxDeletePercent"))
  }
}
