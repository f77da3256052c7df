public import OpenIDJSON

/// A signed JSON Web Token in its compact form (RFC 7519; RFC 7515, section 3.1).
///
/// Made of a text it is only taken apart: whoever relies on its claims asks ``verifiedKey(among:accepting:)`` first.
public struct JSONWebToken: Sendable {
  public let header: JSONObject
  public let claims: JSONObject
  private let signed: [UInt8]
  private let signature: [UInt8]

  /// Takes a token apart.
  ///
  /// - Throws: ``JSONWebTokenError`` where it has not three parts in base64url, where header or claims are no JSON object, and where
  ///   the header marks a member critical (RFC 7515, section 4.1.11), for none is known here.
  public init(parsing text: String) throws(JSONWebTokenError) {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 3 else {
      throw JSONWebTokenError(.malformed, "a signed token has three parts, and this has \(parts.count)")
    }
    header = try JSONWebToken.object(parts[0], "header")
    claims = try JSONWebToken.object(parts[1], "claims")
    guard let signature = Base64.decode(String(parts[2]), urlSafe: true, padded: false) else {
      throw JSONWebTokenError(.malformed, "its signature is no base64url without padding")
    }
    self.signature = signature
    signed = Array("\(parts[0]).\(parts[1])".utf8)
    if header["crit"] != nil { throw JSONWebTokenError(.unsupported, "its header marks a member critical") }
  }

  /// Checks the signature and says whose it is.
  ///
  /// - Parameters:
  ///   - keys: those that it may be signed with. Where its header has a `kid`, only those of that name and those without one.
  ///   - accepted: what it may be signed by. A published key never checks an algorithm with a shared secret.
  /// - Throws: ``JSONWebTokenError``: an algorithm that is not accepted (`none` among them), no key, a wrong signature.
  public func verifiedKey(
    among keys: [VerificationKey], accepting accepted: Set<SignatureAlgorithm>
  ) throws(JSONWebTokenError) -> VerificationKey {
    guard let name = header["alg"]?.string else { throw JSONWebTokenError(.malformed, "its header names no algorithm") }
    guard let algorithm = SignatureAlgorithm(rawValue: name), accepted.contains(algorithm) else {
      let names = accepted.map(\.rawValue).sorted().joined(separator: ", ")
      throw JSONWebTokenError(.unsupported, "it is signed by another algorithm than \(names)")
    }
    let keyID = header["kid"]?.string
    let candidates = keys.filter { key in
      key.algorithms.contains(algorithm) && (keyID == nil || key.keyID == nil || key.keyID == keyID)
    }
    guard !candidates.isEmpty else { throw JSONWebTokenError(.noKey, "none of the keys is the one that it is signed with") }
    guard let key = candidates.first(where: { $0.isValid(signature, of: signed, by: algorithm) }) else {
      throw JSONWebTokenError(.signature, "its signature is wrong")
    }
    return key
  }

  /// Makes a token.
  ///
  /// - Parameters:
  ///   - claims: what is signed.
  ///   - key: what signs it.
  ///   - header: what the header has besides `alg`, and `kid` where the key has one and the header brings no `jwk`.
  public static func signed(_ claims: JSONObject, header: JSONObject = [:], by key: SigningKey) -> String {
    var full: JSONObject = ["alg": .string(key.algorithm.rawValue)]
    if let keyID = key.publicKey.keyID, header["jwk"] == nil { full["kid"] = .string(keyID) }
    let head = encoded(JSONValue.object(full.merging(header)).utf8())
    let message = "\(head).\(encoded(JSONValue.object(claims).utf8()))"
    return "\(message).\(encoded(key.signature(of: Array(message.utf8))))"
  }

  private static func encoded(_ bytes: [UInt8]) -> String { Base64.encode(bytes, urlSafe: true, padded: false) }

  private static func object(_ part: Substring, _ name: String) throws(JSONWebTokenError) -> JSONObject {
    guard let bytes = Base64.decode(String(part), urlSafe: true, padded: false) else {
      throw JSONWebTokenError(.malformed, "its \(name) part is no base64url without padding")
    }
    guard let document = try? JSONDocument(parsing: bytes), let object = document.value.object else {
      throw JSONWebTokenError(.malformed, "its \(name) part is no JSON object")
    }
    if let flaw = document.flaw { throw JSONWebTokenError(.malformed, "its \(name) part: \(flaw)") }
    return object
  }
}

extension JSONWebToken: CustomStringConvertible, CustomReflectable {
  /// The algorithm and the key's name; the claims are somebody's, and the whole may be a credential.
  public var description: String { "JWT \(header["alg"]?.string ?? "?") \(header["kid"]?.string ?? "")" }
  public var customMirror: Mirror { Mirror(self, children: [:]) }
}

/// Why a token is not to be relied upon. It quotes nothing of the token.
public struct JSONWebTokenError: Error, Sendable, Hashable, CustomStringConvertible {
  public enum Code: String, Sendable, Hashable {
    /// It is no signed token.
    case malformed
    /// Its algorithm is not accepted, or it asks for something that is not known here.
    case unsupported
    /// None of the keys is its own.
    case noKey
    case signature
  }

  public let code: Code
  /// What is wrong, as a phrase: `its signature is wrong`.
  public let description: String

  init(_ code: Code, _ description: String) {
    self.code = code
    self.description = description
  }
}
