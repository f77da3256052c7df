import OpenIDJSON

import struct OpenIDCryptography.Secret

/// One request of an operation, with what its errors may say of it.
struct Call {
  let operation: OpenIDOperation
  /// The endpoint as the caller named it.
  let endpoint: String
  var request: HTTPRequest
  /// What must never be shown.
  var secrets: [Secret] = []
  /// What shows that the caller may.
  private(set) var credential: Credential?
  /// Whom the answer has to be about, where that is known.
  var clientID: String?

  enum Credential {
    case registrationAccessToken
    case clientSecret
    /// An initial access token, or that of somebody who signed in or manages clients.
    case bearer
  }

  init(
    _ operation: OpenIDOperation, _ method: HTTPRequest.Method, _ endpoint: String, headers: HTTPFields,
    accept: String = "application/json", body: JSONObject? = nil
  ) {
    self.operation = operation
    self.endpoint = endpoint
    var fields = headers
    fields["Accept"] = accept
    if body != nil {
      fields["Content-Type"] = "application/json"
      // Left out, any coding would do (RFC 9110, section 12.5.3), and what comes then holds a secret that nobody can read.
      fields["Accept-Encoding"] = "identity"
    }
    request = HTTPRequest(method, endpoint, headers: fields, body: body.map { JSONValue.object($0).utf8() })
    // A gateway's key is a credential too, whatever its header field is called.
    secrets = headers.fields.map { Secret($0.value) } + (body?["client_secret"]?.string.map { [Secret($0)] } ?? [])
  }

  mutating func authorize(by authentication: ClientAuthentication?) {
    guard let authentication else { return }
    secrets += authentication.secrets
    switch authentication {
    case .registrationAccessToken: credential = .registrationAccessToken
    case .clientSecretBasic, .clientSecretPost: credential = .clientSecret
    case .bearer: credential = .bearer
    }
    if let value = authentication.authorization { request.headers["Authorization"] = value }
    if let query = authentication.query { request.url += (request.url.contains("?") ? "&" : "?") + query }
  }

  /// The endpoint for messages: without credentials, whatever the caller wrote.
  var shownEndpoint: String {
    if let url = try? HTTPURL(endpoint) { return url.description }
    let bare = endpoint.prefix { $0 != "?" && $0 != "#" }
    guard let at = bare.lastIndex(of: "@") else { return sanitised(String(bare), limit: 200) }
    return "…" + sanitised(String(bare[bare.index(after: at)...]), limit: 200)
  }
}
