import OpenIDRegistration
import Testing

/// What servers say in `WWW-Authenticate`.
@Suite struct AuthenticationChallengeTests {
  typealias Challenge = AuthenticationChallenge

  @Test(arguments: [
    (
      #"Bearer error="invalid_token",error_description="Token expired.""#,
      [Challenge(scheme: "Bearer", parameters: ["error": "invalid_token", "error_description": "Token expired."])]
    ),
    ("Bearer", [Challenge(scheme: "Bearer")]),
    (
      "Negotiate, Basic realm=simple",
      [Challenge(scheme: "Negotiate"), Challenge(scheme: "Basic", parameters: ["realm": "simple"])]
    ),
    (
      #"Bearer realm="a, b", DPoP algs="ES256 EdDSA", realm="c""#,
      [
        Challenge(scheme: "Bearer", parameters: ["realm": "a, b"]),
        Challenge(scheme: "DPoP", parameters: ["algs": "ES256 EdDSA", "realm": "c"]),
      ]
    ),
    (
      #"NTLM dGVzdA==, Bearer Scope = "a b" ,, ERROR=x"#,
      [Challenge(scheme: "NTLM"), Challenge(scheme: "Bearer", parameters: ["scope": "a b", "error": "x"])]
    ),
    (#"Bearer error="a \"quoted\" one""#, [Challenge(scheme: "Bearer", parameters: ["error": #"a "quoted" one"#])]),
    (#"Bearer error="first", error="second""#, [Challenge(scheme: "Bearer", parameters: ["error": "first"])]),
    (#"Bearer error="cut off"#, [Challenge(scheme: "Bearer")]), ("", []), (",,", []), ("\"", []), ("=x", []),
    ("Bearer =", [Challenge(scheme: "Bearer")]),
  ])
  func `each form is read as far as it goes`(_ field: String, _ challenges: [Challenge]) {
    let headers: HTTPFields = ["www-authenticate": field]
    #expect(headers.challenges == challenges)
  }

  @Test func `several fields count as one list`() {
    var headers: HTTPFields = ["WWW-Authenticate": "Basic realm=a"]
    headers.append("www-authenticate", #"Bearer scope="openid  email""#)
    #expect(headers.challenges.map(\.scheme) == ["Basic", "Bearer"])
    #expect(headers.challenges.last?.scope == ["openid", "email"])
    #expect(headers.challenges.first?.scope == [])
  }

  @Test func `an answer without words of its own has those of the challenge, and no credential`() async {
    let challenge =
      #"Bearer realm="x", error="insufficient_scope", error_description="not with the-token", error_uri="https://e", scope="openid admin""#
    let client = OpenIDRegistrationClient(
      transport: StubTransport(.text(403, "", ["www-authenticate": challenge])))
    let error = await failure {
      _ = try await client.getOidcUserInfo(at: "https://a.example.com/me", accessToken: Secret("the-token"))
    }
    #expect(error?.code == .forbidden)
    #expect(error?.error == "insufficient_scope")
    #expect(error?.errorDescription == "not with (sensitive)")
    #expect(error?.bearerChallenge?.errorDescription == "not with (sensitive)")
    #expect(error?.bearerChallenge?.scope == ["openid", "admin"])
    #expect(error?.bearerChallenge?.realm == "x" && error?.bearerChallenge?.errorURI == "https://e")
    #expect(error?.description.contains("It wants the scope openid admin.") ?? false)
    #expect(!(error.map { String(describing: $0) }?.contains("the-token") ?? true))
  }
}
