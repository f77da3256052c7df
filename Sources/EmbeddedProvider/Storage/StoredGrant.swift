/// What a client was granted, once: all tokens that come of it belong to it, and end with it.
struct StoredGrant: Sendable {
  var id: String
  var clientID: String
  /// The `sid` of the browser's session; `nil` where a client acts for itself.
  var sessionID: String?
  /// As the client knows it; its own id where it acts for itself.
  var subject: String
  /// Words with a blank between them.
  var scope: String
  /// Further claims of the ID token and of userinfo, a JSON object.
  var claims: [UInt8]
  var nonce: String?
  /// Seconds since 1970, as all times here.
  var requestedAt: Int
  var authenticatedAt: Int
}

/// An authorization code, an access token or a refresh token as its row holds it.
struct StoredToken: Sendable {
  var signature: String
  var kind: OpaqueToken.Kind
  var grantID: String
  /// An access token may have less than was granted (RFC 6749, section 6).
  var scope: String
  var issuedAt: Int
  var expiresAt: Int
  /// A code that was exchanged, a refresh token that has a successor.
  var isUsed = false
  /// Of a code: what the authorization request said, which the token request has to repeat.
  var redirectURI: String?
  /// Of a code: the challenge of RFC 7636, by `S256`.
  var codeChallenge: String?

  var isExpired: Bool { GoTime.now.seconds >= expiresAt }
}

/// A browser that is signed in.
struct StoredSession: Sendable {
  var id: String
  var cookieSignature: String
  var subject: String
  var authenticatedAt: Int
}
