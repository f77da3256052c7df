import OpenIDCryptography
import OpenIDRegistration

/// What is about to be handed out: the texts for the client, and the rows that are stored of them.
struct Issue: Sendable {
  private(set) var rows: [StoredToken] = []
  private(set) var accessToken: Secret?
  private(set) var code: Secret?
  private(set) var refreshToken: Secret?
  /// Seconds that the access token lives.
  private(set) var expiresIn = 0
  let now = GoTime.now
  private let key: HMACKey

  init(key: HMACKey) { self.key = key }

  var issuedAt: Int { now.seconds }

  mutating func addCode(_ grant: StoredGrant, redirectURI: String?, challenge: String?) {
    var (text, row) = make(.code, grant, SignIn.codeLifetime)
    row.redirectURI = redirectURI
    row.codeChallenge = challenge
    code = text
    rows.append(row)
  }

  mutating func addAccessToken(_ grant: StoredGrant, scope: String? = nil, lifetime: GoDuration) {
    var (text, row) = make(.access, grant, lifetime)
    row.scope = scope ?? grant.scope
    accessToken = text
    // Whole seconds that are left, as Hydra counts them: the end is on a full second.
    expiresIn = max(0, row.expiresAt - issuedAt - (now.nanoseconds > 0 ? 1 : 0))
    rows.append(row)
  }

  mutating func addRefreshToken(_ grant: StoredGrant, lifetime: GoDuration) {
    let (text, row) = make(.refresh, grant, lifetime)
    refreshToken = text
    rows.append(row)
  }

  private func make(_ kind: OpaqueToken.Kind, _ grant: StoredGrant, _ lifetime: GoDuration) -> (Secret, StoredToken) {
    let token = OpaqueToken(kind, key: key)
    return (
      token.text,
      StoredToken(
        signature: token.signature, kind: kind, grantID: grant.id, scope: grant.scope, issuedAt: issuedAt,
        expiresAt: now.second(after: lifetime))
    )
  }

  /// Stores the tokens; the grant has to be there.
  func insert(_ connection: SQLiteConnection) throws(StoreError) {
    for row in rows { try Store.insert(row, connection) }
  }
}

extension StoredGrant {
  /// Whether the client may go on without the person (OpenID Connect Core 1.0, section 11; Hydra takes the shorter word as well).
  func allowsRefresh(_ client: ClientRecord) -> Bool {
    let words = scope.split(separator: " ")
    return (words.contains("offline") || words.contains("offline_access"))
      && (client.grantTypes ?? []).contains("refresh_token")
  }

  var isForIdentity: Bool { scope.split(separator: " ").contains("openid") }
}
