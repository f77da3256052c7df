public import OpenIDJSON

/// How a provider behaves where the RFCs leave it open or where it departs from them, as data.
///
/// ``rfc7591`` is what holds for a provider that nothing is known about; ``hydra`` and ``oryNetwork`` are known. From a profile
/// come the bodies to send (``createBody(declared:marker:)``, ``setBody(declared:clientID:clientSecret:marker:)``) and the form in
/// which answers are compared (``canonical(_:)``).
public struct Profile: Sendable, Hashable {
  /// Whether something happens.
  public enum Certainty: String, Sendable, Hashable, CaseIterable {
    case always
    case never
    /// By configuration, or nobody has looked.
    case unknown
  }

  /// Whether the body of a set carries a member.
  public enum Presence: String, Sendable, Hashable, CaseIterable {
    case required
    /// It may, and is not sent.
    case allowed
    case forbidden
  }

  /// The values of a member that a provider refuses on registration.
  public enum Refusal: String, Sendable, Hashable, CaseIterable {
    /// Any value, null too.
    case always
    case whenNotEmpty
    case whenTrue
  }

  /// The name by which a manifest asks for it.
  public var name: String
  /// The provider's name, for people.
  public var title: String

  // MARK: Tokens and secrets

  /// Whether a set ends the registration access token and hands out another one.
  public var setRotatesToken: Certainty
  /// Whether a read does (RFC 7592, section 2.1, lets it).
  public var readRotatesToken: Certainty
  /// Whether a read shows the registration access token.
  public var readReturnsToken: Bool
  /// Whether a read shows the client secret.
  public var readReturnsSecret: Bool

  // MARK: What is sent

  /// `client_id` in the body of a set (RFC 7592, section 2.2, requires it).
  public var setClientID: Presence
  /// `client_secret` in the body of a set.
  public var setClientSecret: Presence
  /// Members that no body may carry.
  public var neverSent: Set<String>
  /// Members that the provider refuses on registration.
  public var refused: [String: Refusal]
  /// Those of them that its admin API takes.
  public var adminOnly: Set<String>

  // MARK: What is kept

  /// The members that the provider keeps; `nil` where it may keep any.
  public var kept: Set<String>?
  /// Members that it accepts and throws away.
  public var dropped: Set<String>
  /// What it fills in where a member is left out.
  public var defaults: JSONObject
  /// Members that it holds and never shows: a set may reset them.
  public var invisible: Set<String>

  // MARK: What is compared

  /// Members that the provider alone writes.
  public var serverOwned: Set<String>
  /// Lists whose order and repetitions mean nothing.
  public var unorderedLists: Set<String>
  /// Strings of words with blanks between, whose order and repetitions mean nothing.
  public var unorderedWords: Set<String>
  /// Lists of such strings.
  public var listsOfUnorderedWords: Set<String>
  /// Go durations.
  public var durations: Set<String>
  /// Lists of origins: a slash at the end and capital letters mean nothing.
  public var originLists: Set<String>
  /// Whether `""` is the same as leaving the member out.
  public var emptyStringIsAbsent: Bool
  /// Whether `{}` is.
  public var emptyObjectIsAbsent: Bool
  /// Flags for which `false` is.
  public var falseIsAbsent: Set<String>

  // MARK: Finding and healing

  /// The member that carries the marker of a create; `nil` where there is none that could be looked for.
  public var createMarker: String?
  /// Whether clients can be found and deleted without their token, through Hydra's admin API.
  public var hasAdminAPI: Bool
  /// Where clients are registered below the issuer, for a provider that does not name its endpoint.
  public var registrationPath: String?
}

extension Profile {
  /// Every profile, the general one first.
  public static let all: [Profile] = [rfc7591, hydra, oryNetwork]

  /// The profile of that name.
  public static func named(_ name: String) -> Profile? { all.first { $0.name == name } }

  /// The profile of the provider with this discovery document, where the document tells.
  public static func detect(from provider: ProviderMetadata) -> Profile? {
    // Only Hydra writes these two as lists, and only it has the draft of the credentials endpoint.
    let isHydra =
      provider.credentialsEndpoint != nil
      || provider["id_token_signed_response_alg"]?.array != nil && provider["userinfo_signed_response_alg"]?.array != nil
    guard isHydra else { return nil }
    let host = provider.issuer.flatMap { try? HTTPURL($0) }?.host ?? ""
    return host.hasSuffix(".oryapis.com") ? oryNetwork : hydra
  }

  /// Where clients are registered: as the discovery document says, else where this provider always has it.
  public func registrationEndpoint(of provider: ProviderMetadata) -> String? {
    if let named = provider.registrationEndpoint { return named }
    guard let registrationPath, let issuer = provider.issuer else { return nil }
    return (issuer.hasSuffix("/") ? String(issuer.dropLast()) : issuer) + registrationPath
  }

  /// Whether the provider refuses this value on registration.
  public func refuses(_ name: String, _ value: JSONValue) -> Bool {
    switch refused[name] {
    case .always?: true
    case .whenNotEmpty?: ![.null, "", [], .object([:])].contains(value)
    case .whenTrue?: value == true
    case nil: false
    }
  }

  /// Why a member that was sent does not come back, as a phrase for a warning; `nil` where the profile does not know.
  public func reasonNotHonoured(_ name: String) -> String? {
    if invisible.contains(name) { return "\(title) keeps it and never shows it" }
    if adminOnly.contains(name) { return "\(title) takes it through its admin API only" }
    if dropped.contains(name) { return "\(title) does not keep it" }
    if let kept, !kept.contains(name) { return "\(title) does not know it" }
    return nil
  }
}
