import Diagnostics
import Manifests
import Testing

/// A mistake is shown with its line; what is secret in that line is not.
struct SecrecyTests {
  static let secret = "h8s7Gq2"

  @Test(arguments: [
    "client_secret: \(secret)",
    "client_secret: \"\(secret)\"",
    "{\"client_secret\": \"\(secret)\", \"nonsense\": 1}",
    "registration_access_token: '\(secret) and more'",
    "jwks: { keys: [{ kty: EC, crv: P-256, d: \(secret) }] }",
    "jwks: {\"keys\":[{\"kty\":\"RSA\",\"n\":\"AQAB\",\"d\":\"\(secret)\",\"p\":\"\(secret)\"}]}",
    "jwks: { keys: [{ kty: oct, k: \(secret) }] }",
    "jwks: { keys: [{ kty: EC, d: \(secret), d: \(secret) }] }",
    "jwks: { keys: [{ kty: EC, d: \(secret), y: !x z }] }",
    "jwks: { keys: [{ kty: EC, d: \(secret) }]",
    "jwks: [{ d: \(secret) }]",
    "client_uri: https://user:\(secret)@example.com/",
    "nonsense: 1 # password: \(secret)",
  ])
  func `neither message nor excerpt shows a secret`(_ text: String) {
    let set = decode(client: clientText(text))
    #expect(!set.diagnostics.isEmpty)
    for diagnostic in set.diagnostics {
      #expect(!diagnostic.text().contains(Self.secret), "\(diagnostic.text())")
      #expect(!"\(diagnostic)".contains(Self.secret))
    }
  }

  @Test func `a token in place of where it is to be had is not shown`() {
    let set = decode(
      "apiVersion: clientsync/v1\nkind: Registry\nmetadata: {name: a}\nspec: {issuer: https://a.example.com, initialAccessToken: \(Self.secret)}\n"
    )
    #expect(set.diagnostics.map(\.rule) == ["wrong-type"])
    #expect(set.diagnostics.first?.excerpt?.text.contains(Self.secret) == false)
  }

  @Test func `what is covered keeps its length, and names are not covered`() throws {
    let line = "jwks: { keys: [{ kty: EC, d: \(Self.secret), kid: a }] }"
    let set = decode(client: clientText("grant_types: [client_credentials]\n" + line))
    let excerpt = try #require(set.diagnostics.first { $0.rule == "private-key" }?.excerpt)
    #expect(excerpt.text == "    " + line.replacing(Self.secret, with: "*******"))
    #expect(excerpt.column == 31)
    let lifespan = decode(
      client: clientText("grant_types: [client_credentials]\nclient_credentials_grant_access_token_lifespan: 30d"))
    #expect(lifespan.diagnostics.first?.excerpt?.text.contains("client_credentials_grant_access_token_lifespan: 30d") == true)
  }

  @Test func `long runs of letters and digits are covered, whatever they are called`() {
    let token = "ory_at_" + String(repeating: "Ab1-", count: 12)
    let set = decode(client: clientText("nonsense: \(token)"))
    #expect(set.diagnostics.first?.excerpt?.text.contains("Ab1-") == false)
  }
}
