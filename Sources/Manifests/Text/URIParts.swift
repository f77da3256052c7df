/// An absolute URI taken apart as RFC 3986 has it; enough to judge redirect URIs, which may have any scheme.
struct URIParts {
  /// In lower case.
  let scheme: String
  /// In lower case; `nil` where no `//` follows the scheme (`com.example.app:/callback`).
  let host: String?
  let port: String?
  let hasFragment: Bool

  /// Why a text is no absolute URI, as a phrase: `has a blank in it`.
  struct Mistake: Error {
    let words: String
  }

  init(_ text: String) throws(Mistake) {
    let bytes = text.utf8
    guard !bytes.isEmpty else { throw Mistake(words: "is empty") }
    if let bad = bytes.first(where: Self.isForbidden) {
      throw Mistake(words: bad == 0x20 ? "has a blank in it" : "has a character in it that no URI may have")
    }
    guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")), bytes.first?.isASCIILetter == true,
      bytes[..<colon].allSatisfy({ $0.isASCIILetter || $0.isASCIIDigit || $0 == 0x2b || $0 == 0x2d || $0 == 0x2e })
    else { throw Mistake(words: "is not absolute") }
    scheme = Self.lowercased(bytes[..<colon])
    var rest = bytes[bytes.index(after: colon)...]
    guard !rest.isEmpty else { throw Mistake(words: "has nothing behind its scheme") }
    let isWeb = scheme == "https" || scheme == "http"
    let hash = rest.firstIndex(of: UInt8(ascii: "#"))
    hasFragment = hash != nil
    if let hash { rest = rest[..<hash] }
    guard rest.starts(with: [0x2f, 0x2f]) else {
      if isWeb { throw Mistake(words: "has no host") }
      host = nil
      port = nil
      return
    }
    var authority = rest.dropFirst(2).prefix { $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "?") }
    if let at = authority.lastIndex(of: UInt8(ascii: "@")) { authority = authority[authority.index(after: at)...] }
    let bracket = authority.lastIndex(of: UInt8(ascii: "]"))
    var beforePort = authority.lastIndex(of: UInt8(ascii: ":"))
    if let colon = beforePort, let bracket, colon < bracket { beforePort = nil }
    host = Self.lowercased(authority[..<(beforePort ?? authority.endIndex)])
    if let beforePort {
      let digits = authority[authority.index(after: beforePort)...]
      guard digits.allSatisfy(\.isASCIIDigit), digits.count <= 5 else { throw Mistake(words: "has a port that is no number") }
      port = String(Substring(digits))
    } else {
      port = nil
    }
    if isWeb, host?.isEmpty == true { throw Mistake(words: "has no host") }
  }

  /// Blanks, control characters, and what RFC 3986 leaves to nobody.
  private static func isForbidden(_ byte: UInt8) -> Bool {
    switch byte {
    case 0...0x20, 0x7f, UInt8(ascii: "\""), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "\\"), UInt8(ascii: "^"),
      UInt8(ascii: "`"), UInt8(ascii: "{"), UInt8(ascii: "|"), UInt8(ascii: "}"):
      true
    default: false
    }
  }

  private static func lowercased(_ bytes: Substring.UTF8View) -> String {
    let text = Substring(bytes)
    return bytes.contains { (0x41...0x5a).contains($0) || $0 >= 0x80 } ? text.lowercased() : String(text)
  }
}
