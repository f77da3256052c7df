import OpenIDCryptography
import OpenIDJSON

/// What the endpoints of signing in share.
extension Provider {
  typealias Refuse = @Sendable (Refusal) -> Void

  /// A client by its id; `nil` where there is none.
  func clientRecord(_ id: String) throws(Refusal) -> ClientRecord? {
    let row = try reading { connection throws(StoreError) in try Store.client(id, connection) }
    guard let row else { return nil }
    guard let client = try? ClientRecord(row) else { throw .unrecognizable }
    return client
  }

  /// A look into the store.
  func reading<Value: Sendable>(_ body: (SQLiteConnection) throws(StoreError) -> Value) throws(Refusal) -> Value {
    do throws(StoreError) {
      return try store.reading.use(body)
    } catch {
      throw Refusal(error)
    }
  }

  /// Goes on with the key of ID tokens. What the work refuses goes to `refuse`, as does that there is no key to be had.
  func withIDTokenKey(
    orElse refuse: @escaping Refuse, _ work: @escaping @Sendable (SigningKey) throws(Refusal) -> Void
  ) {
    idTokenKey.use(store, writer) { outcome in
      do throws(Refusal) {
        switch outcome {
        case .success(let key): try work(key)
        case .failure(let failure): throw Refusal(failure)
        }
      } catch {
        refuse(error)
      }
    }
  }

  /// The session of the browser that asks; `nil` where it has none, or one from too long ago.
  func browserSession(_ request: ServerRequest) throws(Refusal) -> StoredSession? {
    guard let cookie = request.cookie(cookieName),
      let signature = OpaqueToken.signature(of: cookie, as: .session, key: store.keys.token)
    else { return nil }
    let session = try reading { connection throws(StoreError) in try Store.session(cookie: signature, connection) }
    return session.flatMap { GoTime.now.seconds - $0.authenticatedAt < SignIn.remembered ? $0 : nil }
  }

  /// Cookies do not tell ports apart, so each provider has a name of its own for it.
  var cookieName: String {
    "provider_session_" + Hex.encode(Array(SHA2.sha256(Array(address.issuer.utf8)).prefix(4)))
  }

  /// - Parameter value: empty to take the cookie away.
  func cookieField(_ value: String) -> String {
    "\(cookieName)=\(value); Path=/; HttpOnly; SameSite=Lax" + (value.isEmpty ? "; Max-Age=0" : "")
      + (address.issuer.hasPrefix("https:") ? "; Secure" : "")
  }

  /// The claims of an ID token of this provider's, however old it is; `nil` where it is none.
  func idTokenClaims(_ text: String, _ key: SigningKey) -> JSONObject? {
    guard let token = try? JSONWebToken(parsing: text), token.header["typ"] != "logout+jwt",
      (try? token.verifiedKey(among: [key.publicKey], accepting: [.rs256])) != nil,
      token.claims["iss"]?.string == address.issuer
    else { return nil }
    return token.claims
  }
}
