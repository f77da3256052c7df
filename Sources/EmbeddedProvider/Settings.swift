import OpenIDJSON
import OpenIDRegistration

/// The configuration keys of Hydra's that this provider has, with the values that the recorded conversations start from:
/// registration is on, and the discovery document says so.
struct Settings: Sendable {
  /// `oidc.dynamic_client_registration.enabled`
  var isRegistrationEnabled = true
  /// `oidc.dynamic_client_registration.default_scope`: what a client gets that asks for no scope.
  var defaultScope = ["offline_access", "offline", "openid"]
  /// `webfinger.oidc_discovery.client_registration_url`: what discovery names, whatever it is.
  var registrationURL = RegistrationURL.own
  /// `oidc.subject_identifiers.supported_types`
  var subjectTypes = ["public"]
  /// `ttl.access_token`: how long an access token lives.
  var accessTokenLifetime = GoDuration(nanoseconds: 3_600_000_000_000)

  enum RegistrationURL: Sendable, Hashable {
    /// The registration endpoint of this provider.
    case own
    case other(String)
    /// Discovery is silent about it.
    case unnamed
  }

  static let keys = [
    "oidc.dynamic_client_registration.default_scope", "oidc.dynamic_client_registration.enabled",
    "oidc.subject_identifiers.supported_types", "ttl.access_token", "webfinger.oidc_discovery.client_registration_url",
  ]

  init(_ values: [String: JSONValue]) throws(EmbeddedProviderError) {
    for (key, value) in values.sorted(by: { $0.key < $1.key }) {
      switch key {
      case "oidc.dynamic_client_registration.enabled":
        guard let isEnabled = value.bool else { throw .setting(key, takes: "true or false") }
        isRegistrationEnabled = isEnabled
      case "oidc.dynamic_client_registration.default_scope":
        guard let words = value.strings else { throw .setting(key, takes: "a list of strings") }
        defaultScope = words
      case "webfinger.oidc_discovery.client_registration_url":
        switch value {
        case .null: registrationURL = .unnamed
        case .string(let url): registrationURL = .other(url)
        default: throw .setting(key, takes: "a URL or null")
        }
      case "oidc.subject_identifiers.supported_types":
        guard let types = value.strings, !types.isEmpty, types.allSatisfy(["public", "pairwise"].contains) else {
          throw .setting(key, takes: "a list of \"public\" and \"pairwise\"")
        }
        subjectTypes = ["public", "pairwise"].filter(types.contains)
      case "ttl.access_token":
        guard let duration = value.string.flatMap({ GoDuration($0) }), duration.nanoseconds > 0 else {
          throw .setting(key, takes: "a duration such as \"1h\" or \"90s\"")
        }
        accessTokenLifetime = duration
      default:
        throw EmbeddedProviderError(
          .unknownSetting,
          "There is no setting \"\(key)\" at the embedded provider. It has: \(Settings.keys.joined(separator: ", ")).")
      }
    }
  }
}

extension EmbeddedProviderError {
  fileprivate static func setting(_ key: String, takes what: String) -> EmbeddedProviderError {
    EmbeddedProviderError(.invalidSetting, "The setting \"\(key)\" takes \(what).")
  }
}
