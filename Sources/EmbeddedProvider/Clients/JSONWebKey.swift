import OpenIDCryptography
import OpenIDJSON

/// A key of a client (RFC 7517), with the members that Hydra's library (go-jose 3) knows, in its order.
///
/// What is not looked at: whether a point lies on its curve, whether the numbers of an RSA key belong together, certificates.
struct JSONWebKey: Sendable, Hashable {
  let json: JSONObject
  /// Whether it may stand in a client's set: a symmetric key may not.
  let isValid: Bool

  private static let texts = ["use", "kty", "kid", "crv", "alg"]
  private static let numbers = ["k", "x", "y", "n", "e", "d", "p", "q", "dp", "dq", "qi"]
  private static let order = texts + numbers + ["x5c", "x5u", "x5t", "x5t#S256"]
  /// The bytes of a coordinate.
  private static let curves = ["P-256": 32, "secp256k1": 32, "P-384": 48, "P-521": 66]

  init(decoding value: JSONValue) throws(GoJSONError) {
    guard case .object(let members) = value else {
      guard case .null = value else { throw .mismatch(value.goKind, into: "jose.rawJSONWebKey") }
      throw GoJSONError(message: "go-jose/go-jose: unknown json web key type ''")
    }
    let parts = try Parts(members)
    var kept = try parts.checked()
    for name in JSONWebKey.texts { kept[name] = parts.texts[name].map(JSONValue.string) }
    for name in ["x5c", "x5u", "x5t", "x5t#S256"] { kept[name] = members[name] }
    json = JSONObject(JSONWebKey.order.compactMap { name in kept[name].map { JSONMember(name: name, value: $0) } })
    isValid = parts.texts["kty"] != "oct" && parts.bytes["e"]?.contains { $0 != 0 } ?? true
  }

  /// The members taken apart.
  private struct Parts {
    var texts: [String: String] = [:]
    var bytes: [String: [UInt8]] = [:]

    init(_ members: JSONObject) throws(GoJSONError) {
      for member in members {
        let isNumber = JSONWebKey.numbers.contains(member.name)
        guard isNumber || JSONWebKey.texts.contains(member.name), member.value != .null else { continue }
        guard case .string(let text) = member.value else { throw .mismatch(member.value.goKind, into: "string") }
        if !isNumber {
          texts[member.name] = text.isEmpty ? nil : text
        } else {
          bytes[member.name] = try Parts.decoded(text)
        }
      }
    }

    private static func decoded(_ text: String) throws(GoJSONError) -> [UInt8] {
      let digits = Array(text.utf8).reversed().drop { $0 == UInt8(ascii: "=") }.reversed()
      guard let bytes = Base64.decode(Array(digits), urlSafe: true, padded: false, strict: false) else {
        let place = digits.enumerated().first { _, digit in
          !(digit < 0x80 && (Character(Unicode.Scalar(digit)).isLetter || Character(Unicode.Scalar(digit)).isNumber))
            && digit != UInt8(ascii: "-") && digit != UInt8(ascii: "_")
        }
        throw GoJSONError(message: "illegal base64 data at input byte \(place?.offset ?? digits.count / 4 * 4)")
      }
      return bytes
    }

    /// The numbers as they are written again, where nothing is missing.
    func checked() throws(GoJSONError) -> [String: JSONValue] {
      switch texts["kty"] ?? "" {
      case "EC": try elliptic()
      case "RSA": try rsa()
      case "oct": try symmetric()
      case "OKP": try edwards()
      case let other: throw refusal("unknown json web key type '\(other)'")
      }
    }

    private func elliptic() throws(GoJSONError) -> [String: JSONValue] {
      guard let size = JSONWebKey.curves[texts["crv"] ?? ""] else {
        throw refusal("unsupported elliptic curve '\(texts["crv"] ?? "")'")
      }
      let isPrivate = bytes["d"] != nil
      guard let x = bytes["x"], let y = bytes["y"] else {
        throw refusal(isPrivate ? "invalid EC private key, missing x/y/d values" : "invalid EC key, missing x/y values")
      }
      let words = "invalid EC \(isPrivate ? "private" : "public") key, wrong length for"
      guard x.count == size else { throw refusal("\(words) x") }
      guard y.count == size else { throw refusal("\(words) y") }
      if let d = bytes["d"], d.count != size { throw refusal("\(words) d") }
      return written(["x", "y", "d"])
    }

    private func rsa() throws(GoJSONError) -> [String: JSONValue] {
      if bytes["d"] == nil {
        guard bytes["n"] != nil, bytes["e"] != nil else { throw refusal("invalid RSA key, missing n/e values") }
        return written(["n", "e"], isInteger: true)
      }
      for name in ["n", "e", "p", "q"] where bytes[name] == nil {
        throw refusal("invalid RSA private key, missing \(name.uppercased()) value(s)")
      }
      return written(["n", "e", "d", "p", "q", "dp", "dq", "qi"], isInteger: true)
    }

    private func symmetric() throws(GoJSONError) -> [String: JSONValue] {
      guard bytes["k"] != nil else { throw refusal("invalid OCT (symmetric) key, missing k value") }
      return written(["k"])
    }

    private func edwards() throws(GoJSONError) -> [String: JSONValue] {
      guard texts["crv"] == "Ed25519", bytes["x"] != nil else { throw refusal("unknown curve \(texts["crv"] ?? "")'") }
      return written(["x", "d"])
    }

    /// - Parameter isInteger: without leading zeros, as big integers are written.
    private func written(_ names: [String], isInteger: Bool = false) -> [String: JSONValue] {
      var values: [String: JSONValue] = [:]
      for name in names {
        guard let number = bytes[name] else { continue }
        let shown = isInteger ? Array(number.drop { $0 == 0 }) : number
        values[name] = .string(Base64.encode(shown, urlSafe: true, padded: false))
      }
      return values
    }

    private func refusal(_ words: String) -> GoJSONError { GoJSONError(message: "go-jose/go-jose: " + words) }
  }
}
