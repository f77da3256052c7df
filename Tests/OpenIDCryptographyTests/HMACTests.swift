import OpenIDCryptography
import Testing

@Suite struct HMACTests {
  struct Case: Sendable {
    let key: [UInt8]
    let message: [UInt8]
    let code: String
  }

  /// RFC 4231, section 4; case 5 is about truncation, which is not used here.
  static let cases = [
    Case(
      key: [UInt8](repeating: 0x0b, count: 20), message: bytes(of: "Hi There"),
      code: "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"),
    Case(
      key: bytes(of: "Jefe"), message: bytes(of: "what do ya want for nothing?"),
      code: "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"),
    Case(
      key: [UInt8](repeating: 0xaa, count: 20), message: [UInt8](repeating: 0xdd, count: 50),
      code: "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"),
    Case(
      key: Array(1...25), message: [UInt8](repeating: 0xcd, count: 50),
      code: "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"),
    Case(
      key: [UInt8](repeating: 0xaa, count: 131),
      message: bytes(of: "Test Using Larger Than Block-Size Key - Hash Key First"),
      code: "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"),
    Case(
      key: [UInt8](repeating: 0xaa, count: 131),
      message: bytes(
        of: "This is a test using a larger than block-size key and a larger than block-size data. "
          + "The key needs to be hashed before being used by the HMAC algorithm."),
      code: "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"),
  ]

  @Test("the cases of RFC 4231 come out as they should", arguments: cases)
  func knownAnswers(_ example: Case) {
    #expect(HMAC.sha256(key: example.key, example.message) == bytes(example.code))
  }

  @Test("bytes are compared whole, and lengths count")
  func comparison() {
    #expect(HMAC.areEqual([1, 2, 3], [1, 2, 3]))
    #expect(HMAC.areEqual([], []))
    #expect(!HMAC.areEqual([1, 2, 3], [1, 2, 4]))
    #expect(!HMAC.areEqual([1, 2, 3], [1, 2]))
    #expect(!HMAC.areEqual([1, 2], [1, 2, 3]))
  }
}
