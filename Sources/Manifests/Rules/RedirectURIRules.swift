import Diagnostics
import OpenIDRegistration
import YAML

extension Rule {
  /// RFC 7591, section 2: clients of grants that redirect must register where to.
  static let redirectURIsRequired = Rule("redirect-uris-required", about: ["redirect_uris", "grant_types"], triggers: []) {
    client in
    guard client.strings("redirect_uris").isEmpty else { return [] }
    guard let grant = client.grantTypes.first(where: { $0 == "authorization_code" || $0 == "implicit" }) else { return [] }
    let message = "the grant type \(grant) needs redirect_uris"
    if client["grant_types"] != nil {
      return [
        .about(
          "grant_types", message,
          hint:
            "Write redirect_uris: [https://app.example.com/callback] beside it, or leave the grant out (RFC 7591, section 2).")
      ]
    }
    return [
      Finding(
        path: [], message: message,
        hint: "A client without grant_types has authorization_code (RFC 7591, section 2). Say grant_types if it has another.")
    ]
  }

  /// RFC 6749, section 3.1.2: a redirection endpoint is an absolute URI.
  static let redirectURIAbsolute = redirectURIRule("redirect-uri-absolute") { uri in
    guard case .failure(let mistake) = uri.parts else { return nil }
    let hint: String
    if ["${", "{{", "%{", "<"].contains(where: uri.text.contains) {
      hint = "A variable is written $(env:CLIENTSYNC_VAR_HOST); nothing else is put in."
    } else if mistake.words == "is not absolute", uri.text.first?.isLetter == true,
      uri.text.contains("."), (try? URIParts("https://" + uri.text)) != nil
    {
      hint = "Write it like https://\(uri.text)"
    } else {
      hint = "Redirect URIs are absolute, like https://app.example.com/callback."
    }
    return Words("\(quoted(uri.text)) \(mistake.words)", hint)
  }

  static let redirectURIFragment = redirectURIRule("redirect-uri-fragment") { uri in
    guard case .success(let parts) = uri.parts, parts.hasFragment else { return nil }
    return Words(
      "\(quoted(uri.text)) has a fragment",
      "Redirect URIs must not have one: leave out what is behind the # (OpenID Connect Registration 1.0, section 2).")
  }

  static let redirectURIWildcard = redirectURIRule("redirect-uri-wildcard") { uri in
    guard uri.text.utf8.contains(UInt8(ascii: "*")) else { return nil }
    return Words(
      "\(quoted(uri.text)) has a wildcard",
      "Providers compare redirect URIs letter by letter (RFC 9700, section 4.1.3): write each one out.")
  }

  static let redirectURIScheme = redirectURIRule("redirect-uri-scheme") { uri in
    guard case .success(let parts) = uri.parts, runningSchemes.contains(parts.scheme) else { return nil }
    return Words(
      "a browser cannot be sent to \(parts.scheme): safely",
      "Use https:, http: on loopback, or a scheme of the app's own like com.example.app: (RFC 8252, section 7).")
  }

  private static let runningSchemes = Set(SchemaPattern.runningSchemes)

  /// RFC 8252, section 7.1: a domain name in reverse, so that two apps do not take the same scheme.
  static let redirectURIPrivateScheme = redirectURIRule("redirect-uri-private-scheme", .warning) { uri in
    guard case .success(let parts) = uri.parts, !["https", "http"].contains(parts.scheme), !parts.scheme.contains("."),
      !runningSchemes.contains(parts.scheme)
    else { return nil }
    return Words(
      "the scheme \(parts.scheme): may be another app's too",
      "Use a domain name in reverse, like com.example.app:/callback (RFC 8252, section 7.1), or an https: URI.")
  }

  static let redirectURIHTTP = redirectURIRule("redirect-uri-http", .warning) { uri in
    guard case .success(let parts) = uri.parts, parts.scheme == "http", let host = parts.host else { return nil }
    guard !HTTPURL.isLoopback(host: host == "[::1]" ? "::1" : host) else { return nil }
    return Words(
      "\(quoted(uri.text)) is sent in clear", "Use https:. Hydra registers this URI and refuses it when somebody signs in.")
  }

  /// Hydra: scheme, host and port must be those of one of the redirect URIs; the path is free.
  static let postLogoutOrigin = Rule(
    "post-logout-origin", about: ["post_logout_redirect_uris", "redirect_uris"], triggers: ["post_logout_redirect_uris"]
  ) { client in
    guard let profile = client.profile, ["hydra", "ory-network"].contains(profile.name) else { return [] }
    let uris = client.redirectURIs.compactMap { uri in (try? uri.parts.get()).map { (uri, $0) } }
    let origins = Set(uris.lazy.filter { $0.0.member == "redirect_uris" }.map { Origin($0.1) })
    return uris.compactMap { uri, parts in
      guard uri.member == "post_logout_redirect_uris" else { return nil }
      guard !origins.contains(Origin(parts)) else { return nil }
      return .value(
        .member(uri.member), .index(uri.index),
        message: "\(quoted(uri.text)) shares scheme, host and port with none of the redirect_uris",
        hint:
          "Hydra refuses it: add a redirect URI there, or use the host of one. A port that is written out counts as another.")
    }
  }

  /// Front-Channel Logout 1.0, section 2: domain, port and scheme are those of a redirect URI.
  static let frontchannelLogoutOrigin = Rule(
    "frontchannel-logout-origin", about: ["frontchannel_logout_uri", "redirect_uris"], triggers: ["frontchannel_logout_uri"]
  ) { client in
    guard let text = client.text("frontchannel_logout_uri"), let parts = try? URIParts(text) else { return [] }
    let origins = client.redirectURIs.compactMap { $0.member == "redirect_uris" ? try? Origin($0.parts.get()) : nil }
    guard !origins.isEmpty, !origins.contains(Origin(parts)) else { return [] }
    return [
      .value(
        .member("frontchannel_logout_uri"),
        message: "\(quoted(text)) shares scheme, host and port with none of the redirect_uris",
        hint: "Use the host of a redirect URI (OpenID Connect Front-Channel Logout 1.0, section 2).")
    ]
  }

  /// Back-Channel Logout 1.0, section 2.2.
  static let logoutURIFragment = Rule("logout-uri-fragment", about: ["backchannel_logout_uri", "frontchannel_logout_uri"]) {
    client in
    ["backchannel_logout_uri", "frontchannel_logout_uri"].compactMap { member in
      guard let text = client.text(member), text.utf8.contains(UInt8(ascii: "#")) else { return nil }
      return .value(
        .member(member), message: "\(quoted(text)) has a fragment",
        hint: "Leave out what is behind the # (OpenID Connect Back-Channel Logout 1.0, section 2.2).")
    }
  }

  private struct Origin: Hashable {
    var scheme: String
    var host: String?
    var port: String?

    init(_ parts: URIParts) { (scheme, host, port) = (parts.scheme, parts.host, parts.port) }
  }

  private struct Words {
    let message: String
    let hint: String

    init(_ message: String, _ hint: String) {
      self.message = message
      self.hint = hint
    }
  }

  /// A rule about each URI that a browser may be sent back to, also after signing out.
  private static func redirectURIRule(
    _ name: String, _ severity: Diagnostic.Severity = .error,
    problem: @escaping @Sendable (ReviewedClient.RedirectURI) -> Words?
  ) -> Rule {
    Rule(name, severity, about: ["redirect_uris", "post_logout_redirect_uris"]) { client in
      client.redirectURIs.compactMap { uri in
        problem(uri).map { .value(.member(uri.member), .index(uri.index), message: $0.message, hint: $0.hint) }
      }
    }
  }
}
