/// How a signature is made: the algorithms of JOSE that a public key checks (RFC 7518, section 3.1; RFC 8037, section 3.1).
///
/// Those with a shared secret (`HS256` …) and `none` are left out on purpose: whoever checks a signature with a published key must
/// never take one of them.
public enum SignatureAlgorithm: String, Sendable, Hashable, CaseIterable {
  case rs256 = "RS256"
  case rs384 = "RS384"
  case rs512 = "RS512"
  case ps256 = "PS256"
  case ps384 = "PS384"
  case ps512 = "PS512"
  case es256 = "ES256"
  case es384 = "ES384"
  case es512 = "ES512"
  /// With Ed25519, the one curve of it that is in use.
  case edDSA = "EdDSA"

  /// The type of the key (RFC 7518, section 6.1).
  var keyType: String {
    switch self {
    case .rs256, .rs384, .rs512, .ps256, .ps384, .ps512: "RSA"
    case .es256, .es384, .es512: "EC"
    case .edDSA: "OKP"
    }
  }

  /// The one curve that it goes with.
  var curve: Curve? { Curve.allCases.first { $0.algorithm == self } }

  var isPSS: Bool { self == .ps256 || self == .ps384 || self == .ps512 }

  /// OpenSSL's name of the digest; Ed25519 brings its own.
  var digest: String? {
    switch self {
    case .rs256, .ps256, .es256: "SHA256"
    case .rs384, .ps384, .es384: "SHA384"
    case .rs512, .ps512, .es512: "SHA512"
    case .edDSA: nil
    }
  }
}

/// The curves of RFC 7518, section 6.2.1.1.
enum Curve: String, CaseIterable {
  case p256 = "P-256"
  case p384 = "P-384"
  case p521 = "P-521"

  /// The bytes of a coordinate, of the scalar, and of each half of a signature.
  var width: Int {
    switch self {
    case .p256: 32
    case .p384: 48
    case .p521: 66
    }
  }

  /// What signs on it (RFC 7518, section 3.4).
  var algorithm: SignatureAlgorithm {
    switch self {
    case .p256: .es256
    case .p384: .es384
    case .p521: .es512
    }
  }
}
