import OpenIDCryptography
import OpenIDJSON

/// How an access token is shown to the userinfo endpoint (OpenID Connect Core 1.0, section 5.3.1; RFC 6750, section 2).
public enum UserInfoMethod: String, Sendable, Hashable, CaseIterable {
  /// GET with the token in the header: what every provider takes.
  case get
  /// POST with the token in the header.
  case post
  /// POST with the token in a form, for a gateway that keeps `Authorization` for itself.
  case form
}

extension OpenIDRegistrationClient {
  /// Asks who signed in (OpenID Connect Core 1.0, section 5.3).
  ///
  /// The answer is JSON, or a JWT where the client asked for one (`userinfo_signed_response_alg`); a JWT is checked against the
  /// provider's keys, by RS256, PS256, ES256 or EdDSA, and by nothing else.
  ///
  ///     let person = try await client.getOidcUserInfo(
  ///       at: provider.userinfoEndpoint!, accessToken: token, subject: idTokenSubject,
  ///       keys: ProviderKeys(jwksURI: provider.jwksURI!, client: client))
  ///
  /// - Parameters:
  ///   - userinfoEndpoint: ``ProviderMetadata/userinfoEndpoint``.
  ///   - accessToken: what the token endpoint gave, with the scope `openid`.
  ///   - subject: the `sub` of the ID token. An answer about somebody else must not be used (section 5.3.2), so give it wherever
  ///     there is one.
  ///   - issuer: what the `iss` of a signed answer has to be, where it has one.
  ///   - clientID: what the `aud` of a signed answer has to hold, where it has one.
  ///   - keys: the provider's keys; without them a signed answer is an error. Keep them for the next call.
  ///   - method: how the token is shown.
  /// - Throws: ``RegistrationError``. `unauthorized` has the provider's words from `WWW-Authenticate` in
  ///   ``RegistrationError/bearerChallenge``; `signature` and `mismatch` say that an answer is not to be used.
  public func getOidcUserInfo(
    at userinfoEndpoint: String, accessToken: Secret, subject: String? = nil, issuer: String? = nil, clientID: String? = nil,
    keys: ProviderKeys? = nil, by method: UserInfoMethod = .get
  ) async throws(RegistrationError) -> UserInfo {
    var call = Call(
      .getOidcUserInfo, method == .get ? .get : .post, userinfoEndpoint, headers: headers,
      accept: "application/json, application/jwt")
    switch method {
    case .get, .post: call.authorize(by: .bearer(accessToken))
    case .form:
      call.secrets += [accessToken, Secret(formEncoded(accessToken.exposed))]
      call.request.headers["Content-Type"] = "application/x-www-form-urlencoded"
      call.request.body = Array("access_token=\(formEncoded(accessToken.exposed))".utf8)
    }
    let response = try await answer(to: call)
    let info = try await userInfo(in: response, of: call, keys: keys)
    if info.signedBy != nil { try check(info.claims, issuer: issuer, clientID: clientID, response, call) }
    if let subject, !info.subject.isIdentical(to: subject) {
      throw RegistrationError(
        call, .mismatch("sub"), effect: .none, answer: response, words: "it is about somebody else than the ID token")
    }
    return info
  }

  private func userInfo(
    in response: HTTPResponse, of call: Call, keys: ProviderKeys?
  ) async throws(RegistrationError) -> UserInfo {
    var claims: JSONObject
    var key: VerificationKey?
    if let text = compactToken(response) {
      guard text.filter({ $0 == "." }).count == 2 else {
        throw RegistrationError(
          call, .signature(.unsupported), effect: .none, answer: response,
          words: "it is encrypted, and this library reads signed answers only")
      }
      guard let keys else {
        throw RegistrationError(
          call, .signature(.noKey), effect: .none, answer: response,
          words: "it is signed, and no keys were given to check it with: name the provider's jwks_uri")
      }
      let verified = try await verified(text, keys: keys, in: response, of: call)
      (claims, key) = (verified.token.claims, verified.key)
    } else {
      claims = try object(in: response, of: call)
    }
    guard let subject = claims["sub"]?.string, !subject.isEmpty else {
      throw RegistrationError(call, .invalidAnswer, effect: .none, answer: response, words: "it names no sub")
    }
    return UserInfo(claims: claims, subject: subject, signedBy: key, headers: response.headers)
  }

  /// The text of an answer that is a token: by its type, or by its look where the type says nothing (OpenID Connect Core 1.0,
  /// section 5.3.2).
  private func compactToken(_ response: HTTPResponse) -> String? {
    let type = (response.headers["content-type"] ?? "").lowercased().prefix { $0 != ";" }.filter { !$0.isWhitespace }
    let text = String(decoding: response.body, as: UTF8.self).filter { !$0.isWhitespace }
    if type == "application/jwt" || type == "application/jose" { return text }
    // Every compact token begins with the Base64 of `{"`.
    return type != "application/json" && text.hasPrefix("eyJ") ? text : nil
  }

  /// What a signed answer says about itself (OpenID Connect Core 1.0, section 5.3.2; RFC 7519, section 4.1).
  private func check(
    _ claims: JSONObject, issuer: String?, clientID: String?, _ response: HTTPResponse, _ call: Call
  ) throws(RegistrationError) {
    func refuse(_ name: String, _ words: String) -> RegistrationError {
      RegistrationError(call, .mismatch(name), effect: .none, answer: response, words: words)
    }
    if let issuer, let said = claims["iss"], said != .string(issuer) { throw refuse("iss", "another issuer signed it") }
    if let clientID, let said = claims["aud"] {
      let audience = said.strings ?? said.string.map { [$0] } ?? []
      if !audience.contains(where: clientID.isIdentical) { throw refuse("aud", "it is for another client") }
    }
    // A minute for clocks that differ; both may have a fraction (RFC 7519, section 2).
    let now = currentTime()
    if let said = claims["exp"], !((said.number?.double ?? 0) > Double(now - 60)) { throw refuse("exp", "it has expired") }
    if let said = claims["nbf"], !((said.number?.double ?? .infinity) < Double(now + 60)) {
      throw refuse("nbf", "it is not valid yet")
    }
  }
}
