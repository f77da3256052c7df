import COpenIDCrypto
import OpenIDJSON

/// A key pair that signs by one algorithm. It prints its public half's name and nothing else.
public struct SigningKey: Sendable {
  /// What it signs by.
  public let algorithm: SignatureAlgorithm
  /// The half to be published.
  public let publicKey: VerificationKey
  private let handle: KeyHandle

  /// Makes a new key pair; RSA keys get 2048 bits.
  ///
  /// - Parameters:
  ///   - algorithm: what it is to sign by.
  ///   - keyID: the `kid`; left out, the key's thumbprint (RFC 7638).
  public static func generate(for algorithm: SignatureAlgorithm, keyID: String? = nil) -> SigningKey {
    let bits: Int32 = algorithm.keyType == "RSA" ? 2048 : 0
    guard let handle = unsafe KeyHandle(openid_generate_key(bits, algorithm.curve?.rawValue)) else {
      preconditionFailure("OpenSSL on this machine cannot do this: \(algorithm.rawValue)")
    }
    var members = publicMembers(of: handle, algorithm)
    members["alg"] = .string(algorithm.rawValue)
    members["kid"] = .string(keyID ?? VerificationKey(members, handle).thumbprint)
    return SigningKey(algorithm, VerificationKey(members, handle), handle)
  }

  /// The key of a private JWK.
  ///
  /// - Parameter privateJWK: the JWK as JSON. Its `alg` says what it signs by; an RSA key without one signs by `RS256`.
  /// - Throws: ``JSONWebKeyError``.
  public init(privateJWK: Secret) throws(JSONWebKeyError) {
    guard let jwk = (try? JSONValue(parsing: Array(privateJWK.exposed.utf8)))?.object else {
      throw JSONWebKeyError(.malformed, "a JWK is a JSON object, and this is none")
    }
    let handle = try KeyHandle(JSONWebKeyMembers(members: jwk), isPrivate: true)
    let publicKey = VerificationKey(jwk, handle)
    guard let algorithm = publicKey.signing(jwk) else {
      throw JSONWebKeyError(.unsupported, "the members \"alg\", \"use\" and \"key_ops\" leave nothing that it could sign by")
    }
    if jwk["kty"] == "OKP", jwk["x"] != JSONWebKeyMembers.encoded(handle.ed25519(isPrivate: false)) {
      throw JSONWebKeyError(.unsound, "the members \"x\" and \"d\" do not belong together")
    }
    self.init(algorithm, publicKey, handle)
  }

  private init(_ algorithm: SignatureAlgorithm, _ publicKey: VerificationKey, _ handle: KeyHandle) {
    self.algorithm = algorithm
    self.publicKey = publicKey
    self.handle = handle
  }

  /// The whole key as JSON, to be kept where secrets are kept.
  public var privateJWK: Secret {
    var members = publicKey.jwk
    switch algorithm.keyType {
    case "RSA":
      for (name, parameter) in SigningKey.privateNumbers {
        members[name] = handle.number(parameter).map(JSONWebKeyMembers.encoded)
      }
    case "EC": members["d"] = JSONWebKeyMembers.encoded(handle.number(OSSL_PKEY_PARAM_PRIV_KEY, width: algorithm.curve!.width))
    default: members["d"] = JSONWebKeyMembers.encoded(handle.ed25519(isPrivate: true))
    }
    return Secret(String(decoding: JSONValue.object(members).utf8(), as: UTF8.self))
  }

  /// The signature over those bytes, in JOSE's form.
  public func signature(of message: [UInt8]) -> [UInt8] {
    var output = [UInt8](repeating: 0, count: 2048)
    var count = output.count
    require(
      unsafe openid_sign(handle.key, algorithm.digest, algorithm.isPSS ? 1 : 0, message, message.count, &output, &count) == 1,
      "a signature")
    guard let width = algorithm.curve?.width else { return Array(output.prefix(count)) }
    var numbers = [UInt8](repeating: 0, count: 2 * width)
    require(unsafe openid_ecdsa_from_der(output, count, &numbers, Int32(width)) == 1, "a signature")
    return numbers
  }

  /// JOSE's names of an RSA key's private numbers, and OpenSSL's.
  private static let privateNumbers = [
    ("d", "d"), ("p", "rsa-factor1"), ("q", "rsa-factor2"), ("dp", "rsa-exponent1"), ("dq", "rsa-exponent2"),
    ("qi", "rsa-coefficient1"),
  ]

  private static func publicMembers(of handle: KeyHandle, _ algorithm: SignatureAlgorithm) -> JSONObject {
    if algorithm.keyType == "RSA" {
      return [
        "kty": "RSA", "n": JSONWebKeyMembers.encoded(handle.number(OSSL_PKEY_PARAM_RSA_N) ?? []),
        "e": JSONWebKeyMembers.encoded(handle.number(OSSL_PKEY_PARAM_RSA_E) ?? []),
      ]
    }
    guard let curve = algorithm.curve else {
      return ["kty": "OKP", "crv": "Ed25519", "x": JSONWebKeyMembers.encoded(handle.ed25519(isPrivate: false))]
    }
    return [
      "kty": "EC", "crv": .string(curve.rawValue),
      "x": JSONWebKeyMembers.encoded(handle.number(OSSL_PKEY_PARAM_EC_PUB_X, width: curve.width)),
      "y": JSONWebKeyMembers.encoded(handle.number(OSSL_PKEY_PARAM_EC_PUB_Y, width: curve.width)),
    ]
  }
}

extension SigningKey: CustomStringConvertible, CustomReflectable {
  public var description: String { publicKey.description }
  public var customMirror: Mirror { Mirror(self, children: ["key": publicKey.description]) }
}

extension VerificationKey {
  /// What the private half signs by. A private key's `key_ops` say `sign` where its public half's would say `verify`.
  fileprivate func signing(_ jwk: JSONObject) -> SignatureAlgorithm? {
    var jwk = jwk
    if let operations = jwk["key_ops"] {
      guard operations.strings?.contains("sign") == true else { return nil }
      jwk["key_ops"] = nil
    }
    return (try? VerificationKey(jwk: jwk))?.algorithms.first
  }
}
