import COpenIDCrypto
import OpenIDJSON

/// A key of OpenSSL's. It does not change once it is made, so threads may share it.
@safe
final class KeyHandle: @unchecked Sendable {
  let key: OpaquePointer

  /// Takes the key over; `nil` where there is none.
  init?(_ key: OpaquePointer?) {
    guard let key = unsafe key else { return nil }
    unsafe self.key = key
  }

  deinit { unsafe EVP_PKEY_free(key) }

  /// The key of a JWK, without looking at what it may be used for.
  convenience init(_ members: JSONWebKeyMembers, isPrivate: Bool) throws(JSONWebKeyError) {
    let key: OpaquePointer?
    switch try members.text("kty") {
    case "RSA": unsafe key = try KeyHandle.rsa(members, isPrivate: isPrivate)
    case "EC": unsafe key = try KeyHandle.ellipticCurve(members, isPrivate: isPrivate)
    case "OKP":
      try members.requireEd25519()
      // Of a private key OpenSSL makes the public half itself; that it is the one named is seen to by the caller.
      unsafe key = openid_ed25519_key(try members.bytes(isPrivate ? "d" : "x", count: 32), isPrivate ? 1 : 0)
    default: throw JSONWebKeyError(.unsupported, "the member \"kty\" is none of RSA, EC and OKP")
    }
    guard unsafe key != nil else { throw JSONWebKeyError(.unsound, "its numbers are no key") }
    unsafe self.init(key)!
  }

  private static func rsa(_ members: JSONWebKeyMembers, isPrivate: Bool) throws(JSONWebKeyError) -> OpaquePointer? {
    let modulus = try members.bytes("n")
    let bits = modulus.drop { $0 == 0 }.count * 8 - (modulus.first { $0 != 0 }?.leadingZeroBitCount ?? 0)
    guard (2048...16384).contains(bits) else {
      throw JSONWebKeyError(.size, "an RSA key has 2048 to 16384 bits, and this one has \(max(bits, 0))")
    }
    var numbers = [modulus, try members.bytes("e")]
    if isPrivate {
      numbers.append(try members.bytes("d"))
      // RFC 7518, section 6.3.2: whoever gives one of the primes gives all that follows from it.
      let others = ["p", "q", "dp", "dq", "qi"]
      if others.contains(where: { members.members[$0] != nil }) {
        for name in others { numbers.append(try members.bytes(name)) }
      }
    }
    // The exponent is odd and more than one; a big one costs whoever checks a signature.
    let exponent = numbers[1].drop { $0 == 0 }
    guard let last = exponent.last, last & 1 == 1, exponent.count <= 8, exponent.count > 1 || last > 1 else {
      throw JSONWebKeyError(.unsound, "the member \"e\" is no exponent of an RSA key")
    }
    numbers += Array(repeating: [], count: 8 - numbers.count)
    let joined = numbers.reduce(into: []) { $0 += $1 }
    return unsafe openid_rsa_key(joined, numbers.map(\.count), isPrivate ? 1 : 0)
  }

  private static func ellipticCurve(_ members: JSONWebKeyMembers, isPrivate: Bool) throws(JSONWebKeyError) -> OpaquePointer? {
    let curve = try members.curve()
    let x = try members.bytes("x", count: curve.width)
    let y = try members.bytes("y", count: curve.width)
    let point = [0x04] + x + y
    guard isPrivate else { return unsafe openid_ec_key(curve.rawValue, point, point.count, nil, 0) }
    let scalar = try members.bytes("d", count: curve.width)
    return unsafe openid_ec_key(curve.rawValue, point, point.count, scalar, scalar.count)
  }

  /// A number of the key under OpenSSL's name for it; `nil` where it has none.
  func number(_ name: String) -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: 2048)
    let count = unsafe openid_key_number(key, name, &bytes, bytes.count)
    return count == 0 ? nil : Array(bytes.prefix(count))
  }

  func number(_ name: String, width: Int) -> [UInt8] {
    let number = number(name) ?? []
    return Array(repeating: 0, count: max(0, width - number.count)) + number
  }

  func ed25519(isPrivate: Bool) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: 32)
    require(unsafe openid_ed25519_bytes(key, isPrivate ? 1 : 0, &bytes) == 1, "Ed25519")
    return bytes
  }
}
