import OpenIDCryptography
import Testing

@Suite struct KeyDerivationTests {
  struct HKDFCase: Sendable {
    let input: [UInt8]
    let salt: [UInt8]
    let info: [UInt8]
    let output: String
  }

  /// RFC 5869, appendix A.1 to A.3.
  static let hkdf = [
    HKDFCase(
      input: [UInt8](repeating: 0x0b, count: 22), salt: Array(0x00...0x0c), info: Array(0xf0...0xf9),
      output: "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"),
    HKDFCase(
      input: Array(0x00...0x4f), salt: Array(0x60...0xaf), info: Array(0xb0...0xff),
      output: """
        b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e590e09da3275600c2f09b8
        367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87
        """),
    HKDFCase(
      input: [UInt8](repeating: 0x0b, count: 22), salt: [], info: [],
      output: "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8"),
  ]

  @Test("HKDF gives what RFC 5869 says", arguments: hkdf)
  func hkdfKnownAnswers(_ example: HKDFCase) {
    let output = bytes(example.output)
    #expect(
      KeyDerivation.hkdfSHA256(example.input, salt: example.salt, info: example.info, count: output.count) == output)
  }

  struct ScryptCase: Sendable {
    let password: String
    let salt: String
    let cost: Int
    let blockSize: Int
    let parallelization: Int
    let output: String
  }

  /// RFC 7914, section 12, but for the last one, which takes a gigabyte.
  static let scrypt = [
    ScryptCase(
      password: "", salt: "", cost: 16, blockSize: 1, parallelization: 1,
      output: """
        77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628
        cf35e20c38d18906
        """),
    ScryptCase(
      password: "password", salt: "NaCl", cost: 1024, blockSize: 8, parallelization: 16,
      output: """
        fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b3731622eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d
        8360cbdfa2cc0640
        """),
    ScryptCase(
      password: "pleaseletmein", salt: "SodiumChloride", cost: 16384, blockSize: 8, parallelization: 1,
      output: """
        7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40
        dfcf017b45575887
        """),
  ]

  @Test("scrypt gives what RFC 7914 says", arguments: scrypt)
  func scryptKnownAnswers(_ example: ScryptCase) {
    let output = KeyDerivation.scrypt(
      password: bytes(of: example.password), salt: bytes(of: example.salt), cost: example.cost, blockSize: example.blockSize,
      parallelization: example.parallelization, count: 64)
    #expect(output == bytes(example.output))
  }

  @Test(
    "scrypt refuses what the RFC forbids and what would take all memory",
    arguments: [
      (0, 8, 1), (1, 8, 1), (3, 8, 1), (-2, 8, 1), (16, 0, 1), (16, 8, 0), (16, 8, -1), (1 << 21, 8, 1), (1 << 20, 8, 2),
      (1 << 40, 8, 1), (1 << 20, .max, 1), (16, 8, .max), (Int.min, 8, 1),
    ])
  func scryptLimits(_ cost: Int, _ blockSize: Int, _ parallelization: Int) {
    #expect(
      KeyDerivation.scrypt(
        password: [1], salt: [2], cost: cost, blockSize: blockSize, parallelization: parallelization) == nil)
  }

  @Test("scrypt refuses a cost too high for its block size")
  func scryptCostForBlockSize() {
    // N must be below 2^(128 r / 8): for r = 1 that is 2^16 (RFC 7914, section 2).
    #expect(KeyDerivation.scrypt(password: [1], salt: [2], cost: 1 << 16, blockSize: 1, parallelization: 1) == nil)
    #expect(KeyDerivation.scrypt(password: [1], salt: [2], cost: 1 << 15, blockSize: 1, parallelization: 1) != nil)
  }

  /// RFC 7914, section 11.
  @Test(
    "PBKDF2 gives what RFC 7914 says",
    arguments: [
      (
        "passwd", "salt", 1,
        """
        55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc49ca9cccf179b645991664b39d77ef317c71b845b1e30bd5
        09112041d3a19783
        """
      )
    ] + [
      (
        "Password", "NaCl", 80_000,
        """
        4ddcd8f60b98be21830cee5ef22701f9641a4418d04c0414aeff08876b34ab56a1d425a1225833549adb841b51c9b3176a272bdebba1d078
        478f62b397f33c8d
        """
      )
    ])
  func pbkdf2KnownAnswers(_ password: String, _ salt: String, _ iterations: Int, _ output: String) {
    let derived = KeyDerivation.pbkdf2SHA256(
      password: bytes(of: password), salt: bytes(of: salt), iterations: iterations, count: 64)
    #expect(derived == bytes(output))
  }

  @Test("PBKDF2 refuses no iterations, too many, and an empty key")
  func pbkdf2Limits() {
    #expect(KeyDerivation.pbkdf2SHA256(password: [1], salt: [2], iterations: 0) == nil)
    #expect(KeyDerivation.pbkdf2SHA256(password: [1], salt: [2], iterations: .max) == nil)
    #expect(KeyDerivation.pbkdf2SHA256(password: [1], salt: [2], iterations: 1, count: 0) == nil)
  }
}
