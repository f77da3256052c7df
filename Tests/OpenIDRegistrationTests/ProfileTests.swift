import Testing

@testable import OpenIDRegistration

/// What counts as equal, and what is sent.
@Suite struct ProfileTests {
  struct Pair: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let a: JSONObject
    let b: JSONObject
    var profiles: [Profile] = [.rfc7591, .hydra, .oryNetwork]
  }

  @Test(arguments: [
    Pair(
      testDescription: "null, [], empty string, {} and absent",
      a: ["contacts": nil, "audience": [], "jwks": [:], "logo_uri": ""], b: [:]),
    Pair(testDescription: "order of members", a: ["a": 1, "b": 2], b: ["b": 2, "a": 1]),
    Pair(
      testDescription: "order and repetitions in lists",
      a: ["redirect_uris": ["https://b", "https://a", "https://b"], "grant_types": ["x", "y"], "contacts": ["2", "1"]],
      b: ["redirect_uris": ["https://a", "https://b"], "grant_types": ["y", "x"], "contacts": ["1", "2"]]),
    Pair(testDescription: "order and blanks in scope", a: ["scope": " b  a b"], b: ["scope": "a b"]),
    Pair(
      testDescription: "order of words in response types", a: ["response_types": ["id_token code", "code"]],
      b: ["response_types": ["code", "code id_token"]]),
    Pair(
      testDescription: "origins", a: ["allowed_cors_origins": ["HTTPS://App.example.com/", "http://localhost:3000"]],
      b: ["allowed_cors_origins": ["http://localhost:3000/", "https://app.example.com:443"]]),
    Pair(testDescription: "numbers", a: ["default_max_age": .number(JSONNumber(3600.0)!)], b: ["default_max_age": 3600]),
    Pair(
      testDescription: "members within a key", a: ["jwks": ["keys": [["kty": "EC", "kid": "1"]]]],
      b: ["jwks": ["keys": [["kid": "1", "kty": "EC"]]]]),
    Pair(
      testDescription: "flags that are false by default",
      a: [
        "frontchannel_logout_session_required": false, "backchannel_logout_session_required": false, "require_auth_time": false,
      ], b: [:]),
    Pair(
      testDescription: "what the provider alone writes",
      a: [
        "client_id": "1", "client_secret": "2", "client_secret_expires_at": 0, "client_id_issued_at": 4,
        "registration_access_token": "5",
        "registration_client_uri": "6",
      ], b: [:]),
    Pair(
      testDescription: "durations", a: ["implicit_grant_id_token_lifespan": "1.5h"],
      b: ["implicit_grant_id_token_lifespan": "1h30m0s"], profiles: [.hydra, .oryNetwork]),
    Pair(
      testDescription: "times, metadata, admin's flags, the marker",
      a: [
        "created_at": "x", "updated_at": "y", "metadata": ["a": 1], "skip_consent": false, "skip_logout_consent": nil,
        "owner": "clientsync/lineage/name/nonce",
      ], b: ["skip_logout_consent": false], profiles: [.hydra, .oryNetwork]),
  ])
  func `what means the same is equal`(_ pair: Pair) {
    for profile in pair.profiles {
      let canonical = profile.canonical(pair.a)
      #expect(canonical == profile.canonical(pair.b), "\(profile.name)")
      #expect(profile.canonical(canonical) == canonical)
    }
  }

  @Test(arguments: [
    Pair(testDescription: "another name", a: ["client_name": "a"], b: ["client_name": "A"]),
    Pair(testDescription: "another redirect URI", a: ["redirect_uris": ["https://a/"]], b: ["redirect_uris": ["https://a"]]),
    Pair(
      testDescription: "order of preference", a: ["default_acr_values": ["1", "2"]], b: ["default_acr_values": ["2", "1"]]),
    Pair(testDescription: "a flag that is set", a: ["frontchannel_logout_session_required": true], b: [:]),
    Pair(testDescription: "zero", a: ["default_max_age": 0], b: [:]),
    Pair(testDescription: "false where it is no known default", a: ["x_flag": false], b: [:]),
    Pair(testDescription: "an owner that is no marker", a: ["owner": "team"], b: [:]),
    Pair(
      testDescription: "an origin with a path", a: ["allowed_cors_origins": ["https://a/x"]],
      b: ["allowed_cors_origins": ["https://a"]]),
    Pair(
      testDescription: "another duration", a: ["implicit_grant_id_token_lifespan": "1h"],
      b: ["implicit_grant_id_token_lifespan": "61m"]),
    Pair(
      testDescription: "what is no duration", a: ["implicit_grant_id_token_lifespan": "1d"],
      b: ["implicit_grant_id_token_lifespan": "24h"]),
    Pair(testDescription: "skip_consent", a: ["skip_consent": true], b: ["skip_consent": false], profiles: [.hydra]),
    Pair(testDescription: "metadata of others", a: ["metadata": ["a": 1]], b: [:], profiles: [.rfc7591]),
    Pair(testDescription: "a member nobody knows", a: ["x_thing": ["b", "a"]], b: ["x_thing": ["a", "b"]]),
  ])
  func `what differs is not`(_ pair: Pair) {
    for profile in pair.profiles { #expect(profile.canonical(pair.a) != profile.canonical(pair.b), "\(profile.name)") }
  }

  @Test func `a provider that keeps three members and rewrites two shows no drift against its own answers`() {
    // As django-oauth-toolkit answers: the method and the grants become its own, the rest of what was sent is gone.
    let own: JSONObject = [
      "client_id": "1", "redirect_uris": ["https://b.example.com/cb", "https://a.example.com/cb"],
      "grant_types": ["authorization_code", "refresh_token"], "token_endpoint_auth_method": "client_secret_basic",
      "client_name": "Billing", "registration_client_uri": "https://auth.example.com/register/1/",
    ]
    let created = own.merging(["client_secret": "shown once", "registration_access_token": "first"])
    let read = own.merging(["registration_access_token": "first"])
    let set = own.merging(["registration_access_token": "second"])
    let canonical = Profile.rfc7591.canonical(created)
    #expect(canonical.names == ["client_name", "grant_types", "redirect_uris", "token_endpoint_auth_method"])
    #expect(Profile.rfc7591.canonical(read) == canonical && Profile.rfc7591.canonical(set) == canonical)
  }

  @Test func `the bodies for Hydra carry no member that it refuses or writes itself`() {
    let declared: JSONObject = [
      "client_name": "Billing", "contacts": nil, "response_types": [], "client_id": "mine", "created_at": "x",
      "registration_access_token": "y",
    ]
    #expect(
      Profile.hydra.createBody(declared: declared, marker: "clientsync/l/n/1").members
        == ["client_name": "Billing", "response_types": [], "owner": "clientsync/l/n/1"])
    #expect(
      Profile.hydra.setBody(declared: declared, clientID: "1", clientSecret: Secret("s"), marker: "clientsync/l/n/1").members
        == ["client_name": "Billing", "response_types": [], "owner": "clientsync/l/n/1"])
  }

  @Test func `a declared owner wins over the marker, and an empty one does not`() {
    #expect(Profile.hydra.createBody(declared: ["owner": "team"], marker: "clientsync/1").members == ["owner": "team"])
    #expect(Profile.hydra.createBody(declared: ["owner": ""], marker: "clientsync/1").members == ["owner": "clientsync/1"])
    #expect(Profile.rfc7591.createBody(declared: [:], marker: "clientsync/1").members == [:])
  }

  @Test func `a set by RFC 7592 names the client, and its secret only where the provider needs it`() {
    #expect(
      Profile.rfc7591.setBody(declared: ["client_name": "a"], clientID: "1", clientSecret: Secret("s")).members
        == ["client_id": "1", "client_name": "a"])
    var profile = Profile.rfc7591
    profile.setClientSecret = .required
    #expect(
      profile.setBody(declared: ["client_name": "a"], clientID: "1", clientSecret: Secret("s")).members
        == ["client_id": "1", "client_secret": "s", "client_name": "a"])
  }

  @Test func `the profiles are found by name and each name is one`() {
    #expect(Profile.all.map(\.name) == ["rfc7591", "hydra", "ory-network"])
    for profile in Profile.all { #expect(Profile.named(profile.name) == profile) }
    #expect(Profile.named("auto") == nil)
  }

  @Test func `Hydra and Ory Network are known by their documents, and others are not`() {
    let hydra: JSONObject = [
      "issuer": "https://a.example.com", "id_token_signed_response_alg": ["RS256"], "userinfo_signed_response_alg": ["RS256"],
    ]
    #expect(Profile.detect(from: ProviderMetadata(hydra)) == .hydra)
    let network: JSONObject = ["issuer": "https://slug.projects.oryapis.com", "credentials_endpoint_draft_00": "https://x"]
    #expect(Profile.detect(from: ProviderMetadata(network)) == .oryNetwork)
    #expect(Profile.detect(from: ProviderMetadata(["issuer": "https://a.example.com"])) == nil)
  }

  struct Refused: Sendable {
    let name: String
    let value: JSONValue
    let isRefused: Bool
  }

  @Test(arguments: [
    Refused(name: "metadata", value: nil, isRefused: true), Refused(name: "metadata", value: [:], isRefused: true),
    Refused(name: "skip_consent", value: true, isRefused: true), Refused(name: "skip_consent", value: false, isRefused: false),
    Refused(name: "skip_logout_consent", value: nil, isRefused: false),
    Refused(name: "access_token_strategy", value: "jwt", isRefused: true),
    Refused(name: "access_token_strategy", value: "", isRefused: false),
    Refused(name: "client_name", value: "x", isRefused: false),
  ])
  func `Hydra refuses what its admin API alone takes`(_ refused: Refused) {
    #expect(Profile.hydra.refuses(refused.name, refused.value) == refused.isRefused)
    #expect(!Profile.rfc7591.refuses(refused.name, refused.value))
  }

  @Test func `the reason is known for members that Hydra does not honour`() {
    for name in Profile.hydra.dropped.union(["client_name#fr", "x_thing", "metadata", "skip_consent"]) {
      #expect(Profile.hydra.reasonNotHonoured(name)?.hasPrefix("Ory Hydra ") ?? false, "\(name)")
    }
    for name in ["client_name", "redirect_uris", "backchannel_logout_uri", "jwt_bearer_grant_access_token_lifespan"] {
      #expect(Profile.hydra.reasonNotHonoured(name) == nil, "\(name)")
    }
    #expect(Profile.rfc7591.reasonNotHonoured("anything") == nil)
  }

  @Test func `every member of a recorded Hydra client is one that the profile knows`() throws {
    let step = try #require(Conversation.named("hydra/create-full")?.steps.first)
    for name in try #require(step.body?.object).names { #expect(Profile.hydra.kept?.contains(name) ?? false, "\(name)") }
    let dropped = try #require(Conversation.named("hydra/create-unknown-members"))
    for step in dropped.steps {
      for name in step.requestBody?.names ?? [] where step.body?.object?[name] == nil && step.response.status == 201 {
        #expect(Profile.hydra.reasonNotHonoured(name) != nil, "\(name)")
      }
    }
  }

  @Test func `a list keeps what differs in its bytes alone, in one order`() {
    let (composed, decomposed) = ("https://a.example.com/\u{e9}", "https://a.example.com/e\u{301}")
    let lists: [JSONObject] = [
      ["redirect_uris": [.string(composed), .string(decomposed), .string(composed)]],
      ["redirect_uris": [.string(decomposed), .string(composed)]],
    ]
    let canonical = lists.map(Profile.rfc7591.canonical)
    #expect(canonical[0] == canonical[1])
    #expect(canonical[0]["redirect_uris"]?.array?.count == 2)
  }
}
