import OpenIDJSON

/// The members of a JSON Web Key, read one by one (RFC 7517, section 4; RFC 7518, section 6).
struct JSONWebKeyMembers {
  let members: JSONObject

  func text(_ name: String) throws(JSONWebKeyError) -> String {
    guard let value = members[name] else { throw JSONWebKeyError(.malformed, "the member \"\(name)\" is missing") }
    guard let text = value.string else {
      throw JSONWebKeyError(.malformed, "the member \"\(name)\" is \(value.kind), not a string")
    }
    return text
  }

  /// Bytes in base64url (RFC 7515, appendix C).
  func bytes(_ name: String) throws(JSONWebKeyError) -> [UInt8] {
    guard let bytes = Base64.decode(try text(name), urlSafe: true, padded: false) else {
      throw JSONWebKeyError(.malformed, "the member \"\(name)\" is no base64url without padding")
    }
    return bytes
  }

  /// Bytes whose count the curve sets (RFC 7518, section 6.2.1.2).
  func bytes(_ name: String, count: Int) throws(JSONWebKeyError) -> [UInt8] {
    let bytes = try bytes(name)
    guard bytes.count == count else {
      throw JSONWebKeyError(.malformed, "the member \"\(name)\" has \(bytes.count) bytes, and \(count) are wanted")
    }
    return bytes
  }

  /// The curve of an `EC` key.
  func curve() throws(JSONWebKeyError) -> Curve {
    let name = try text("crv")
    guard let curve = Curve(rawValue: name) else {
      throw JSONWebKeyError(.unsupported, "the curve is none of P-256, P-384 and P-521")
    }
    return curve
  }

  /// Checks that an `OKP` key is one of Ed25519.
  func requireEd25519() throws(JSONWebKeyError) {
    guard try text("crv") == "Ed25519" else { throw JSONWebKeyError(.unsupported, "the curve is not Ed25519") }
  }

  static func encoded(_ bytes: [UInt8]) -> JSONValue { .string(Base64.encode(bytes, urlSafe: true, padded: false)) }
}
