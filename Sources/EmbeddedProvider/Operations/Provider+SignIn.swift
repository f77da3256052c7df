/// The endpoints that people are signed in and out at.
extension Provider {
  func answerSignIn(_ request: ServerRequest, _ segments: [String], _ reply: @escaping Reply) {
    // What a GET changes no HEAD may change, so here they are not the same everywhere.
    switch (request.method, segments) {
    case ("GET", ["oauth2", "auth"]), ("POST", ["oauth2", "auth"]):
      carryOut(.authorize, reply) { self.authorize(request, $0) }
    case ("GET", ["oauth2", "sessions", "logout"]), ("POST", ["oauth2", "sessions", "logout"]):
      carryOut(.logout, reply) { self.logOut(request, $0) }
    case ("POST", ["oauth2", "token"]): carryOut(.token, reply) { self.token(request, $0) }
    case ("POST", ["oauth2", "revoke"]): revoke(request, reply)
    case ("POST", ["credentials"]): carryOut(.credential, reply) { self.issueCredential(request, $0) }
    case ("GET", ["userinfo"]), ("HEAD", ["userinfo"]), ("POST", ["userinfo"]):
      carryOut(.userInfo, reply) { self.userInfo(request, $0) }
    case ("GET", [".well-known", "jwks.json"]), ("HEAD", [".well-known", "jwks.json"]): publishKeys(reply)
    case ("GET", ["oauth2", "fallbacks", "error"]): reply(showError(request))
    case ("GET", ["oauth2", "fallbacks", "logout", "callback"]): reply(showSignedOut())
    default: reply(UnknownRoute.answer(accept: request.accept))
    }
  }
}
