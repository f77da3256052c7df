import OpenIDCryptography
import Testing

@Suite struct EncodingTests {
  /// RFC 4648, section 10.
  @Test(
    "Base64 writes and reads what RFC 4648 says",
    arguments: [
      ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
      ("foobar", "Zm9vYmFy"),
    ])
  func base64KnownAnswers(_ plain: String, _ text: String) {
    #expect(Base64.encode(Array(plain.utf8)) == text)
    #expect(Base64.decode(text) == Array(plain.utf8))
    let bare = text.filter { $0 != "=" }
    #expect(Base64.encode(Array(plain.utf8), padded: false) == bare)
    #expect(Base64.decode(bare, padded: false) == Array(plain.utf8))
  }

  @Test("the two alphabets differ in two letters and do not mix")
  func alphabets() {
    #expect(Base64.encode([0xfb, 0xff, 0xfe]) == "+//+")
    #expect(Base64.encode([0xfb, 0xff, 0xfe], urlSafe: true) == "-__-")
    #expect(Base64.decode("-__-", urlSafe: true) == [0xfb, 0xff, 0xfe])
    #expect(Base64.decode("-__-") == nil)
    #expect(Base64.decode("+//+", urlSafe: true) == nil)
  }

  @Test("every byte survives, whatever the length", arguments: [0, 1, 2, 3, 255, 256, 257])
  func roundTrip(_ count: Int) {
    let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    #expect(Base64.decode(Base64.encode(bytes)) == bytes)
    #expect(Base64.decode(Base64.encode(bytes, urlSafe: true, padded: false), urlSafe: true, padded: false) == bytes)
    #expect(Hex.decode(Hex.encode(bytes)) == bytes)
  }

  @Test(
    "Base64 in any other form is refused",
    arguments: [
      "Zg", "Zg=", "Zg===", "Z", "Z===", "=", "====", "Zm9v====", "Zm9v=", "Zg==Zg==", "Zm=v", "Zm9v\n", " Zm9v", "Zm 9v",
      "Zm9ü",
    ])
  func base64Refusals(_ text: String) {
    #expect(Base64.decode(text) == nil)
    #expect(Base64.decode("Zm9v\u{0}") == nil)
  }

  @Test("padding where there should be none is refused", arguments: ["Zg==", "Zm8=", "=", "Z"])
  func paddingRefusals(_ text: String) {
    #expect(Base64.decode(text, padded: false) == nil)
  }

  @Test("bits that stand for nothing are refused, unless leniency is asked for", arguments: ["Zh==", "Zm9="])
  func spareBits(_ text: String) {
    #expect(Base64.decode(text) == nil)
    #expect(Base64.decode(text, strict: false) != nil)
  }

  @Test("hexadecimal digits are read in both cases and written in the one asked for")
  func hex() {
    #expect(Hex.encode([0x00, 0xab, 0xff]) == "00abff")
    #expect(Hex.encode([0x00, 0xab, 0xff], uppercase: true) == "00ABFF")
    #expect(Hex.decode("00aBFf") == [0x00, 0xab, 0xff])
    #expect(Hex.decode("") == [])
  }

  @Test("what is not hexadecimal is refused", arguments: ["0", "0g", "g0", " 00", "00 ", "0x00", "０0"])
  func hexRefusals(_ text: String) {
    #expect(Hex.decode(text) == nil)
  }
}
