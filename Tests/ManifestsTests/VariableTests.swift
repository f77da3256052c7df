import Diagnostics
import Manifests
import MarkedText
import OpenIDJSON
import Testing

struct VariableTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var text: String
    var result: String
    var testDescription: String { text }

    init(_ text: String, _ result: String) {
      self.text = text
      self.result = result
    }
  }

  static let environment = [
    "CLIENTSYNC_VAR_A": "a", "CLIENTSYNC_VAR_EMPTY": "", "CLIENTSYNC_VAR_NESTED": "$(env:CLIENTSYNC_VAR_A)",
  ]

  @Test(arguments: [
    Case("$(env:CLIENTSYNC_VAR_A)", "a"),
    Case("x$(env:CLIENTSYNC_VAR_A)y$(env:CLIENTSYNC_VAR_A)z", "xayaz"),
    Case("$(env:CLIENTSYNC_VAR_UNSET:-b)", "b"),
    Case("$(env:CLIENTSYNC_VAR_UNSET:-)", ""),
    Case("$(env:CLIENTSYNC_VAR_UNSET:-https://a.example.com:8443/)", "https://a.example.com:8443/"),
    Case("$(env:CLIENTSYNC_VAR_EMPTY)", ""),
    Case("$(env:CLIENTSYNC_VAR_EMPTY:-b)", "b"),
    Case("$(env:CLIENTSYNC_VAR_A:-b)", "a"),
    Case("$(env:CLIENTSYNC_VAR_NESTED)", "$(env:CLIENTSYNC_VAR_A)"),
    Case("$(path) ${A} $A $ $(ENV:X)", "$(path) ${A} $A $ $(ENV:X)"),
  ])
  func `variables are put into strings`(_ example: Case) throws {
    let set = decode(
      client: clientText("grant_types: [client_credentials]\nclient_name: \"\(example.text)\"\nx_a: [\"\(example.text)\"]"),
      environment: Self.environment)
    #expect(set.diagnostics.map { $0.text() } == [])
    #expect(set.clients.first?.metadata["client_name"]?.string == example.result)
    #expect(set.clients.first?.metadata["x_a"]?.strings == [example.result])
  }

  @Test(arguments: [
    "«missing-variable»$(env:CLIENTSYNC_VAR_UNSET)", "«variable-name»$(env:HOME)", "«variable-name»$(env:)",
    "«variable-name»$(env:clientsync_var_a)", "«variable-syntax»$(env:CLIENTSYNC_VAR_A",
    "«variable-syntax»$(env:CLIENTSYNC_VAR_A-B)",
  ])
  func `a variable that cannot be read is an error at its place`(_ text: String) {
    let marked = MarkedText(clientText("grant_types: [client_credentials]\nclient_name: \(text)"))
    let set = decode(client: marked.text, environment: Self.environment.merging(["HOME": "/home/ann", "": "x"]) { $1 })
    #expect(MarkedText.marks(of: set.diagnostics) == marked.marks)
  }

  @Test func `no variable of the runner's is ever shown`() {
    let set = decode(
      client: clientText("grant_types: [client_credentials]\nclient_name: $(env:GITHUB_TOKEN:-x)"),
      environment: ["GITHUB_TOKEN": "hush"])
    #expect(set.diagnostics.map(\.rule) == ["variable-name"])
    #expect(!set.diagnostics.contains { $0.text().contains("hush") })
    #expect(set.clients.first?.metadata["client_name"] == nil)
  }

  @Test func `what a registry needs that is not selected is not asked for`() {
    let client = clientText("grant_types: [client_credentials]\nclient_name: $(env:CLIENTSYNC_VAR_UNSET)\n")
    let other = registryText.replacing("name: example", with: "name: other").replacing(
      "profile: hydra", with: "profile: hydra, headers: {X-A: $(env:CLIENTSYNC_VAR_GONE)}")
    let text = client.replacing("  client:", with: "  registry: example\n  client:") + "---\n" + registryText + "---\n" + other
    #expect(decode(text, selection: ["example"]).diagnostics.map(\.rule) == ["missing-variable"])
    #expect(decode(text, selection: ["other"]).diagnostics.map(\.rule) == ["missing-variable"])
    #expect(decode(text, selection: []).diagnostics == [])
    #expect(decode(text).diagnostics.count == 2)
  }

  @Test func `a variable in a name is put in before the name is judged`() {
    let text = clientText("grant_types: [client_credentials]").replacing(
      "name: example", with: "name: billing-$(env:CLIENTSYNC_VAR_A)")
    #expect(decode(client: text, environment: Self.environment).clients.map(\.name) == ["billing-a"])
    let wrong = text.replacing("billing-", with: "Billing-")
    #expect(decode(client: wrong, environment: Self.environment).diagnostics.map(\.rule) == ["invalid-name"])
  }
}
