import Diagnostics
import Manifests
import MarkedText
import OpenIDJSON
import Testing

/// What the examples of the page leave out: where findings point, and where rules end.
struct RuleTests {
  func check(_ text: String, profile: String) {
    let marked = MarkedText(clientText(text))
    let set = decode(client: marked.text, registry: registryText.replacing("profile: hydra", with: "profile: \(profile)"))
    #expect(MarkedText.marks(of: set.diagnostics) == marked.marks, "\(set.diagnostics.map { $0.text() }.joined())")
  }

  @Test(arguments: [
    "redirect_uris: [com.example.app:/cb, https://app.example.com, http://127.0.0.1:8080/cb, 'http://[::1]/cb', HTTPS://APP.example.com/cb]",
    "redirect_uris: [«redirect-uri-absolute»cb, «redirect-uri-absolute»//app.example.com/cb, «redirect-uri-absolute»'https:', «redirect-uri-absolute»https:/cb]",
    "redirect_uris: [«redirect-uri-absolute»https:///cb, «redirect-uri-absolute»https://:443/cb, «redirect-uri-absolute»https://a.example.com:port/cb]",
    "redirect_uris: [«redirect-uri-absolute»'', «redirect-uri-absolute»'https://a.example.com/a b', «redirect-uri-absolute»\"https://a.example.com/\\n\"]",
    "redirect_uris: [«redirect-uri-absolute»1https://a.example.com/, «redirect-uri-absolute»'https://a.example.com/{id}']",
    "redirect_uris: [«redirect-uri-fragment»'https://a.example.com/#', «redirect-uri-fragment»'com.example.app:/#x']",
    "redirect_uris: [«redirect-uri-wildcard»'https://a.example.com/*', «redirect-uri-wildcard»«redirect-uri-http»'http://*/cb']",
    "redirect_uris: [«redirect-uri-scheme»'data:text/html,x', «redirect-uri-scheme»'JavaScript:x', «redirect-uri-scheme»file:///etc/passwd]",
    "redirect_uris: [«redirect-uri-http»http://localhost.example.com/cb, «redirect-uri-http»http://127.example.com/cb, «redirect-uri-http»http://10.0.0.1/cb]",
    "redirect_uris: [https://a.example.com/cb, «duplicate-element»https://a.example.com/cb, «duplicate-element»https://a.example.com/cb]",
    "redirect_uris: [https://a.example.com/cb]\npost_logout_redirect_uris: [«redirect-uri-absolute»/bye, «redirect-uri-fragment»'https://a.example.com/#x']",
  ])
  func `redirect URIs`(_ text: String) { check(text, profile: "rfc7591") }

  @Test(arguments: [
    "«redirect-uris-required»grant_types: [refresh_token, authorization_code]",
    "«redirect-uris-required»grant_types: [authorization_code]\nredirect_uris: []",
    "grant_types: [«refresh-token-alone»refresh_token]",
    "grant_types: ['urn:ietf:params:oauth:grant-type:device_code']",
    "grant_types: [client_credentials]\nresponse_types: []",
    "grant_types: [client_credentials]\nresponse_types: [none]",
    "grant_types: [client_credentials]\nresponse_types: [«response-types-grant-types»code, «response-types-grant-types»id_token]",
    "redirect_uris: [https://a.example.com/]\nresponse_types: [code, «response-types-grant-types»id_token code, «response-types-grant-types»token]",
    "redirect_uris: [https://a.example.com/]\ngrant_types: [«implicit-grant»implicit, authorization_code]\nresponse_types: [token id_token, id_token code, code]",
    "redirect_uris: [https://a.example.com/]\nresponse_types: [«unusual-value»cod]",
    "redirect_uris: [https://a.example.com/]\ntoken_endpoint_auth_method: «unusual-value»client_secret_baisc",
    "redirect_uris: [https://a.example.com/]\ntoken_endpoint_auth_method: our_own_way",
    "grant_types: [«client-credentials-public»client_credentials]\ntoken_endpoint_auth_method: none",
  ])
  func `grants and response types`(_ text: String) { check(text, profile: "rfc7591") }

  static let machine = "grant_types: [client_credentials]\n"

  @Test(arguments: [
    "jwks: {}\njwks_uri: https://a.example.com/jwks.json",
    "jwks: {keys: []}\n«jwks-and-jwks-uri»jwks_uri: https://a.example.com/jwks.json",
    "token_endpoint_auth_method: «private-key-jwt-keys»private_key_jwt\njwks: {}",
    "token_endpoint_auth_method: «private-key-jwt-keys»private_key_jwt\njwks: {keys: []}",
    "token_endpoint_auth_method: private_key_jwt\n«jwks-shape»jwks: {key: []}",
    "token_endpoint_auth_method: private_key_jwt\njwks: {keys: [{kty: EC, crv: P-256, x: AQAB, y: AQAB}]}",
    "jwks: {keys: [{kty: OKP, crv: Ed25519, x: AQAB}, «jwks-shape»{kty: EC}, «jwks-shape»{kty: RSA, e: AQAB}, «jwks-shape»{crv: P-256}, «jwks-shape»x, «jwks-shape»{kty: 1}]}",
    "«jwks-shape»jwks: {keys: {kty: EC}}",
    "jwks: {keys: [{kty: RSA, n: AQAB, «private-key»d: AQAB, p: AQAB}]}",
    "jwks: {keys: [{kty: RSA, «private-key»q: AQAB}, {kty: RSA, «private-key»dp: A}, {kty: RSA, «private-key»dq: A}, {kty: RSA, «private-key»qi: A}, {kty: RSA, «private-key»oth: []}]}",
    "jwks: {keys: [{kty: oct, «private-key»k: AQAB}]}",
    "jwks: {keys: [{kty: OKP, crv: Ed25519, x: AQAB, k: AQAB}, {kty: oct, d: AQAB}]}",
  ])
  func `keys`(_ text: String) { check(Self.machine + text, profile: "rfc7591") }

  @Test(arguments: [
    "scope: openid", "scope: ''", "scope: «scope-separator»openid,profile", "scope: «scope-separator»'openid, profile'",
    "scope: a:b/c?d=e,f", "scope: «scope-grammar»' openid'", "scope: «scope-grammar»'openid '",
    "scope: «scope-grammar»\"a\\tb\"", "scope: «scope-grammar»'a\"b'", "scope: «scope-grammar»'a\\b'",
    "scope: «scope-grammar»é",
    "scope: «scope-grammar»|\n  openid\n  profile",
    "client_uri: https://a.example.com/#about", "logo_uri: ''", "tos_uri: «web-url»ftp://a.example.com",
    "policy_uri: «web-url»'javascript:x'",
    "logo_uri#fr: «web-url»/logo.png", "jwks_uri: «web-url»jwks.json", "backchannel_logout_uri: «web-url»/logout",
    "sector_identifier_uri: «web-url»http://a.example.com/s.json", "initiate_login_uri: https://a.example.com/login",
    "allowed_cors_origins: [https://a.example.com/, «cors-origin»'*', «cors-origin»'https://a.example.com/?x', «cors-origin»null.example.com]",
    "client_credentials_grant_access_token_lifespan: 1h30m", "client_credentials_grant_access_token_lifespan: 1.5h",
    "client_credentials_grant_access_token_lifespan: 100ms", "client_credentials_grant_access_token_lifespan: '0'",
    "client_credentials_grant_access_token_lifespan: «lifespan»''",
    "client_credentials_grant_access_token_lifespan: «lifespan»3600",
    "client_credentials_grant_access_token_lifespan: «lifespan»1d",
    "client_credentials_grant_access_token_lifespan: «lifespan»one hour",
    "client_credentials_grant_access_token_lifespan: «lifespan»9999999h",
  ])
  func `texts`(_ text: String) { check(Self.machine + text, profile: "rfc7591") }

  struct Profiled: Sendable, CustomTestStringConvertible {
    var text: String
    var profiles: [String]
    var testDescription: String { text }

    init(_ text: String, at profiles: String...) {
      self.text = text
      self.profiles = profiles
    }
  }

  /// Where a member is refused, and nowhere else.
  @Test(arguments: [
    Profiled("«refused-on-registration»skip_consent: true", at: "hydra", "ory-network", "auto"),
    Profiled("«refused-on-registration»skip_logout_consent: true", at: "hydra", "ory-network", "auto"),
    Profiled("«refused-on-registration»metadata: {}", at: "hydra", "ory-network", "auto"),
    Profiled("«refused-on-registration»access_token_strategy: jwt", at: "hydra", "ory-network", "auto"),
    Profiled("skip_logout_consent: false"),
    Profiled("«dropped-member»software_id: x", at: "hydra", "ory-network"),
    Profiled("«dropped-member»client_name#fr: Facture", at: "hydra", "ory-network"),
    Profiled(
      "redirect_uris: ['https://a.example.com/']\npost_logout_redirect_uris: [«post-logout-origin»'https://a.example.com:443/', https://a.example.com/bye, «post-logout-origin»http://a.example.com/]"
        .replacing("http://a.example.com/", with: "com.example.app:/"), at: "hydra", "ory-network"),
  ])
  func `a profile's rules hold where the profile does`(_ example: Profiled) {
    for profile in ["rfc7591", "auto", "hydra", "ory-network"] {
      let isRefused = example.profiles.contains(profile)
      check(Self.machine + (isRefused ? example.text : MarkedText(example.text).text), profile: profile)
    }
  }

  /// What was seen of servers that have no profile yet.
  @Test(arguments: [
    (
      "keycloak",
      "«dropped-member»software_id: x\n«refused-on-registration»owner: x\n«refused-on-registration»client_name#fr: x\nlogo_uri: https://a.example.com/x"
    ),
    ("oidc-provider", "«dropped-member»request_uris: [https://a.example.com/x]\n«dropped-member»x_tier: gold\ncontacts: [a]"),
    ("django-oauth-toolkit", "«dropped-member»scope: a\nclient_name: x"), ("glewlwyd", "«dropped-member»contacts: [a]"),
    ("authlib", "contacts: [a]\n«dropped-member»audience: [a]"), ("pyoidc", "x_tier: gold\nclient_name#fr: x\nsoftware_id: x"),
  ])
  func `a server without a profile is known by what it was seen to keep`(_ profile: String, _ text: String) {
    let marked = MarkedText(clientText(Self.machine + text))
    let registry = registryText.replacing("profile: hydra", with: "profile: \(profile)")
    let found = decode(client: marked.text, registry: registry).diagnostics.filter { $0.rule != "not-supported-yet" }
    #expect(MarkedText.marks(of: found) == marked.marks, "\(found.map { $0.text() }.joined())")
  }

  @Test func `an embedded registry is a Hydra`() {
    let embedded = registryText.replacing("issuer: \"https://auth.example.com/\", profile: hydra", with: "embedded: {}")
    let set = decode(client: clientText(Self.machine + "skip_consent: true\nsoftware_id: x"), registry: embedded)
    #expect(set.diagnostics.map(\.rule).sorted() == ["dropped-member", "refused-on-registration"])
  }

  @Test func `rules see what the registry's defaults bring`() throws {
    let registry = registryText.replacing(
      "profile: hydra", with: "profile: hydra, defaults: { token_endpoint_auth_method: none }")
    let set = decode(client: clientText(Self.machine), registry: registry)
    #expect(set.diagnostics.map(\.rule) == ["client-credentials-public"])
    #expect(set.diagnostics.first?.place?.file == "client.yaml")
  }

  @Test(arguments: [
    "«unknown-key»redirect_uri: https://a.example.com/", "redirect_uris: «wrong-type»https://a.example.com/",
    "redirect_uris: [«wrong-type»[https://a.example.com/]]", "«duplicate-key»redirect_uris: []",
    "redirect_uris: [«missing-variable»$(env:CLIENTSYNC_VAR_UNSET)]",
    "token_endpoint_auth_method: private_key_jwt\nredirect_uris: ['https://a.example.com/']\njwks: «wrong-type»[]",
  ])
  func `a member that is wrong already is not judged again`(_ text: String) {
    let prefix = text.contains("duplicate-key") ? "redirect_uris: ['https://a.example.com/']\n" : ""
    check(prefix + text, profile: "hydra")
  }
}
