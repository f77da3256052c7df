import Diagnostics
import OpenIDJSON
package import OpenIDRegistration
import YAML

/// What the discovery document adds to the rules: `validate --online`.
package enum OnlineRule: String, Sendable, CaseIterable {
  case notSupported = "not-supported-online"
  /// The discovery document cannot be had.
  case unreadable = "unreadable-online"
}

/// Compares declared clients with what their provider says that it offers (OpenID Connect Discovery 1.0, section 3).
package struct OnlineReview {
  /// A list of the discovery document, and the members that take from it.
  private struct Offer {
    var list: String
    var members: [String]
    var what: String
  }

  private static let offers = [
    Offer(list: "grant_types_supported", members: ["grant_types"], what: "grant type"),
    Offer(list: "response_types_supported", members: ["response_types"], what: "response type"),
    Offer(
      list: "token_endpoint_auth_methods_supported", members: ["token_endpoint_auth_method"], what: "authentication method"),
    Offer(
      list: "token_endpoint_auth_signing_alg_values_supported", members: ["token_endpoint_auth_signing_alg"], what: "algorithm"),
    Offer(list: "id_token_signing_alg_values_supported", members: ["id_token_signed_response_alg"], what: "algorithm"),
    Offer(list: "id_token_encryption_alg_values_supported", members: ["id_token_encrypted_response_alg"], what: "algorithm"),
    Offer(list: "id_token_encryption_enc_values_supported", members: ["id_token_encrypted_response_enc"], what: "algorithm"),
    Offer(list: "userinfo_signing_alg_values_supported", members: ["userinfo_signed_response_alg"], what: "algorithm"),
    Offer(list: "userinfo_encryption_alg_values_supported", members: ["userinfo_encrypted_response_alg"], what: "algorithm"),
    Offer(list: "userinfo_encryption_enc_values_supported", members: ["userinfo_encrypted_response_enc"], what: "algorithm"),
    Offer(list: "request_object_signing_alg_values_supported", members: ["request_object_signing_alg"], what: "algorithm"),
    Offer(list: "subject_types_supported", members: ["subject_type"], what: "subject type"),
    Offer(list: "scopes_supported", members: ["scope"], what: "scope"),
    Offer(list: "acr_values_supported", members: ["default_acr_values"], what: "kind of signing in"),
  ]

  private var sources: PlacedSources

  /// - Parameter sources: What was read, for the excerpts.
  package init(_ sources: [ManifestSource]) {
    self.sources = PlacedSources(sources)
  }

  /// Adds to the set what a registry's clients ask for and the provider does not offer. What it does not list is not judged.
  package mutating func review(_ registry: String, _ provider: ProviderMetadata, in set: inout ManifestSet) {
    let setting = set.configuration.rules[OnlineRule.notSupported.rawValue]
    var told: Set<Diagnostic> = []
    for client in set.clients where client.registry == registry {
      for offer in Self.offers {
        guard let offered = provider[offer.list]?.strings, !offered.isEmpty else { continue }
        for member in offer.members {
          for wanted in Self.wanted(client.metadata[member], isScope: member == "scope") where !Self.has(wanted, in: offered) {
            let diagnostic = diagnostic(wanted, offer, member, client, setting, offered)
            guard told.insert(diagnostic).inserted else { continue }
            if setting == .off {
              set.allowed.append(AllowedFinding(diagnostic: diagnostic, reason: .configuration))
            } else {
              set.diagnostics.append(diagnostic)
            }
          }
        }
      }
    }
    set.diagnostics = set.diagnostics.inOrderOfPlace()
  }

  private static func wanted(_ value: JSONValue?, isScope: Bool) -> [String] {
    guard let text = value?.string else { return value?.strings ?? [] }
    return isScope ? text.split(separator: " ").map(String.init) : text.isEmpty ? [] : [text]
  }

  /// The order of a response type's words means nothing.
  private static func has(_ wanted: String, in offered: [String]) -> Bool {
    if offered.contains(wanted) { return true }
    guard wanted.contains(" ") else { return false }
    let words = wanted.split(separator: " ").sorted()
    return offered.contains { $0.split(separator: " ").sorted() == words }
  }

  private mutating func diagnostic(
    _ wanted: String, _ offer: Offer, _ member: String, _ client: DeclaredClient, _ setting: RuleSettings.Setting?,
    _ offered: [String]
  ) -> Diagnostic {
    let place = client.memberPlaces[member] ?? client.place
    var excerpt: Excerpt?
    if client.source == place.file || client.defaulted.contains(member) {
      excerpt = sources.excerpt(at: place)
    }
    let hint =
      nearest(to: wanted, among: offered).map { "did you mean \(quoted($0))?" }
      ?? (offered.count <= 12
        ? "It offers \(offered.joined(separator: ", "))." : "\(offer.list) of its discovery document names them.")
    return Diagnostic(
      setting == .error ? .error : .warning, rule: OnlineRule.notSupported.rawValue,
      "the provider of \(client.registry) does not offer the \(offer.what) \(quoted(wanted))", at: place, excerpt: excerpt,
      hint: hint)
  }
}
