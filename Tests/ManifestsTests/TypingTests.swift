import Diagnostics
import Manifests
import MarkedText
import OpenIDJSON
import Testing

/// What belongs in a member decides how it is read, never YAML's guesses.
struct TypingTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var text: String
    var json: String
    var testDescription: String { text }

    init(_ text: String, _ json: String) {
      self.text = text
      self.json = json
    }
  }

  @Test(arguments: [
    Case("client_name: no", #"{"client_name":"no"}"#),
    Case("client_name: 007", #"{"client_name":"007"}"#),
    Case("client_name: 1.10", #"{"client_name":"1.10"}"#),
    Case("client_name: 2026-01-02", #"{"client_name":"2026-01-02"}"#),
    Case("client_name: |\n  Two\n  lines", #"{"client_name":"Two\nlines"}"#),
    Case("client_name: null", "{}"),
    Case("client_name:", "{}"),
    Case("client_name: 'null'", #"{"client_name":"null"}"#),
    Case("contacts: [on, 7, 'a b']", #"{"contacts":["on","7","a b"]}"#),
    Case("contacts: []", #"{"contacts":[]}"#),
    Case("skip_consent: false\nrequire_auth_time: True", #"{"skip_consent":false,"require_auth_time":true}"#),
    Case("default_max_age: 3600", #"{"default_max_age":3600}"#),
    Case("x_a: no\nx_b: true\nx_c: 1.50\nx_d: 0x1f\nx_e: ~", #"{"x_a":"no","x_b":true,"x_c":1.50,"x_d":31}"#),
    Case("x_a: [~, .5, 1e3, 0o17, +7, -0, 1., 12e03, 1_000, 0b1]", #"{"x_a":[null,0.5,1e3,15,7,-0,1,12e03,"1_000","0b1"]}"#),
    Case(
      "x_a: '7'\nx_b: !!str 7\nx_c: 010\nx_d: 1.2.3\nx_e: e1\nx_f: '-'",
      #"{"x_a":"7","x_b":"7","x_c":10,"x_d":"1.2.3","x_e":"e1","x_f":"-"}"#),
    Case("x_a: 123456789012345678901234567890", #"{"x_a":123456789012345678901234567890}"#),
    Case(
      "client_name#fr: Facture\nclient_name#zh-Hans-CN: 帳單", ##"{"client_name#fr":"Facture","client_name#zh-Hans-CN":"帳單"}"##),
    Case("com.example.tier: gold\n'https://example.com/tier': 1", #"{"com.example.tier":"gold","https://example.com/tier":1}"#),
    Case("jwks: {keys: [{kty: oct, kid: 2026, use: sig}]}", #"{"jwks":{"keys":[{"kty":"oct","kid":2026,"use":"sig"}]}}"#),
    Case(#"{"client_name": "J\u0053ON", "contacts": ["a"]}"#, #"{"client_name":"JSON","contacts":["a"]}"#),
  ])
  func `a value is what its member takes`(_ example: Case) throws {
    let set = decode(client: clientText(example.text), registry: Self.openRegistry)
    // The examples name no grant, so each would need redirect URIs.
    #expect(set.diagnostics.filter { $0.rule != "redirect-uris-required" }.map { $0.text() } == [])
    #expect(try #require(set.clients.first).metadata.text() == example.json)
  }

  /// With a profile that nothing is known about, so that no rule of a provider's speaks up.
  static let openRegistry = registryText.replacing("profile: hydra", with: "profile: rfc7591")

  @Test(arguments: [
    "«unknown-key»redirect_urls: [https://app.example.com/cb]",
    "«unknown-key»redirectUris: [https://app.example.com/cb]",
    "«unknown-key»tier: gold",
    "«unknown-key»x_: gold",
    "«unknown-key»grant_types#fr: [authorization_code]",
    "«unknown-key»client_name#: x",
    "«unknown-key»client_name#f_r: x",
    "client_name: «wrong-type»[a]",
    "client_name: «wrong-type»{a: b}",
    "contacts: «wrong-type»a",
    "contacts: «wrong-type»{a: b}",
    "contacts: [a, «wrong-type»[b], «wrong-type»~, «wrong-type»{c: d}]",
    "skip_consent: «wrong-type»yes",
    "skip_consent: «wrong-type»\"true\"",
    "skip_consent: «wrong-type»1",
    "skip_consent: «wrong-type»[true]",
    "skip_consent: «wrong-type»$(env:CLIENTSYNC_VAR_X:-true)",
    "default_max_age: «wrong-type»1h",
    "default_max_age: «wrong-type»\"3600\"",
    "default_max_age: «wrong-type»1.5",
    "default_max_age: «invalid-value»-1",
    "default_max_age: «invalid-value»99999999999999999999",
    "jwks: «wrong-type»[]",
    "x_a: «wrong-type».inf",
    "x_a: {b: {«reserved-name»sealed: c}}",
    "subject_type: «unknown-value»pairwies",
    "«server-owned-member»client_id: x",
    "«server-owned-member»registration_access_token: x",
    "client_name: a\n«unknown-key»redirect_uri: b\ncontacts: «wrong-type»c\nskip_consent: «wrong-type»d",
  ])
  func `a mistake points at what is wrong`(_ text: String) {
    let marked = MarkedText(clientText("grant_types: [client_credentials]\n" + text))
    let set = decode(client: marked.text, registry: Self.openRegistry)
    #expect(MarkedText.marks(of: set.diagnostics) == marked.marks, "\(set.diagnostics.map { $0.text() }.joined())")
    #expect(set.failure == .invalid)
  }

  struct Hint: Sendable, CustomTestStringConvertible {
    var text: String
    var hint: String
    var testDescription: String { text }

    init(_ text: String, _ hint: String) {
      self.text = text
      self.hint = hint
    }
  }

  @Test(arguments: [
    Hint("redirect_uri: x", "did you mean \"redirect_uris\"? It takes a list of strings."),
    Hint("clientName: x", "did you mean \"client_name\"? It takes a string."),
    Hint("Scope: x", "did you mean \"scope\"? It takes a string."),
    Hint("grant_type: x", "did you mean \"grant_types\"? It takes a list of strings."),
    Hint("deletion: retain", "It belongs under spec."),
    Hint("nothing_like_it_at_all: 1", "A member of the provider's own begins with x_, or has a dot or a colon in its name."),
    Hint("contacts: ops@example.com", "Write it as a list: [ ops@example.com ]"),
    Hint(
      "redirect_uris: https://a.example.com https://b.example.com",
      "Write it as a list: [ https://a.example.com, https://b.example.com ]"),
    Hint("contacts: -a", "An element begins with \"- \", with a blank: - a"),
    Hint("scope: [openid, profile]", "Write it as one text: openid profile"),
    Hint("client_name: [Billing]", "Write it as one text: Billing"),
    Hint("contacts: [[a]]", "Take out the inner brackets."),
    Hint("skip_consent: yes", "Write skip_consent: true."),
    Hint("skip_consent: \"no\"", "Write skip_consent: false, without quotes."),
    Hint("skip_consent: perhaps", "Write skip_consent: true, or skip_consent: false."),
    Hint("default_max_age: \"3600\"", "Leave out the quotes."),
    Hint("default_max_age: 1h", "Write a number of 0 or more, in digits alone."),
    Hint("client_name: ${CLIENTSYNC_VAR_A}", "Write it like $(env:CLIENTSYNC_VAR_HOST)."),
    Hint("client_name: $(CLIENTSYNC_VAR_A)", "Write it like $(env:CLIENTSYNC_VAR_HOST)."),
    Hint("redirect_uris: ['https://${HOST}/cb']", "A variable is written $(env:CLIENTSYNC_VAR_HOST); nothing else is put in."),
    Hint("redirect_uris: [app.example.com/cb]", "Write it like https://app.example.com/cb"),
    Hint(
      "client_credentials_grant_access_token_lifespan: 30d", "Write it like 720h. It knows h, m, s, ms, us and ns, and no days."
    ),
    Hint(
      "client_credentials_grant_access_token_lifespan: 900", "Write it like 900s. It knows h, m, s, ms, us and ns, and no days."
    ),
  ])
  func `a hint says what to write instead`(_ example: Hint) throws {
    let set = decode(client: clientText("grant_types: [client_credentials]\n" + example.text))
    #expect(set.diagnostics.first?.hint == example.hint)
  }

  @Test func `metadata that stands beside client is told where it belongs`() {
    let set = decode(
      client:
        "apiVersion: clientsync/v1\nkind: Client\nmetadata: {name: a}\nspec:\n  redirect_uris: [https://a.example.com/]\n  client: {}\n"
    )
    #expect(set.diagnostics.first?.hint == "It belongs under spec.client.")
    #expect(set.diagnostics.map(\.rule) == ["unknown-key"])
  }
}
