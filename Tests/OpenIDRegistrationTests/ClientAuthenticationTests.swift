import Foundation
import OpenIDRegistration
import Testing

/// How credentials stand in a request (RFC 6749, section 2.3.1; RFC 6750, section 2.1).
@Suite struct ClientAuthenticationTests {
  private func request(_ authentication: ClientAuthentication, at url: String = "https://a.example.com/r/1") async throws
    -> HTTPRequest
  {
    let transport = StubTransport(.json(200, ["client_id": "1"]))
    _ = try await OpenIDRegistrationClient(transport: transport).getOidcDynamicClient(at: url, authentication: authentication)
    return try #require(transport.requests.first)
  }

  static let encodings = [
    ("plain-._*", "plain-._*"), ("a b", "a+b"), ("a+b", "a%2Bb"), ("a:b", "a%3Ab"), ("100%", "100%25"), ("%20", "%2520"),
    ("~!'()", "%7E%21%27%28%29"), ("=&?#/@", "%3D%26%3F%23%2F%40"), ("é€😀", "%C3%A9%E2%82%AC%F0%9F%98%80"),
    ("\"\\\n", "%22%5C%0A"),
    ("", ""),
  ]

  @Test(arguments: encodings)
  func `id and secret are form-encoded each before they are joined`(_ text: String, _ encoded: String) async throws {
    let sent = try await request(.clientSecretBasic(id: text, secret: Secret("s" + text)))
    let value = try #require(sent.headers["Authorization"])
    #expect(value.hasPrefix("Basic "))
    let pair = try #require(Data(base64Encoded: String(value.dropFirst(6))))
    #expect(String(decoding: pair, as: UTF8.self) == "\(encoded):s\(encoded)")
    #expect(sent.url == "https://a.example.com/r/1")
  }

  @Test(arguments: encodings)
  func `as parameters they are form-encoded too, and the URL keeps its own`(_ text: String, _ encoded: String) async throws {
    let authentication = ClientAuthentication.clientSecretPost(id: text, secret: Secret("s" + text))
    let plain = try await request(authentication)
    #expect(plain.url == "https://a.example.com/r/1?client_id=\(encoded)&client_secret=s\(encoded)")
    #expect(plain.headers["Authorization"] == nil)
    let query = try await request(authentication, at: "https://a.example.com/r?x=1")
    #expect(query.url == "https://a.example.com/r?x=1&client_id=\(encoded)&client_secret=s\(encoded)")
  }

  @Test(arguments: [ClientAuthentication.registrationAccessToken(Secret("a.b-c_d~e+f/g=")), .bearer(Secret("a.b-c_d~e+f/g="))])
  func `a token goes as it is`(_ authentication: ClientAuthentication) async throws {
    #expect(try await request(authentication).headers["Authorization"] == "Bearer a.b-c_d~e+f/g=")
  }

  @Test func `an initial access token goes with a create, and only where there is one`() async throws {
    let answer = HTTPResponse.json(201, ["client_id": "1"])
    let transport = StubTransport(answer, answer)
    let client = OpenIDRegistrationClient(transport: transport, headers: ["authorization": "gateway"])
    _ = try await client.createOidcDynamicClient([:], at: "https://a.example.com/r", initialAccessToken: Secret("iat"))
    _ = try await client.createOidcDynamicClient([:], at: "https://a.example.com/r")
    #expect(transport.requests.map { $0.headers["Authorization"] } == ["Bearer iat", "gateway"])
  }
}
