public import OpenIDJSON

/// Which credential is wanted (OpenID for Verifiable Credential Issuance, draft 00, as Hydra has it).
public struct CredentialRequest: Sendable, Hashable {
  /// The form of the credential; `jwt_vc_json` is the one that Hydra issues.
  public var format: String
  /// What it is about.
  public var types: [String]
  /// Members beside these two, for other issuers.
  public var further: JSONObject

  public init(
    format: String = "jwt_vc_json", types: [String] = ["VerifiableCredential", "UserInfoCredential"],
    further: JSONObject = [:]
  ) {
    self.format = format
    self.types = types
    self.further = further
  }

  /// The body, with the proof where there is one.
  func body(proof: CredentialProof?) -> JSONObject {
    var members: JSONObject = ["format": .string(format), "types": .array(types.map(JSONValue.string))]
    members = members.merging(further)
    if let proof { members["proof"] = ["proof_type": "jwt", "jwt": .string(proof.jwt.exposed)] }
    return members
  }
}

/// A nonce to be signed, which shows that a proof was made for this request.
public struct CredentialNonce: Sendable, Hashable {
  public let value: Secret
  /// How long it holds, in seconds from the answer on; `nil` where the issuer does not say.
  public let expiresIn: Int?

  public init(_ value: Secret, expiresIn: Int? = nil) {
    self.value = value
    self.expiresIn = expiresIn
  }

  /// The nonce in the answer of a credential endpoint, or of Hydra's token endpoint (`c_nonce_draft_00`).
  public init?(_ members: JSONObject) {
    for suffix in ["", "_draft_00"] {
      guard let value = members["c_nonce" + suffix]?.string, !value.isEmpty else { continue }
      self.init(Secret(value), expiresIn: members["c_nonce_expires_in" + suffix]?.integer)
      return
    }
    return nil
  }
}
