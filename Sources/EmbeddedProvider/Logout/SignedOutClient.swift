import OpenIDCryptography
import OpenIDJSON
import OpenIDRegistration

/// A client that hears of the end of a session.
struct SignedOutClient: Sendable {
  let client: ClientRecord
  /// Who was signed in, as the client knows them.
  let subject: String

  /// What the browser loads to sign out there (OpenID Connect Front-Channel Logout 1.0, section 2); `nil` where there is nothing.
  func frame(issuer: String, sessionID: String) -> String? {
    guard let url = try? GoURL(parsingRequest: client.frontchannelLogoutURI), ["http", "https"].contains(url.scheme) else {
      return nil
    }
    return Redirection.url(client.frontchannelLogoutURI, adding: [("iss", issuer), ("sid", sessionID)])
  }

  /// What the client is sent (OpenID Connect Back-Channel Logout 1.0, section 2.4); `nil` where it wants nothing.
  func notice(issuer: String, sessionID: String, by key: SigningKey) -> HTTPRequest? {
    guard !client.backchannelLogoutURI.isEmpty else { return nil }
    let now = GoTime.now.seconds
    let token = JSONWebToken.signed(
      [
        "aud": [.string(client.clientID)], "events": ["http://schemas.openid.net/event/backchannel-logout": [:]],
        "exp": .number(JSONNumber(now + 120)), "iat": .number(JSONNumber(now)), "iss": .string(issuer),
        "jti": .string(Random.uuid()), "sid": .string(sessionID), "sub": .string(subject),
      ], header: ["typ": "logout+jwt"], by: key)
    return HTTPRequest(
      .post, client.backchannelLogoutURI, headers: ["Content-Type": "application/x-www-form-urlencoded"],
      body: Array("logout_token=\(token)".utf8))
  }
}

extension Provider {
  /// Sends the back-channel notices. Nobody waits for them.
  func notify(_ clients: [SignedOutClient], of sessionID: String, _ key: SigningKey) {
    for client in clients {
      guard let request = client.notice(issuer: address.issuer, sessionID: sessionID, by: key) else { continue }
      let name = "logout notice to client \(client.client.clientID)"
      guard let transport else {
        log?("\(name): not sent, for the provider has no transport")
        continue
      }
      errands.start {
        do throws(HTTPTransportError) {
          return "answered with \(try await transport.send(request).status)"
        } catch {
          return "failed, \(error)"
        }
      } then: { [log] outcome in
        log?("\(name): \(outcome)")
      } orElse: { [log] in
        log?("\(name): cut short by the provider's end")
      }
    }
  }
}
