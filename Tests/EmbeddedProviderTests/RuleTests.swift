import OpenIDJSON
import OpenIDRegistration
import Testing

@testable import EmbeddedProvider

/// What a client may be, beyond what was recorded.
@Suite struct RuleTests {
  struct Refused: Sendable {
    let body: String
    let error: String
    /// How the description ends.
    let hint: String
  }

  @Test(
    "a client that breaks a rule is refused with its reason",
    arguments: [
      Refused(
        body: #"{"metadata":null}"#, error: "invalid_client_metadata",
        hint: "'metadata' cannot be set for dynamic client registration"),
      Refused(
        body: #"{"skip_logout_consent":true}"#, error: "invalid_request",
        hint: "'skip_logout_consent' cannot be set for dynamic client registration"),
      Refused(
        body: #"{"policy_uri":"nowhere"}"#, error: "invalid_client_metadata", hint: "Field policy_uri must be a valid URI."),
      Refused(
        body: #"{"jwks":{"keys":null},"jwks_uri":"https://a"}"#, error: "invalid_client_metadata", hint: "you must choose one."),
      Refused(
        body: #"{"jwks":{"keys":[{"kty":"oct","k":"AQAB"}]}}"#, error: "invalid_client_metadata",
        hint: "Invalid JSON web key in set."),
      Refused(
        body: #"{"allowed_cors_origins":["https://[::1"]}"#, error: "invalid_client_metadata",
        hint: "could not be parsed: parse 'https://[::1': missing ']' in host"),
      Refused(
        body: #"{"allowed_cors_origins":["https://u:p@a"]}"#, error: "invalid_client_metadata",
        hint: "has HTTP user and/or password set which is not allowed."),
      Refused(
        body: #"{"allowed_cors_origins":["https://a/x"]}"#, error: "invalid_client_metadata",
        hint: "but one of the parts is not empty."),
      Refused(
        body: #"{"redirect_uris":["nowhere"]}"#, error: "invalid_redirect_uri", hint: "Unable to parse redirect URL: nowhere"),
      Refused(
        body: #"{"post_logout_redirect_uris":["%"]}"#, error: "invalid_client_metadata",
        hint: "Unable to parse post_logout_redirect_uri: %"),
      Refused(
        body: #"{"redirect_uris":["https://a:443/"],"post_logout_redirect_uris":["https://a/"]}"#,
        error: "invalid_client_metadata",
        hint: "at least one of the registered redirect URIs but did not"),
      Refused(
        body: #"{"sector_identifier_uri":"https://[::1"}"#, error: "invalid_client_metadata",
        hint: "could not be parsed because parse 'https://[::1': missing ']' in host."),
    ])
  func refused(_ refused: Refused) throws {
    let provider = try TestProvider()
    let answer = try provider.request("POST", "/oauth2/register", body: refused.body)
    #expect(answer.status == 400)
    #expect(answer["error"] == refused.error)
    #expect(answer["error_description"]?.hasSuffix(refused.hint) ?? false, "\(answer.text)")
  }

  @Test("an unknown token strategy is refused at the admin API")
  func strategies() throws {
    let answer = try TestProvider().admin("POST", "/clients", body: #"{"access_token_strategy":"Paper"}"#)
    #expect(answer["error_description"]?.hasSuffix("expected one of [jwt, opaque] but got paper") ?? false)
  }

  @Test(
    "what Hydra does not look at is accepted",
    arguments: [
      #"{"redirect_uris":["app:cb","http://plain.example.com/","com.example:/x"]}"#,
      #"{"grant_types":["implicit"],"response_types":["code"]}"#, #"{"jwks_uri":"not a url"}"#,
      #"{"redirect_uris":["https://a:8443/x"],"post_logout_redirect_uris":["https://a:8443/other"]}"#,
      #"{"token_endpoint_auth_method":"private_key_jwt","jwks":{"keys":[]}}"#, #"{"jwks":{},"jwks_uri":"https://a/k"}"#,
    ])
  func accepted(body: String) throws {
    let answer = try TestProvider().request("POST", "/oauth2/register", body: body)
    #expect(answer.status == 201, "\(answer.text)")
  }

  @Test("pairwise subjects do not go with tokens that are JWTs")
  func pairwiseAndJWT() throws {
    let provider = try TestProvider(.init(settings: ["oidc.subject_identifiers.supported_types": ["pairwise", "public"]]))
    #expect(try provider.admin("POST", "/clients", body: #"{"subject_type":"pairwise"}"#).status == 201)
    let refused = try provider.admin("POST", "/clients", body: #"{"subject_type":"pairwise","access_token_strategy":"jwt"}"#)
    #expect(refused["error_description"]?.hasSuffix("not supported by server, only [public] are allowed.") ?? false)
    let discovery = try provider.request("GET", "/.well-known/openid-configuration")
    #expect(discovery.json?["subject_types_supported"] == ["public", "pairwise"])
  }

  @Test("where only pairwise subjects are supported they are the default")
  func pairwiseAlone() throws {
    let provider = try TestProvider(.init(settings: ["oidc.subject_identifiers.supported_types": ["pairwise"]]))
    #expect(try provider.request("POST", "/oauth2/register", body: "{}")["subject_type"] == "pairwise")
  }

  @Test("discovery names the registration endpoint that the setting says")
  func registrationURL() throws {
    let key = "webfinger.oidc_discovery.client_registration_url"
    let provider = try TestProvider(.init(settings: [key: "https://elsewhere.example.com/r"]))
    #expect(
      try provider.request("GET", "/.well-known/openid-configuration")["registration_endpoint"]
        == "https://elsewhere.example.com/r")
  }

  /// Answers with what it holds, or not at all.
  private struct Documents: HTTPTransport {
    let documents: [String: HTTPResponse]

    func send(_ request: HTTPRequest) async throws(HTTPTransportError) -> HTTPResponse {
      guard let response = documents[request.url] else { throw HTTPTransportError(.couldNotConnect, effect: .none, "refused") }
      return response
    }
  }

  /// Waits until it is cancelled.
  private struct Silence: HTTPTransport {
    func send(_ request: HTTPRequest) async throws(HTTPTransportError) -> HTTPResponse {
      try? await Task.sleep(for: .seconds(3_600))
      throw HTTPTransportError(.cancelled, effect: .none, "cancelled")
    }
  }

  @Test(
    "a sector identifier has to list every redirect URI",
    arguments: [
      ("https://a/all", 201), ("https://a/some", 400), ("https://a/empty", 400), ("https://a/object", 400),
      ("https://a/broken", 400), ("https://a/missing", 400), ("https://a/gone", 400), ("http://a/all", 400),
    ])
  func sectorIdentifiers(url: String, status: Int) async throws {
    func document(_ text: String, status: Int = 200) -> HTTPResponse { HTTPResponse(status: status, body: Array(text.utf8)) }
    let transport = Documents(documents: [
      "https://a/all": document(#"["https://x/","https://y/"]"#), "https://a/some": document(#"["https://x/"]"#),
      "https://a/empty": document("[]"), "https://a/object": document("{}"), "https://a/broken": document("["),
      "https://a/gone": document(#"["https://x/","https://y/"]"#, status: 404),
      "http://a/all": document(#"["https://x/","https://y/"]"#),
    ])
    let provider = try TestProvider(.init(transport: transport))
    let body = #"{"redirect_uris":["https://y/","https://x/"],"sector_identifier_uri":"\#(url)"}"#
    let port = provider.provider.publicPort
    // The fetch is a task, and needs a thread that runs tasks.
    let answer = try await inBackground { try TestConnection(port: port).exchange("POST", "/oauth2/register", body: body) }
    #expect(answer.status == status)
    if status == 400 { #expect(answer["error_description"]?.hasSuffix("of a Client's Metadata.") ?? false) }
    let client = try provider.register()
    let headers = ["Authorization": "Bearer \(client.token)"]
    let set = try await inBackground {
      try TestConnection(port: port).exchange("PUT", "/oauth2/register/\(client.id)", headers: headers, body: body)
    }
    #expect(set.status == (status == 201 ? 200 : 400))
  }

  @Test("stopping does not wait for a fetch: such a client is refused")
  func stoppingDuringFetch() async throws {
    let provider = try TestProvider(.init(transport: Silence()))
    let port = provider.provider.publicPort
    async let answer = inBackground {
      try TestConnection(port: port).exchange(
        "POST", "/oauth2/register", body: #"{"sector_identifier_uri":"https://a/","redirect_uris":["https://x/"]}"#)
    }
    while provider.pendingFetches == 0 { await Task.yield() }
    provider.provider.stop()
    #expect(try await answer.status == 400)
  }
}
