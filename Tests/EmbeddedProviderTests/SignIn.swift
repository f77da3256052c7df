import Foundation
import OpenIDCryptography
import OpenIDJSON
import Testing

@testable import EmbeddedProvider

/// Short ways to sign somebody in at a provider of a test's own.
extension TestProvider {
  static let redirectURI = "http://127.0.0.1:9999/cb"
  static let verifier = String(repeating: "v", count: 43)
  static let challenge = Base64.encode(SHA2.sha256(Array(verifier.utf8)), urlSafe: true, padded: false)

  /// A client that may do what most tests want, with these members besides.
  func registerApplication(_ members: JSONObject = [:]) throws -> (id: String, token: String, secret: String) {
    let standard: JSONObject = [
      "redirect_uris": [.string(TestProvider.redirectURI)], "grant_types": ["authorization_code", "refresh_token"],
      "response_types": ["code"], "scope": "openid offline profile",
    ]
    return try register(standard.merging(members).text())
  }

  /// A request to the authorization endpoint, with what most need unless `parameters` say otherwise; an empty value leaves one out.
  func authorize(_ clientID: String, _ parameters: [String: String] = [:], cookie: String? = nil) throws -> TestAnswer {
    let standard = [
      "client_id": clientID, "redirect_uri": TestProvider.redirectURI, "response_type": "code", "scope": "openid offline",
      "state": "a state", "nonce": "a-nonce", "code_challenge": TestProvider.challenge, "code_challenge_method": "S256",
      "login_hint": "alice",
    ]
    let all = standard.merging(parameters) { _, other in other }.filter { !$0.value.isEmpty }
    return try request("GET", "/oauth2/auth?" + form(all), headers: cookie.map { ["Cookie": $0] } ?? [:])
  }

  /// A code, and the cookie of the browser that it was given to.
  func code(_ clientID: String, _ parameters: [String: String] = [:]) throws -> (code: String, cookie: String) {
    let answer = try authorize(clientID, parameters)
    let cookie = try #require(answer.headers["set-cookie"]?.split(separator: ";").first, "\(answer.text)")
    return (answer.parameters["code"], String(cookie))
  }

  func tokenRequest(
    _ parameters: [String: String], basic: (id: String, secret: String)? = nil
  ) throws -> TestAnswer {
    var headers = ["Content-Type": "application/x-www-form-urlencoded"]
    if let basic {
      let pair = GoQuery.escaped(basic.id) + ":" + GoQuery.escaped(basic.secret)
      headers["Authorization"] = "Basic " + Base64.encode(Array(pair.utf8))
    }
    return try request("POST", "/oauth2/token", headers: headers, body: form(parameters))
  }

  func exchange(
    _ code: String, _ client: (id: String, token: String, secret: String), _ parameters: [String: String] = [:]
  ) throws -> TestAnswer {
    let standard = [
      "grant_type": "authorization_code", "code": code, "redirect_uri": TestProvider.redirectURI,
      "code_verifier": TestProvider.verifier,
    ]
    return try tokenRequest(
      standard.merging(parameters) { _, other in other }.filter { !$0.value.isEmpty }, basic: (client.id, client.secret))
  }

  func refresh(
    _ token: String, _ client: (id: String, token: String, secret: String), scope: String? = nil
  ) throws -> TestAnswer {
    var parameters = ["grant_type": "refresh_token", "refresh_token": token]
    parameters["scope"] = scope
    return try tokenRequest(parameters, basic: (client.id, client.secret))
  }

  /// Signs somebody in; the answer of the token endpoint.
  func signIn(
    _ client: (id: String, token: String, secret: String), _ parameters: [String: String] = [:]
  ) throws -> TestAnswer {
    let answer = try exchange(try code(client.id, parameters).code, client)
    try #require(answer.status == 200, "\(answer.text)")
    return answer
  }

  func userInfo(_ accessToken: String?) throws -> TestAnswer { try request("GET", "/userinfo", token: accessToken ?? "") }

  /// Lets every token of that kind have ended an hour ago.
  func expire(_ kind: OpaqueToken.Kind) throws {
    try store.writing.use { connection throws(StoreError) in
      _ = try connection.run(
        "UPDATE token SET expires_at = ? WHERE kind = ?", [.integer(GoTime.now.seconds - 3_600), .text(kind.rawValue)])
    }
  }

  /// The keys at `jwks_uri`.
  func publishedKeys() throws -> [VerificationKey] {
    let keys = try #require(try request("GET", "/.well-known/jwks.json").json?["keys"]?.array)
    return try keys.map { try VerificationKey(jwk: try #require($0.object)) }
  }

  /// The claims of a token of this provider's, its signature checked.
  func claims(_ text: String?) throws -> JSONObject {
    let token = try JSONWebToken(parsing: try #require(text))
    _ = try token.verifiedKey(among: publishedKeys(), accepting: [.rs256])
    return token.claims
  }
}

func form(_ parameters: [String: String]) -> String {
  parameters.sorted { $0.key < $1.key }.map { GoQuery.escaped($0.key) + "=" + GoQuery.escaped($0.value) }.joined(separator: "&")
}

extension TestAnswer {
  var location: String { headers["location"] ?? "" }

  /// The parameters of the URL that the answer leads to, in its query or its fragment.
  var parameters: GoQuery {
    let start = location.firstIndex { $0 == "?" || $0 == "#" }
    return GoQuery(parsing: start.map { location[location.index(after: $0)...] } ?? "")
  }
}
