import COpenIDCrypto
public import OpenIDJSON

/// A public key that signatures are checked with, as a provider publishes it or a proof carries it (RFC 7517).
///
/// It holds no private member, whatever the JWK that it was made of held.
public struct VerificationKey: Sendable {
  /// The public members of the key, and `kid`, `alg` and `use` where it has them.
  public let jwk: JSONObject
  /// What the key may check: what its type and curve allow, less what `alg`, `use` and `key_ops` rule out (RFC 7517, sections 4.2
  /// to 4.4).
  public let algorithms: [SignatureAlgorithm]
  private let handle: KeyHandle

  /// The member `kid`, by which a signature names its key.
  public var keyID: String? { jwk["kid"]?.string }

  /// The members of a JSON Web Key that only its owner may know, of whatever type it is (RFC 7518, section 6).
  package static let privateMembers: Set<String> = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"]

  /// - Throws: ``JSONWebKeyError`` for a key of another type or curve, one that is too short, and one that is no key.
  public init(jwk: JSONObject) throws(JSONWebKeyError) {
    let members = JSONWebKeyMembers(members: jwk)
    self.init(jwk, try KeyHandle(members, isPrivate: false))
  }

  init(_ jwk: JSONObject, _ handle: KeyHandle) {
    self.handle = handle
    let kept = VerificationKey.identifying(jwk["kty"]?.string) + ["kid", "alg", "use"]
    self.jwk = JSONObject(kept.compactMap { name in jwk[name].map { JSONMember(name: name, value: $0) } })
    algorithms = VerificationKey.algorithms(of: jwk)
  }

  /// Whether the signature over those bytes is right. An algorithm that the key may not be used with is always wrong.
  ///
  /// - Parameters:
  ///   - signature: in JOSE's form, which for ECDSA is both numbers side by side (RFC 7518, section 3.4).
  ///   - message: the bytes that were signed.
  ///   - algorithm: what it was made by.
  public func isValid(_ signature: [UInt8], of message: [UInt8], by algorithm: SignatureAlgorithm) -> Bool {
    guard algorithms.contains(algorithm) else { return false }
    var signature = signature
    if let width = algorithm.curve?.width {
      guard signature.count == 2 * width else { return false }
      var der = [UInt8](repeating: 0, count: 2 * width + 16)
      let count = unsafe openid_ecdsa_to_der(signature, Int32(width), &der)
      guard count > 0 else { return false }
      signature = Array(der.prefix(Int(count)))
    }
    return unsafe openid_verify(
      handle.key, algorithm.digest, algorithm.isPSS ? 1 : 0, message, message.count, signature, signature.count) == 1
  }

  /// The SHA-256 thumbprint in base64url (RFC 7638): one and the same for a key however it is written.
  public var thumbprint: String {
    let members = VerificationKey.identifying(jwk["kty"]?.string).sorted().compactMap { name in
      jwk[name].map { JSONMember(name: name, value: $0) }
    }
    return Base64.encode(SHA2.sha256(JSONValue.object(JSONObject(members)).utf8()), urlSafe: true, padded: false)
  }

  /// The key as a decentralised identifier of the method `jwk`: `did:jwk:` and the JWK's JSON in base64url.
  public var didJWK: String {
    "did:jwk:" + Base64.encode(JSONValue.object(jwk).utf8(), urlSafe: true, padded: false)
  }

  /// The members that make the key what it is (RFC 7638, section 3.2).
  private static func identifying(_ type: String?) -> [String] {
    switch type {
    case "RSA": ["kty", "n", "e"]
    case "EC": ["kty", "crv", "x", "y"]
    default: ["kty", "crv", "x"]
    }
  }

  private static func algorithms(of jwk: JSONObject) -> [SignatureAlgorithm] {
    if let use = jwk["use"], use != "sig" { return [] }
    if let operations = jwk["key_ops"], operations.strings?.contains("verify") != true { return [] }
    let curve = jwk["crv"]?.string
    return SignatureAlgorithm.allCases.filter { algorithm in
      algorithm.keyType == jwk["kty"]?.string && (algorithm.curve == nil || algorithm.curve?.rawValue == curve)
        && (jwk["alg"] == nil || jwk["alg"]?.string == algorithm.rawValue)
    }
  }
}

extension VerificationKey: Hashable, CustomStringConvertible {
  public static func == (one: VerificationKey, other: VerificationKey) -> Bool { one.jwk == other.jwk }
  public func hash(into hasher: inout Hasher) { hasher.combine(jwk) }
  public var description: String { "key \(keyID ?? thumbprint)" }
}
