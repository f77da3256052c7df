public import OpenIDJSON

/// What Hydra says of its own: the credentials of a draft, and two lists under the names of client metadata.
extension ProviderMetadata {
  /// Where verifiable credentials are issued.
  public var credentialsEndpoint: String? { members["credentials_endpoint_draft_00"]?.string }
  /// Which there are.
  public var credentialsSupported: [SupportedCredential]? {
    members["credentials_supported_draft_00"]?.array?.compactMap { $0.object.map(SupportedCredential.init) }
  }
  /// The algorithms that ID tokens are signed with here.
  public var idTokenSignedResponseAlg: [String]? { members["id_token_signed_response_alg"]?.strings }
  /// The algorithms that userinfo answers are signed with here.
  public var userinfoSignedResponseAlg: [String]? { members["userinfo_signed_response_alg"]?.strings }

  /// A credential that is issued.
  public struct SupportedCredential: Sendable, Hashable {
    /// Every member.
    public let members: JSONObject

    public init(_ members: JSONObject) { self.members = members }

    /// The form, `jwt_vc_json`.
    public var format: String? { members["format"]?.string }
    public var types: [String]? { members["types"]?.strings }
    /// What a credential can be bound to: `jwk`.
    public var cryptographicBindingMethodsSupported: [String]? { members["cryptographic_binding_methods_supported"]?.strings }
    /// The algorithms that a proof may be signed with.
    public var cryptographicSuitesSupported: [String]? { members["cryptographic_suites_supported"]?.strings }
  }
}
