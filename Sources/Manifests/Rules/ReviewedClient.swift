import OpenIDJSON
import OpenIDRegistration

/// A client as the rules see it: its metadata with the registry's defaults, and what is known of the provider.
///
/// What several rules ask for is found once, for they are run over every client of an estate.
struct ReviewedClient {
  /// A URI that a browser may be sent back to.
  struct RedirectURI {
    /// `redirect_uris` or `post_logout_redirect_uris`.
    var member: String
    var index: Int
    var text: String
    var parts: Result<URIParts, URIParts.Mistake>
  }

  let metadata: JSONObject
  /// `nil` where the manifest leaves it to the provider's answers (`profile: auto`).
  let profile: Profile?
  /// What is known of a provider that has no profile yet; `nil` where it has one, or is left open.
  let knowledge: ProviderKnowledge?
  /// The members that are there.
  let present: MemberMask
  /// `authorization_code` where none is declared (RFC 7591, section 2).
  let grantTypes: [String]
  let redirectURIs: [RedirectURI]

  init(metadata: JSONObject, profile: Profile?, knowledge: ProviderKnowledge? = nil) {
    self.metadata = metadata
    self.profile = profile
    self.knowledge = knowledge
    present = MemberMask(metadata.lazy.map(\.name))
    let declared = metadata["grant_types"]?.strings ?? []
    grantTypes = declared.isEmpty ? ["authorization_code"] : declared
    var redirectURIs: [RedirectURI] = []
    Self.append("redirect_uris", of: metadata, to: &redirectURIs)
    Self.append("post_logout_redirect_uris", of: metadata, to: &redirectURIs)
    self.redirectURIs = redirectURIs
  }

  private static func append(_ member: String, of metadata: JSONObject, to uris: inout [RedirectURI]) {
    guard case .array(let elements)? = metadata[member] else { return }
    for index in elements.indices {
      guard case .string(let text) = elements[index] else { continue }
      do throws(URIParts.Mistake) {
        uris.append(RedirectURI(member: member, index: index, text: text, parts: .success(try URIParts(text))))
      } catch {
        uris.append(RedirectURI(member: member, index: index, text: text, parts: .failure(error)))
      }
    }
  }

  subscript(_ member: String) -> JSONValue? { metadata[member] }

  /// The strings of a list; none where it is left out.
  func strings(_ member: String) -> [String] { metadata[member]?.strings ?? [] }

  /// The text of a member; `nil` where it is left out or empty, which providers hold to be the same.
  func text(_ member: String) -> String? { metadata[member]?.string.flatMap { $0.isEmpty ? nil : $0 } }

  /// `client_secret_basic` where none is declared (RFC 7591, section 2).
  var authenticationMethod: String { text("token_endpoint_auth_method") ?? "client_secret_basic" }

  /// Whether the key set is given at all; Hydra answers `{}` where there is none.
  var hasKeySet: Bool { metadata["jwks"]?.object?.isEmpty == false }
}
