import Diagnostics
import Manifests
import Testing

/// Manifests that nobody writes but to hold up a pipeline.
@Suite(.timeLimit(.minutes(15)))
struct LimitTests {
  @Test func `a client has a bounded number of members`() {
    let members = (0..<1001).map { "x_\($0): 1" }.joined(separator: "\n")
    #expect(decode(client: clientText(members)).diagnostics.map(\.rule) == ["too-much"])
  }

  @Test func `a list has a bounded number of elements`() {
    let contacts = String(repeating: "a,", count: 10_001)
    let set = decode(client: clientText("grant_types: [client_credentials]\ncontacts: [\(contacts)]"))
    #expect(set.diagnostics.map(\.rule) == ["too-much"])
  }

  @Test func `ten thousand redirect URIs are judged in time`() {
    let uris = (0..<10_000).map { "https://a\($0).example.com/" }.joined(separator: ", ")
    let text = "redirect_uris: [\(uris)]\npost_logout_redirect_uris: [\(uris)]"
    #expect(decode(client: clientText(text)).diagnostics == [])
  }

  @Test func `mistakes past a number are not told, and the set stays invalid`() {
    let contacts = Array(repeating: "a", count: 600).joined(separator: ", ")
    let client = clientText("grant_types: [client_credentials]\ncontacts: [\(contacts)]\n")
    let clients = (0..<2).map { client.replacing("name: example", with: "name: c\($0)") }.joined(separator: "---\n")
    let warnings = decode(registryText + "---\n" + clients)
    #expect(warnings.diagnostics.count == 1_001)
    #expect(warnings.failure == nil)
    // The mistake comes last, where it is not told any more.
    let wrong = client.replacing("contacts", with: "scope: \"a  b\"\n    contacts")
    #expect(decode(registryText + "---\n" + clients + "---\n" + wrong).failure == .invalid)
  }
}
