public import OpenIDCryptography
public import OpenIDJSON

/// A credential that somebody can show elsewhere (W3C Verifiable Credentials, as a JWT).
public struct VerifiableCredential: Sendable, Hashable {
  /// What the issuer calls its form.
  public let format: String?
  /// The credential itself, to be kept where secrets are kept.
  public let credential: Secret
  /// The claims of the credential, where it is a JWT. They were checked only where ``signedBy`` says with which key.
  public let claims: JSONObject
  /// The issuer's key, where keys were given to check the credential with.
  public let signedBy: VerificationKey?
  /// Every member of the answer but the credential.
  public let members: JSONObject

  public init(
    format: String? = nil, credential: Secret, claims: JSONObject = [:], signedBy: VerificationKey? = nil,
    members: JSONObject = [:]
  ) {
    self.format = format
    self.credential = credential
    self.claims = claims
    self.signedBy = signedBy
    self.members = members
  }

  /// A nonce for the next proof, where the answer brings one.
  public var nextNonce: CredentialNonce? { CredentialNonce(members) }

  /// Whom the credential is about: the holder's key as `did:jwk:…` at Hydra.
  public var subject: String? { claims["sub"]?.string }
  /// Who issued it.
  public var issuer: String? { claims["iss"]?.string }
  /// When it ends, in seconds since 1970. At Hydra that is an hour after the sign-in, not after the issue.
  public var expiresAt: Int? { claims["exp"]?.integer }
  /// What it says about the subject (`vc.credentialSubject`).
  public var credentialSubject: JSONObject? { claims["vc"]?["credentialSubject"]?.object }
  /// What it is about (`vc.type`).
  public var types: [String]? { claims["vc"]?["type"]?.strings }

  /// Whether it is bound to that key: its subject is the key, however the issuer writes it.
  public func isBound(to key: VerificationKey) -> Bool {
    guard let subject, subject.hasPrefix("did:jwk:"),
      let bytes = Base64.decode(String(subject.dropFirst("did:jwk:".count)), urlSafe: true, padded: false),
      let jwk = (try? JSONValue(parsing: bytes))?.object, let bound = try? VerificationKey(jwk: jwk)
    else { return false }
    return bound.thumbprint == key.thumbprint
  }
}

extension VerifiableCredential: CustomStringConvertible, CustomReflectable {
  public var description: String { "verifiable credential \(format ?? "")" }
  public var customMirror: Mirror { Mirror(self, children: ["format": format as Any]) }
}
