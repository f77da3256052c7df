import OpenIDRegistration
import Testing

@testable import Commands

/// What `--verbose` leaves out.
@Suite struct ExchangeMaskTests {
  private let mask = ExchangeMask(secrets: [], credentialFields: [])

  @Test(arguments: [
    ("Location", "https://x/cb?foo=1#access_token=canary&state=s"), ("Location", "https://x/cb?code=canary;foo=1"),
    ("Refresh", "0; url=/x?access_token=canary"), ("Link", "<https://x/?access_token=canary>; rel=\"next\""),
    ("Location", "https://user:canary@x/cb"), ("X-Registration-Access-Token", "canary"), ("X-API-Key", "canary"),
    ("Set-Cookie", "session=canary; Path=/"), ("Authorization", "Bearer canary"),
  ])
  func `no field of a header gives a credential away`(_ name: String, _ value: String) {
    let shown = mask.field(.init(name: name, value: value))
    #expect(!shown.contains("canary") && shown.contains("(sensitive)"), "\(shown)")
  }

  @Test(arguments: [
    #"{"Client_Secret":"canary"}"#, #"{"initial_access_token":"canary","secret":"canary","client_secrets":["canary"]}"#,
    #"{"error":"invalid_or_missing_proof","c_nonce":"canary","c_nonce_expires_in":3600}"#,
    #"{"registration_client_uri":"https://x/?Access_Token=canary"}"#,
    #"{"jwks":{"keys":[{"kty":"OKP","x":"a","d":"canary"},{"kty":"oct","k":"canary"}]}}"#,
  ])
  func `no body gives a credential away`(_ body: String) {
    let shown = mask.body(Array(body.utf8), type: "application/json")
    #expect(!shown.contains("canary") && shown.contains("(sensitive)"), "\(shown)")
  }

  @Test func `what is no credential is shown as it is`() {
    #expect(mask.url("https://x/a?client_id=1&scope=a b#top") == "https://x/a?client_id=1&scope=a b#top")
    #expect(mask.body(Array(#"{"d":1,"k":"v"}"#.utf8), type: "application/json") == #"{"d":1,"k":"v"}"#)
  }
}
