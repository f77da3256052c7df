import Diagnostics
import OpenIDRegistration
import YAML

extension Rule {
  /// RFC 7591, section 2: clients of grants that redirect must register where to.
  static let redirectURIsRequired = Rule("redirect-uris-required", about: ["redirect_uris", "grant_types"]) { client in
    guard client.strings("redirect_uris").isEmpty else { return [] }
    guard let grant = client.grantTypes.first(where: { $0 == "authorization_code" || $0 == "implicit" }) else { return [] }
    let message = "the grant type \(grant) needs redirect_uris"
    if client["grant_types"] != nil { return [.about("grant_types", message)] }
    return [
      Finding(
        path: [], message: message,
        hint: "A client without grant_types has authorization_code (RFC 7591, section 2). Say grant_types if it has another.")
    ]
  }

  /// RFC 6749, section 3.1.2: a redirection endpoint is an absolute URI.
  static let redirectURIAbsolute = redirectURIRule("redirect-uri-absolute") { text in
    do throws(URIParts.Mistake) {
      _ = try URIParts(text)
      return nil
    } catch {
      return Words("\(quoted(text)) \(error.words)", "Redirect URIs are absolute, like https://app.example.com/callback.")
    }
  }

  static let redirectURIFragment = redirectURIRule("redirect-uri-fragment") { text in
    guard (try? URIParts(text))?.hasFragment == true else { return nil }
    return Words(
      "\(quoted(text)) has a fragment", "Redirect URIs must not have one (OpenID Connect Registration 1.0, section 2).")
  }

  static let redirectURIWildcard = redirectURIRule("redirect-uri-wildcard") { text in
    guard text.contains("*") else { return nil }
    return Words(
      "\(quoted(text)) has a wildcard",
      "Providers compare redirect URIs letter by letter (RFC 9700, section 4.1.3): list them all.")
  }

  static let redirectURIScheme = redirectURIRule("redirect-uri-scheme") { text in
    guard let scheme = (try? URIParts(text))?.scheme,
      ["javascript", "data", "vbscript", "file", "blob", "about", "filesystem", "view-source"].contains(scheme)
    else { return nil }
    return Words(
      "a browser cannot be sent to \(scheme): safely",
      "Use https:, http: on loopback, or a scheme of the app's own like com.example.app: (RFC 8252, section 7).")
  }

  static let redirectURIHTTP = redirectURIRule("redirect-uri-http", .warning) { text in
    guard let uri = try? URIParts(text), uri.scheme == "http", let host = uri.host else { return nil }
    guard !HTTPURL.isLoopback(host: host == "[::1]" ? "::1" : host) else { return nil }
    return Words(
      "\(quoted(text)) is sent in clear", "Use https:. Hydra registers this URI and refuses it when somebody signs in.")
  }

  /// Hydra: scheme, host and port must be those of one of the redirect URIs; the path is free.
  static let postLogoutOrigin = Rule("post-logout-origin", about: ["post_logout_redirect_uris", "redirect_uris"]) { client in
    guard client.profile?.hasAdminAPI == true else { return [] }
    let origins = client.strings("redirect_uris").compactMap { try? URIParts($0) }
    return client.strings("post_logout_redirect_uris").enumerated().compactMap { index, text in
      guard let uri = try? URIParts(text) else { return nil }
      guard !origins.contains(where: { $0.scheme == uri.scheme && $0.host == uri.host && $0.port == uri.port }) else {
        return nil
      }
      return .value(
        .member("post_logout_redirect_uris"), .index(index),
        message: "\(quoted(text)) shares scheme, host and port with none of the redirect_uris",
        hint: "Hydra refuses it. A port that is written out counts as another one.")
    }
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
    _ name: String, _ severity: Diagnostic.Severity = .error, problem: @escaping @Sendable (String) -> Words?
  ) -> Rule {
    let members = ["redirect_uris", "post_logout_redirect_uris"]
    return Rule(name, severity, about: Set(members)) { client in
      members.flatMap { member in
        client.strings(member).enumerated().compactMap { index, text in
          problem(text).map { .value(.member(member), .index(index), message: $0.message, hint: $0.hint) }
        }
      }
    }
  }
}
