import OpenIDCryptography
import Testing

@Suite struct SHA2Tests {
  struct Case: Sendable, CustomTestStringConvertible {
    let message: String
    let sha256: String
    let sha512: String
    var testDescription: String { "\(message.utf8.count) bytes" }
  }

  /// The examples of FIPS 180-4 (NIST, "Secure Hash Standard examples").
  static let cases = [
    Case(
      message: "", sha256: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
      sha512: """
        cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce
        47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e
        """),
    Case(
      message: "abc", sha256: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
      sha512: """
        ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a
        2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f
        """),
    Case(
      message: "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      sha256: "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
      sha512: """
        204a8fc6dda82f0a0ced7beb8e08a41657c16ef468b228a8279be331a703c335
        96fd15c13b1b07f9aa1d3bea57789ca031ad85c7a71dd70354ec631238ca3445
        """),
  ]

  @Test("the examples of FIPS 180-4 hash as they should", arguments: cases)
  func examples(_ example: Case) {
    #expect(SHA2.sha256(bytes(of: example.message)) == bytes(example.sha256))
    #expect(SHA2.sha512(bytes(of: example.message)) == bytes(example.sha512))
  }

  @Test("a message in pieces hashes as it does whole", arguments: [1, 3, 64, 127, 128, 129, 1000])
  func pieces(_ size: Int) {
    let message = (0..<1000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
    var hash = SHA512Hash()
    for start in stride(from: 0, to: message.count, by: size) {
      hash.update(Array(message[start..<min(start + size, message.count)]))
    }
    #expect(hash.digest() == SHA2.sha512(message))
  }
}
