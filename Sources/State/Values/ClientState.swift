package import OpenIDJSON

/// What the state knows of one client. Its credentials are sealed texts, also in memory.
package struct ClientState: Sendable, Hashable {
  package enum Status: String, Sendable, Hashable {
    case ok
    /// A call was sent, and its outcome is not known.
    case inDoubt = "in_doubt"
    /// Registered or set, and not read back yet.
    case unconfirmed
  }

  package var clientID: String?
  /// The only place that the registration access token goes to (RFC 7592, section 3).
  package var registrationClientURI: String?
  package var managedBy = "registration"
  /// Raised by every create, set and adoption.
  package var generation = 0
  package var status = Status.ok
  /// The declared metadata of the last create or set that succeeded.
  package var applied: JSONObject
  /// What the read after it returned, in canonical form; `nil` where there was none yet.
  package var observed: JSONObject?
  package var appliedAt: String?
  package var planDigest: String?
  package var deletion = "delete"
  package var labels: [String: String] = [:]
  /// The manifest that declares it.
  package var source: String?
  package var secretIssuedAt: String?
  package var secretVersion: Int?
  package var tokenIssuedAt: String?
  /// Whether a read handed out another token than the one it was made with (RFC 7592, section 2.1, lets it).
  package var readRotatedToken = false
  /// Seconds since 1970; 0 means never (RFC 7591, section 3.2.1).
  package var clientSecretExpiresAt: Int?
  package var delivered: [JSONValue] = []
  package var pending: PendingCall?
  package var sealed = SealedCredentials()
  package var unknown: JSONObject = [:]

  package init(clientID: String?, applied: JSONObject) {
    self.clientID = clientID
    self.applied = applied
  }
}

/// A client's credentials as sealed texts (`ENC[AES256_GCM,…]`).
package struct SealedCredentials: Sendable, Hashable {
  package var clientSecret: String?
  package var registrationAccessToken: String?

  package init() {}
}

/// Which of the credentials is meant: its name in the document, and so the end of its path.
package enum SealedMember: String, Sendable, Hashable, CaseIterable {
  case clientSecret = "client_secret"
  case registrationAccessToken = "registration_access_token"

  /// The path that the value is sealed for.
  func path(of client: String) -> [String] { ["clients", client, "sealed", rawValue] }
}

extension ClientState {
  /// Whether clientsync holds what a call to its client configuration endpoint needs.
  package var isManageable: Bool { registrationClientURI != nil && sealed.registrationAccessToken != nil }
}
