public import struct OpenIDCryptography.Secret

/// What a client says when it asks the provider to sign somebody out (RP-Initiated Logout 1.0, section 2).
///
/// Everything may be left out. Hydra takes hint, target and state, and wants the hint where one of the other two is given.
public struct LogoutRequest: Sendable, Hashable {
  /// The ID token of the session; it may have expired.
  public var idTokenHint: Secret?
  /// Where the browser goes afterwards: one of the client's `post_logout_redirect_uris`, to the letter.
  public var postLogoutRedirectURI: String?
  /// Comes back with that redirect.
  public var state: String?
  /// The client, where no hint names it.
  public var clientID: String?
  /// Who signs out, where no hint says it.
  public var logoutHint: String?
  /// The languages that the provider's page may have, the preferred first (RFC 5646).
  public var uiLocales: [String]

  public init(
    idTokenHint: Secret? = nil, postLogoutRedirectURI: String? = nil, state: String? = nil, clientID: String? = nil,
    logoutHint: String? = nil, uiLocales: [String] = []
  ) {
    self.idTokenHint = idTokenHint
    self.postLogoutRedirectURI = postLogoutRedirectURI
    self.state = state
    self.clientID = clientID
    self.logoutHint = logoutHint
    self.uiLocales = uiLocales
  }

  /// The URL for a browser, which has the session that ``OpenIDRegistrationClient/revokeOidcSession(_:at:cookies:)`` would need
  /// cookies for. It holds the hint: not for a log.
  ///
  /// - Parameter endSessionEndpoint: ``ProviderMetadata/endSessionEndpoint``; a query that it has is kept.
  /// - Throws: ``RegistrationError`` where that is no absolute URL.
  public func url(at endSessionEndpoint: String) throws(RegistrationError) -> String {
    let call = Call(.revokeOidcSession, .get, endSessionEndpoint, headers: [:])
    do { _ = try HTTPURL(endSessionEndpoint) } catch {
      throw RegistrationError(call, HTTPTransportError(.invalidURL, effect: .none, "the URL \(error.words)"))
    }
    let parameters: [(String, String?)] = [
      ("id_token_hint", idTokenHint?.exposed), ("logout_hint", logoutHint), ("client_id", clientID),
      ("post_logout_redirect_uri", postLogoutRedirectURI), ("state", state),
      ("ui_locales", uiLocales.isEmpty ? nil : uiLocales.joined(separator: " ")),
    ]
    let query = parameters.compactMap { name, value in value.map { "\(name)=\(percentEncoded($0))" } }
    guard !query.isEmpty else { return endSessionEndpoint }
    return endSessionEndpoint + (endSessionEndpoint.contains("?") ? "&" : "?") + query.joined(separator: "&")
  }
}
