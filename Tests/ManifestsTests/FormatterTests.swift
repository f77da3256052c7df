import Foundation
import Manifests
import Testing

struct FormatterTests {
  private func formatted(_ text: String, file: String = "a.yaml") -> String {
    switch ManifestFormatter.format(ManifestSource(file: file, text: text)) {
    case .unchanged: text
    case .changed(let bytes): String(decoding: bytes, as: UTF8.self)
    case .leftAlone(let reason): "left alone: \(reason)"
    case .invalid: "invalid"
    }
  }

  @Test func `members come into the table's order with their comments`() {
    let text = """
      # About this file.

      # A client.
      kind: Client      # of ours
      metadata: { name: a }
      apiVersion: clientsync/v1
      spec:
        client:
          # what it may ask for
          scope: openid

          redirect_uris:
            # the only one
            - https://a.example.com/   # really
          x_tier: gold
          client_name: |
            # no comment
            A
        # deleted with its document
        deletion: delete
        # the end of spec
      # the end
      ---
      metadata: { name: b }
      kind: Client
      apiVersion: clientsync/v1
      spec: { client: { scope: a, client_name: b } }
      """
    let wanted = """
      # About this file.

      # A client.
      apiVersion: clientsync/v1
      kind: Client      # of ours
      metadata: { name: a }
      spec:
        # deleted with its document
        deletion: delete
        client:
          client_name: |
            # no comment
            A

          redirect_uris:
            # the only one
            - https://a.example.com/   # really
          # what it may ask for
          scope: openid
          x_tier: gold
        # the end of spec
      # the end
      ---
      apiVersion: clientsync/v1
      kind: Client
      metadata: { name: b }
      spec: { client: { scope: a, client_name: b } }

      """
    #expect(formatted(text) == wanted)
    #expect(formatted(wanted) == wanted)
  }

  @Test(arguments: [
    ("apiVersion: clientsync/v1\nkind: Client\nmetadata: &m { name: a }\nspec: {}\n", "has anchors"),
    ("kind: Client\napiVersion: clientsync/v1\nmetadata: { name: a }\nspec:\n  <<: { deletion: delete }\n", "has merge keys"),
    ("kind: !!str Client\napiVersion: clientsync/v1\n", "has tags"), ("%YAML 1.1\n---\nkind: Client\n", "has a directive"),
    ("{ \"kind\": \"Client\", \"apiVersion\": \"clientsync/v1\" }\n", "is written in braces"),
    ("? kind\n: Client\n", "has keys written with"), ("kind: 'a\u{2028}b'\n", "has line breaks"),
  ])
  func `what cannot be moved without a doubt is left alone, and why is said`(_ text: String, _ reason: String) {
    #expect(formatted(text).hasPrefix("left alone: \(reason)"), "\(formatted(text))")
  }

  @Test(arguments: ["a: [", "a: 1\na: 2\n", "\tb: 1\n"])
  func `what is no YAML is told as such`(_ text: String) { #expect(formatted(text) == "invalid") }

  @Test(arguments: ["kind: ConfigMap\napiVersion: v1\n", "", "# nothing\n", "- kind: Client\n"])
  func `other documents keep their order`(_ text: String) { #expect(formatted(text) == text) }

  @Test func `line ends and a byte order mark stay, and the last line gets its end`() {
    let text = "\u{feff}kind: Client\r\napiVersion: clientsync/v1\r\nmetadata:\r\n  labels: {}\r\n  name: a"
    #expect(formatted(text).hasSuffix("metadata:\r\n  name: a\r\n  labels: {}\r\n"))
  }

  @Test func `the examples are in canonical order`() throws {
    for source in ManifestLoader.load([packageRoot.appending(path: "examples/clients").path]).sources {
      #expect(ManifestFormatter.format(source) == .unchanged, "\(source.file)")
    }
  }

  @Test func `shuffled manifests come back to one order, with every line, and say the same`() throws {
    var state: UInt64 = 7
    func next(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    let members = [
      "client_name: A # n", "redirect_uris:\n  - https://a.example.com/ # u\n  # between\n  - https://b.example.com/",
      "grant_types: [authorization_code,\n  refresh_token]", "scope: >-\n  openid\n  # text\n\n  profile",
      "contacts: ['a # b']",
      "jwks:\n  keys:\n    - kty: EC\n      x: a", "# odd\nx_tier: gold", "\n# spaced\nowner: me",
      "logo_uri: \"https://a\\\n  .b/c\"",
    ]
    var results: Set<String> = []
    for _ in 0..<300 {
      var left = members
      var shuffled: [String] = []
      while !left.isEmpty { shuffled.append(left.remove(at: next(left.count))) }
      let text =
        "apiVersion: clientsync/v1\nkind: Client\nmetadata: { name: a }\nspec:\n  client:\n"
        + indented(shuffled.joined(separator: "\n"), by: 4) + "\n"
      let once = formatted(text)
      #expect(formatted(once) == once)
      func lines(_ text: String) -> [Substring] {
        text.split(separator: "\n").filter { !$0.allSatisfy(\.isWhitespace) }.sorted()
      }
      #expect(lines(once) == lines(text))
      results.insert(
        once.split(separator: "\n", omittingEmptySubsequences: true).filter { !$0.allSatisfy(\.isWhitespace) }.joined(
          separator: "\n"))
    }
    #expect(results.count == 1)
  }
}
