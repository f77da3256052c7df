import OpenIDCryptography
import Testing

@Suite struct X25519Tests {
  /// RFC 7748, section 5.2.
  @Test(
    "scalar times point gives what RFC 7748 says",
    arguments: [
      (
        "a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4",
        "e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c",
        "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552"
      ),
      (
        "4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d",
        "e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493",
        "95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957"
      ),
    ])
  func scalarMultiplication(_ scalar: String, _ point: String, _ output: String) {
    #expect(X25519.sharedSecret(private: bytes(scalar), public: bytes(point)) == bytes(output))
  }

  @Test("a thousand rounds end where RFC 7748, section 5.2, says")
  func rounds() throws {
    var scalar = [9] + [UInt8](repeating: 0, count: 31)
    var point = scalar
    for _ in 0..<1000 {
      let next = try #require(X25519.sharedSecret(private: scalar, public: point))
      (point, scalar) = (scalar, next)
    }
    #expect(scalar == bytes("684cf59ba83309552800ef566f2f4d3c1c3887c49360e3875f2eb94d99532c51"))
  }

  @Test("both sides come to one secret (RFC 7748, section 6.1)")
  func agreement() {
    let alice = bytes("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a")
    let bob = bytes("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb")
    let alicePublic = bytes("8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a")
    let bobPublic = bytes("de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f")
    let secret = bytes("4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742")
    #expect(X25519.publicKey(of: alice) == alicePublic)
    #expect(X25519.publicKey(of: bob) == bobPublic)
    #expect(X25519.sharedSecret(private: alice, public: bobPublic) == secret)
    #expect(X25519.sharedSecret(private: bob, public: alicePublic) == secret)
  }

  @Test(
    "a public key of low order gives no secret",
    arguments: [
      "0000000000000000000000000000000000000000000000000000000000000000",
      "0100000000000000000000000000000000000000000000000000000000000000",
      "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
      "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
      "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
      "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
      "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    ])
  func lowOrder(_ point: String) {
    #expect(X25519.sharedSecret(private: X25519.generatePrivateKey(), public: bytes(point)) == nil)
  }

  @Test("each private key is new")
  func generation() {
    #expect(X25519.generatePrivateKey() != X25519.generatePrivateKey())
    #expect(X25519.generatePrivateKey().count == 32)
  }
}
