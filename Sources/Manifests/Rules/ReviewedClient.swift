import OpenIDJSON
import OpenIDRegistration

/// A client as the rules see it: its metadata with the registry's defaults, and what is known of the provider.
struct ReviewedClient {
  let metadata: JSONObject
  /// `nil` where the manifest leaves it to the provider's answers (`profile: auto`).
  let profile: Profile?

  subscript(_ member: String) -> JSONValue? { metadata[member] }

  /// The strings of a list; none where it is left out.
  func strings(_ member: String) -> [String] { metadata[member]?.strings ?? [] }

  /// The text of a member; `nil` where it is left out or empty, which providers hold to be the same.
  func text(_ member: String) -> String? { metadata[member]?.string.flatMap { $0.isEmpty ? nil : $0 } }

  /// `authorization_code` where none is declared (RFC 7591, section 2).
  var grantTypes: [String] {
    let declared = strings("grant_types")
    return declared.isEmpty ? ["authorization_code"] : declared
  }

  /// `client_secret_basic` where none is declared (RFC 7591, section 2).
  var authenticationMethod: String { text("token_endpoint_auth_method") ?? "client_secret_basic" }

  /// Whether the key set is given at all; Hydra answers `{}` where there is none.
  var hasKeySet: Bool { metadata["jwks"]?.object?.isEmpty == false }
}
