import OpenIDRegistration

/// What a server was seen to do with client metadata, where there is no profile of it to act by yet: for `explain`, the reference
/// page and the lint rules. What was not looked at is not here.
struct ProviderKnowledge: Sendable {
  /// As `spec.profile` names it.
  let name: String
  let title: String
  /// Accepted and thrown away.
  var dropped: Set<String> = []
  /// Stored, and shown by no read.
  var hidden: Set<String> = []
  /// The members that are kept, where that is a short list; `nil` where it is all but those above.
  var kept: Set<String>?
  /// Whether a member that the server does not know is refused rather than thrown away.
  var refusesUnknown = false
  /// Members of the standards that this server does not know.
  var unknown: Set<String> = []
  /// Whether members of a provider's own are kept, whatever they are.
  var keepsEverything = false

  static let all = [keycloak, oidcProvider, djangoOAuthToolkit, glewlwyd, authlib, pyoidc]

  static func named(_ name: String) -> ProviderKnowledge? { all.first { $0.name == name } }

  private static let software: Set = ["software_id", "software_version"]
  private static let hydrasOwn = Set((ObjectSchema.hydraFields + ObjectSchema.lifespanFields).map(\.name))

  /// 26.5.
  private static let keycloak = ProviderKnowledge(
    name: "keycloak", title: "Keycloak",
    dropped: software.union([
      "contacts", "application_type", "default_max_age", "require_auth_time", "initiate_login_uri",
      "request_object_encryption_alg", "request_object_encryption_enc",
    ]), hidden: ["logo_uri", "policy_uri", "tos_uri", "backchannel_logout_session_required"], refusesUnknown: true,
    unknown: hydrasOwn.union(["software_statement"]))

  /// 9.13, with the features that are on as the package comes.
  private static let oidcProvider = ProviderKnowledge(
    name: "oidc-provider", title: "oidc-provider",
    dropped: software.union([
      "software_statement", "request_uris", "frontchannel_logout_uri", "frontchannel_logout_session_required",
    ]), unknown: hydrasOwn)

  /// 3.4.
  private static let djangoOAuthToolkit = ProviderKnowledge(
    name: "django-oauth-toolkit", title: "django-oauth-toolkit", kept: ["client_name", "redirect_uris", "grant_types"],
    unknown: hydrasOwn)

  /// 2.7; what else it keeps is for its configuration to say.
  private static let glewlwyd = ProviderKnowledge(
    name: "glewlwyd", title: "Glewlwyd",
    kept: ["client_name", "redirect_uris", "grant_types", "response_types", "token_endpoint_auth_method", "jwks"],
    unknown: hydrasOwn)

  /// 1.9.
  private static let authlib = ProviderKnowledge(
    name: "authlib", title: "Authlib", dropped: ["post_logout_redirect_uris"], unknown: hydrasOwn)

  /// 1.7.
  private static let pyoidc = ProviderKnowledge(name: "pyoidc", title: "pyoidc", keepsEverything: true)
}

extension ProviderKnowledge {
  enum Fate: Sendable, Hashable {
    case kept
    case dropped
    case hidden
    case refused

    /// As a phrase.
    var words: String {
      switch self {
      case .kept: "kept"
      case .dropped: "accepted and thrown away"
      case .hidden: "kept; never shown"
      case .refused: "refused on registration"
      }
    }
  }

  /// What becomes of a declared member.
  func fate(of name: String) -> Fate {
    if keepsEverything { return .kept }
    if dropped.contains(name) { return .dropped }
    if hidden.contains(name) { return .hidden }
    let isForeign = unknown.contains(name) || ObjectSchema.clientMetadata[name] == nil
    if isForeign { return refusesUnknown ? .refused : .dropped }
    return kept.map { $0.contains(name) } ?? true ? .kept : .dropped
  }
}
