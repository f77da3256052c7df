import OpenIDRegistration
import Synchronization
import Testing

/// Finding a provider's endpoints.
@Suite struct DiscoveryTests {
  private let issuer = "https://auth.example.com"

  private func client(_ documents: [String: HTTPResponse]) -> (OpenIDRegistrationClient, StubTransport) {
    let transport = StubTransport { request throws(HTTPTransportError) in documents[request.url] ?? .text(404, "Not Found") }
    return (OpenIDRegistrationClient(transport: transport), transport)
  }

  @Test func `the document of the issuer is enough where it names the registration endpoint`() async throws {
    let (client, transport) = client([
      "https://auth.example.com/.well-known/openid-configuration": .json(
        200, ["issuer": "https://auth.example.com/", "registration_endpoint": "https://auth.example.com/register", "x": 1])
    ])
    let provider = try await client.discoverOidcConfiguration(issuer: "https://auth.example.com/")
    #expect(provider.registrationEndpoint == "https://auth.example.com/register")
    #expect(provider["x"] == 1)
    #expect(provider.sources == ["https://auth.example.com/.well-known/openid-configuration"])
    #expect(transport.requests.count == 1)
  }

  @Test func `where it does not, the authorization server metadata is asked, and the first document's members win`()
    async throws
  {
    let (client, _) = client([
      "https://auth.example.com/t/a/.well-known/openid-configuration": .json(
        200, ["issuer": "https://auth.example.com/t/a", "token_endpoint": "https://auth.example.com/one"]),
      "https://auth.example.com/.well-known/oauth-authorization-server/t/a": .json(
        200,
        [
          "issuer": "https://auth.example.com/t/a", "token_endpoint": "https://auth.example.com/two",
          "registration_endpoint": "https://auth.example.com/t/a/register",
        ]),
    ])
    let provider = try await client.discoverOidcConfiguration(issuer: "https://auth.example.com/t/a")
    #expect(provider.registrationEndpoint == "https://auth.example.com/t/a/register")
    #expect(provider.tokenEndpoint == "https://auth.example.com/one")
    #expect(provider.sources.count == 2)
  }

  @Test func `authorization server metadata alone is enough`() async throws {
    let (client, _) = client([
      "https://auth.example.com/.well-known/oauth-authorization-server": .json(
        200, ["issuer": "https://auth.example.com", "registration_endpoint": "https://auth.example.com/register"])
    ])
    #expect(
      try await client.discoverOidcConfiguration(issuer: issuer).registrationEndpoint == "https://auth.example.com/register")
  }

  @Test(arguments: [
    HTTPResponse.text(200, "<!doctype html><title>Welcome</title>"), .text(404, ""), .json(200, []), .json(302, [:]),
    .json(200, ["issuer": "https://evil.example.com", "registration_endpoint": "https://evil.example.com/register"]),
  ])
  func `what else stands at the second place does no harm`(_ second: HTTPResponse) async throws {
    let (client, _) = client([
      "https://auth.example.com/.well-known/openid-configuration": .json(200, ["issuer": "https://auth.example.com"]),
      "https://auth.example.com/.well-known/oauth-authorization-server": second,
    ])
    let provider = try await client.discoverOidcConfiguration(issuer: issuer)
    #expect(provider.registrationEndpoint == nil)
    #expect(provider.sources == ["https://auth.example.com/.well-known/openid-configuration"])
  }

  @Test func `a second place that fails for the moment does not count as saying nothing`() async {
    let (client, _) = client([
      "https://auth.example.com/.well-known/openid-configuration": .json(200, ["issuer": "https://auth.example.com"]),
      "https://auth.example.com/.well-known/oauth-authorization-server": .text(503, ""),
    ])
    let error = await failure { _ = try await client.discoverOidcConfiguration(issuer: issuer) }
    #expect(error?.code == .unavailable)
  }

  struct Bad: Sendable {
    let answer: HTTPResponse
    let code: RegistrationError.Code
    let words: String
  }

  @Test(arguments: [
    Bad(answer: .text(404, "Not Found"), code: .notFound, words: "there is nothing at this URL"),
    Bad(answer: .json(200, ["issuer": "https://other.example.com"]), code: .issuerMismatch, words: "https://other.example.com"),
    Bad(
      answer: .json(200, ["issuer": "https://auth.example.com/"]), code: .issuerMismatch,
      words: "the document names the issuer \"https://auth.example.com/\", and \"https://auth.example.com\" was asked"),
    Bad(answer: .json(200, ["token_endpoint": "x"]), code: .issuerMismatch, words: "the document names no issuer"),
    Bad(
      answer: .json(200, ["issuer": "https://auth.example.com"], ["content-type": "text/html"]), code: .invalidAnswer,
      words: "it calls itself text/html"),
    Bad(
      answer: .json(200, ["issuer": "https://auth.example.com", "jwks_uri": "https://a\0.example.com"]), code: .invalidAnswer,
      words: "jwks_uri has a NUL in it"),
    Bad(answer: .json(200, ["a list"]), code: .invalidAnswer, words: "it is an array, not an object"),
    Bad(answer: .json(500, ["error": "server_error"]), code: .serverError, words: "(500, server_error)"),
    Bad(answer: .json(429, [:], ["retry-after": "7"]), code: .tooManyRequests, words: "wait for 7 s"),
    Bad(answer: .json(301, [:]), code: .unexpectedStatus, words: "Redirects are not followed"),
  ])
  func `an answer that is no such document is an error that says why`(_ bad: Bad) async {
    let (client, _) = client(["https://auth.example.com/.well-known/openid-configuration": bad.answer])
    let error = await failure { _ = try await client.discoverOidcConfiguration(issuer: issuer) }
    #expect(error?.code == bad.code)
    #expect(error?.effect == Effect.none)
    #expect(error?.description.contains(bad.words) ?? false, "\(String(describing: error))")
    #expect(
      error?.description.hasPrefix("discoverOidcConfiguration at https://auth.example.com/.well-known/openid-configuration: ")
        ?? false)
  }

  /// Not as texts are compared otherwise: there the Greek question mark is a semicolon.
  @Test func `an issuer is the same where its bytes are`() async {
    let (client, _) = client([
      "https://auth.example.com/a;b/.well-known/openid-configuration": .json(
        200, ["issuer": "https://auth.example.com/a\u{37e}b"])
    ])
    let error = await failure { _ = try await client.discoverOidcConfiguration(issuer: "https://auth.example.com/a;b") }
    #expect(error?.code == .issuerMismatch)
  }

  @Test func `a document that is no JSON is an error with the place`() async {
    let (client, _) = client(["https://auth.example.com/.well-known/openid-configuration": .text(200, "{\"issuer\": ")])
    let error = await failure { _ = try await client.discoverOidcConfiguration(issuer: issuer) }
    guard case .notJSON? = error?.code else { return #expect(Bool(false), "\(String(describing: error))") }
    #expect(error?.description.contains("line 1, column") ?? false)
  }

  @Test(arguments: [
    "auth.example.com", "ftp://auth.example.com", "https://", "https://user:pw@auth.example.com", "https://a b",
    "https://auth.example.com/?tenant=1", "https://auth.example.com/#a",
  ])
  func `an issuer that is no URL is refused before anything is sent`(_ issuer: String) async {
    let (client, transport) = client([:])
    let error = await failure { _ = try await client.discoverOidcConfiguration(issuer: issuer) }
    #expect(error?.code == .transport(.invalidURL))
    #expect(transport.requests.isEmpty)
    #expect(!(error?.description.contains("pw") ?? true))
  }

  @Test func `beside a registration endpoint any issuer's document will do, and none is no error`() async throws {
    let (client, _) = client([
      "https://auth.example.com:8443/.well-known/openid-configuration": .json(200, ["issuer": "https://other", "x": 1])
    ])
    let found = try await client.configurationBeside(registrationEndpoint: "https://auth.example.com:8443/oauth2/register")
    #expect(found?["x"] == 1)
    #expect(try await client.configurationBeside(registrationEndpoint: "https://nowhere.example.com/register") == nil)
  }

  @Test(arguments: [
    "hydra/discovery", "hydra/discovery-without-registration", "keycloak/discovery", "oidc-provider/discovery-and-cors",
  ])
  func `the recorded documents are understood`(_ name: String) async throws {
    let conversation = try #require(Conversation.named(name))
    let documents = Dictionary(
      conversation.steps.filter { $0.method == "GET" }.map { ($0.url, $0.response) }, uniquingKeysWith: { first, _ in first })
    let (client, _) = client(documents)
    let issuer = name.hasPrefix("keycloak") ? "https://auth.example.com/realms/demo" : "https://auth.example.com"
    let provider = try await client.discoverOidcConfiguration(issuer: issuer)
    #expect(provider.issuer == issuer)
    #expect(provider.tokenEndpoint?.hasPrefix(issuer) ?? false)
    #expect(provider.scopesSupported?.contains("openid") ?? false)
    #expect(provider.responseTypesSupported?.contains("code") ?? false)
    #expect(Profile.detect(from: provider)?.name == (name.hasPrefix("hydra") ? "hydra" : nil))
    let profile = Profile.detect(from: provider) ?? .rfc7591
    let endpoint = profile.registrationEndpoint(of: provider)
    switch name {
    case "hydra/discovery-without-registration":
      #expect(provider.registrationEndpoint == nil)
      #expect(endpoint == "https://auth.example.com/oauth2/register")
      #expect(Profile.rfc7591.registrationEndpoint(of: provider) == nil)
    default:
      #expect(endpoint != nil && endpoint == provider.registrationEndpoint)
    }
  }
}
