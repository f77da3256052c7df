import Foundation
import OpenIDCryptography
import OpenIDJSON
import OpenIDRegistration
import OpenIDRegistrationCurl

/// Somebody signs in at an embedded provider: the authorization code flow with PKCE, up to the tokens and the browser's cookies.
struct SignIn {
  let accessToken: String
  let idToken: String
  let cookies: String

  struct Failure: Error { let words: String }

  init(at publicURL: String, client: JSONValue, scope: String = "openid", subject: String = "alice@example.com") async throws {
    guard let id = client["client_id"]?.string, let secret = client["client_secret"]?.string,
      let target = client["redirect_uris"]?[0]?.string
    else { throw Failure(words: "the client has no id, secret or redirect URI") }
    let transport = CurlTransport()
    let verifier = Base64.encode(Random.bytes(32), urlSafe: true, padded: false)
    let challenge = Base64.encode(SHA2.sha256(Array(verifier.utf8)), urlSafe: true, padded: false)
    var components = URLComponents()
    components.queryItems = [
      "client_id": id, "redirect_uri": target, "response_type": "code", "scope": scope, "state": "state-of-the-test",
      "code_challenge": challenge, "code_challenge_method": "S256", "login_hint": subject,
      "login_claims": #"{"email":"alice@example.com"}"#,
    ].map { URLQueryItem(name: $0.key, value: $0.value) }
    let query = components.percentEncodedQuery ?? ""
    let authorized = try await transport.send(HTTPRequest(.get, "\(publicURL)/oauth2/auth?\(query)"))
    let location = authorized.headers["location"] ?? ""
    guard let code = URLComponents(string: location)?.queryItems?.first(where: { $0.name == "code" })?.value else {
      throw Failure(words: "\(authorized.status) \(location)")
    }
    cookies = authorized.headers.fields.filter { $0.name.lowercased() == "set-cookie" }
      .compactMap { $0.value.split(separator: ";").first.map(String.init) }.joined(separator: "; ")
    components.queryItems = [
      "grant_type": "authorization_code", "code": code, "redirect_uri": target, "code_verifier": verifier,
    ].map { URLQueryItem(name: $0.key, value: $0.value) }
    let basic = Data("\(id):\(secret.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "")".utf8)
    let answer = try await transport.send(
      HTTPRequest(
        .post, "\(publicURL)/oauth2/token",
        headers: [
          "Content-Type": "application/x-www-form-urlencoded", "Authorization": "Basic \(basic.base64EncodedString())",
        ], body: Array((components.percentEncodedQuery ?? "").utf8)))
    let tokens = try JSONValue(parsing: answer.body)
    guard let access = tokens["access_token"]?.string, let id = tokens["id_token"]?.string else {
      throw Failure(words: "\(answer.status) \(tokens.text())")
    }
    (accessToken, idToken) = (access, id)
  }
}
