import OpenIDCryptography
import Testing

@Suite struct AEADTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let source: String
    let algorithm: AEADCipher.Algorithm
    let key: String
    let nonce: String
    var additionalData = ""
    let plaintext: String
    let ciphertext: String
    let tag: String
    var testDescription: String { source }
  }

  static let mcGrewPlaintext = """
    d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72
    1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39
    """

  static let cases = [
    Case(
      source: "GCM, test case 2 (AES-128)", algorithm: .aesGCM, key: "00000000000000000000000000000000",
      nonce: "000000000000000000000000", plaintext: "00000000000000000000000000000000",
      ciphertext: "0388dace60b6a392f328c2b971b2fe78", tag: "ab6e47d42cec13bdf53a67b21257bddf"),
    Case(
      source: "GCM, test case 13: nothing at all", algorithm: .aesGCM,
      key: "0000000000000000000000000000000000000000000000000000000000000000", nonce: "000000000000000000000000", plaintext: "",
      ciphertext: "", tag: "530f8afbc74536b9a963b4f1c4cb738b"),
    Case(
      source: "GCM, test case 14", algorithm: .aesGCM,
      key: "0000000000000000000000000000000000000000000000000000000000000000", nonce: "000000000000000000000000",
      plaintext: "00000000000000000000000000000000", ciphertext: "cea7403d4d606b6e074ec5d3baf39d18",
      tag: "d0d1c8a799996bf0265b98b5d48ab919"),
    Case(
      source: "GCM, test case 16: additional data", algorithm: .aesGCM,
      key: "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308", nonce: "cafebabefacedbaddecaf888",
      additionalData: "feedfacedeadbeeffeedfacedeadbeefabaddad2", plaintext: mcGrewPlaintext,
      ciphertext: """
        522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa
        8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662
        """, tag: "76fc6ece0f4e1768cddf8853bb2d551b"),
    Case(
      source: "GCM, test case 18: a nonce of 60 bytes", algorithm: .aesGCM,
      key: "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308",
      nonce: """
        9313225df88406e555909c5aff5269aa6a7a9538534f7da1e4c303d2a318a728
        c3c0c95156809539fcf0e2429a6b525416aedbf5a0de6a57a637b39b
        """, additionalData: "feedfacedeadbeeffeedfacedeadbeefabaddad2", plaintext: mcGrewPlaintext,
      ciphertext: """
        5a8def2f0c9e53f1f75d7853659e2a20eeb2b22aafde6419a058ab4f6f746bf4
        0fc0c3b780f244452da3ebf1c5d82cdea2418997200ef82e44ae7e3f
        """, tag: "a44a8266ee1c8eb0c8b5d4cf5ae9f19a"),
    Case(
      source: "RFC 8439, section 2.8.2", algorithm: .chaCha20Poly1305,
      key: "808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f", nonce: "070000004041424344454647",
      additionalData: "50515253c0c1c2c3c4c5c6c7",
      plaintext: Hex.encode(
        bytes(
          of: "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, "
            + "sunscreen would be it.")),
      ciphertext: """
        d31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d6
        3dbea45e8ca9671282fafb69da92728b1a71de0a9e060b2905d6a5b67ecd3b36
        92ddbd7f2d778b8c9803aee328091b58fab324e4fad675945585808b4831d7bc
        3ff4def08e4b7a9de576d26586cec64b6116
        """, tag: "1ae10b594f09e26a7e902ecbd0600691"),
  ]

  @Test("known answers come out, and open again", arguments: cases)
  func knownAnswers(_ example: Case) {
    let cipher = AEADCipher(example.algorithm, key: bytes(example.key))
    let (nonce, extra) = (bytes(example.nonce), bytes(example.additionalData))
    let sealed = cipher.seal(bytes(example.plaintext), nonce: nonce, additionalData: extra)
    #expect(sealed.ciphertext == bytes(example.ciphertext))
    #expect(sealed.tag == bytes(example.tag))
    #expect(
      cipher.open(sealed.ciphertext, tag: sealed.tag, nonce: nonce, additionalData: extra) == bytes(example.plaintext))
  }

  @Test("nothing opens that was changed in any one place", arguments: [AEADCipher.Algorithm.aesGCM, .chaCha20Poly1305])
  func changes(_ algorithm: AEADCipher.Algorithm) {
    let cipher = AEADCipher(algorithm, key: [UInt8](repeating: 7, count: 32))
    let nonce = [UInt8](repeating: 1, count: 12)
    let sealed = cipher.seal([1, 2, 3], nonce: nonce, additionalData: [4, 5])
    func flipped(_ bytes: [UInt8]) -> [UInt8] { [bytes[0] ^ 1] + bytes.dropFirst() }

    #expect(cipher.open(sealed.ciphertext, tag: sealed.tag, nonce: nonce, additionalData: [4, 5]) == [1, 2, 3])
    #expect(cipher.open(flipped(sealed.ciphertext), tag: sealed.tag, nonce: nonce, additionalData: [4, 5]) == nil)
    #expect(cipher.open(sealed.ciphertext, tag: flipped(sealed.tag), nonce: nonce, additionalData: [4, 5]) == nil)
    #expect(cipher.open(sealed.ciphertext, tag: sealed.tag, nonce: flipped(nonce), additionalData: [4, 5]) == nil)
    #expect(cipher.open(sealed.ciphertext, tag: sealed.tag, nonce: nonce, additionalData: [4]) == nil)
    #expect(cipher.open(Array(sealed.ciphertext.dropLast()), tag: sealed.tag, nonce: nonce, additionalData: [4, 5]) == nil)
    let other = AEADCipher(algorithm, key: [UInt8](repeating: 8, count: 32))
    #expect(other.open(sealed.ciphertext, tag: sealed.tag, nonce: nonce, additionalData: [4, 5]) == nil)
    // What failed leaves the context fit for what follows.
    #expect(cipher.open(sealed.ciphertext, tag: sealed.tag, nonce: nonce, additionalData: [4, 5]) == [1, 2, 3])
  }

  @Test("a tag that is cut short does not open, nor does a nonce that is empty or endless")
  func badLengths() {
    let cipher = AEADCipher(.aesGCM, key: [UInt8](repeating: 7, count: 32))
    let nonce = [UInt8](repeating: 1, count: 32)
    let sealed = cipher.seal([1, 2, 3], nonce: nonce)
    #expect(cipher.open(sealed.ciphertext, tag: Array(sealed.tag.prefix(12)), nonce: nonce) == nil)
    #expect(cipher.open(sealed.ciphertext, tag: [], nonce: nonce) == nil)
    #expect(cipher.open(sealed.ciphertext, tag: sealed.tag, nonce: []) == nil)
    #expect(cipher.open(sealed.ciphertext, tag: sealed.tag, nonce: [UInt8](repeating: 1, count: 100_000)) == nil)
    #expect(cipher.open(sealed.ciphertext, tag: sealed.tag, nonce: nonce) == [1, 2, 3])
  }

  @Test("one cipher serves nonces of several lengths, sealing and opening in turn")
  func mixedLengths() {
    let key = [UInt8](repeating: 9, count: 32)
    let cipher = AEADCipher(.aesGCM, key: key)
    for length in [12, 32, 1, 32, 12, 16, 60] {
      let nonce = Random.bytes(length)
      let sealed = cipher.seal([1, 2, 3], nonce: nonce, additionalData: [4])
      // A fresh cipher, so that both halves could not be wrong in the same way.
      #expect(AESGCM.open(sealed.ciphertext, tag: sealed.tag, key: key, nonce: nonce, additionalData: [4]) == [1, 2, 3])
      let once = AESGCM.seal([1, 2, 3], key: key, nonce: nonce, additionalData: [4])
      #expect(once == sealed)
      #expect(cipher.open(once.ciphertext, tag: once.tag, nonce: nonce, additionalData: [4]) == [1, 2, 3])
    }
  }

  @Test("many tasks may use one cipher at once")
  func concurrency() async {
    let cipher = AEADCipher(.aesGCM, key: [UInt8](repeating: 7, count: 32))
    await withTaskGroup(of: Bool.self) { group in
      for task in 0..<8 {
        group.addTask {
          (0..<200).allSatisfy { round in
            let message = [UInt8(task), UInt8(round)]
            let nonce = Random.bytes(round.isMultiple(of: 2) ? 32 : 12)
            let sealed = cipher.seal(message, nonce: nonce, additionalData: message)
            return cipher.open(sealed.ciphertext, tag: sealed.tag, nonce: nonce, additionalData: message) == message
          }
        }
      }
      for await isRight in group { #expect(isRight) }
    }
  }

  @Test("messages beyond one chunk of the cipher open again")
  func longMessage() {
    let message = [UInt8](repeating: 0x5a, count: 3_000_001)
    let sealed = ChaCha20Poly1305.seal(message, key: [UInt8](repeating: 1, count: 32), nonce: [UInt8](repeating: 2, count: 12))
    let opened = ChaCha20Poly1305.open(
      sealed.ciphertext, tag: sealed.tag, key: [UInt8](repeating: 1, count: 32), nonce: [UInt8](repeating: 2, count: 12))
    #expect(opened == message)
  }
}
