/// Where the answer to an authorization request goes (RFC 6749, section 3.1.2).
enum RedirectURI {
  /// The URI to use: the one that was asked for, where the client has it registered, or its only one.
  static func chosen(_ requested: String?, of client: ClientRecord) throws(Refusal) -> String {
    let registered = client.redirectURIs ?? []
    guard let requested else {
      guard registered.count == 1 else {
        throw .oauth(
          .invalidRequest,
          "The parameter 'redirect_uri' is missing, and the client has \(registered.isEmpty ? "none" : "several") registered.")
      }
      return try usable(registered[0])
    }
    guard registered.contains(where: { $0 == requested || isSameOnLoopback(requested, $0) }) else {
      throw .oauth(.invalidRequest, "The parameter 'redirect_uri' is none of the client's redirect URIs.")
    }
    return try usable(requested)
  }

  /// A program on the user's machine takes the port that is free (RFC 8252, section 7.3).
  private static func isSameOnLoopback(_ requested: String, _ registered: String) -> Bool {
    guard let requested = try? GoURL(parsingRequest: requested), let registered = try? GoURL(parsingRequest: registered) else {
      return false
    }
    return requested.scheme == "http" && registered.scheme == "http" && requested.isOnLoopback
      && requested.hostname == registered.hostname && requested.path == registered.path && requested.query == registered.query
      && requested.userinfo == registered.userinfo
  }

  /// A registration takes schemes that a browser would run in this page's name.
  private static func usable(_ uri: String) throws(Refusal) -> String {
    guard let url = try? GoURL(parsingRequest: uri), url.isHarmless, !uri.contains("#") else {
      throw .oauth(.invalidRequest, "The redirect URI is no absolute URI that a browser may be sent to.")
    }
    return uri
  }
}

extension GoURL {
  /// Whether a page may link to it: it is absolute, and its scheme is none that runs or shows what the URL holds.
  var isHarmless: Bool { !scheme.isEmpty && !["javascript", "data", "vbscript", "blob", "file"].contains(scheme) }

  /// The host is a numeric loopback address: a name such as `localhost` may lead elsewhere (RFC 8252, section 8.3).
  fileprivate var isOnLoopback: Bool {
    let numbers = hostname.split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
    return hostname == "::1" || numbers.count == 4 && numbers[0] == 127 && !numbers.contains(nil)
  }
}
