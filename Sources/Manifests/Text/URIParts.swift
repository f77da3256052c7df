/// An absolute URI taken apart as RFC 3986 has it; enough to judge redirect URIs, which may have any scheme.
struct URIParts {
  /// In lower case.
  let scheme: String
  /// `nil` where no `//` follows the scheme (`com.example.app:/callback`).
  let host: String?
  let port: String?
  let hasUserInformation: Bool
  let path: Substring
  let hasFragment: Bool

  /// Why a text is no absolute URI, as a phrase: `has a blank in it`.
  struct Mistake: Error {
    let words: String
  }

  init(_ text: String) throws(Mistake) {
    guard !text.isEmpty else { throw Mistake(words: "is empty") }
    if let bad = text.unicodeScalars.first(where: {
      $0.value <= 0x20 || $0.value == 0x7f || "\"<>\\^`{|}".unicodeScalars.contains($0)
    }) {
      throw Mistake(words: bad == " " ? "has a blank in it" : "has a character in it that no URI may have")
    }
    guard let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")), text.utf8.first?.isASCIILetter == true,
      text.utf8[..<colon].allSatisfy({ $0.isASCIILetter || $0.isASCIIDigit || "+-.".utf8.contains($0) })
    else { throw Mistake(words: "is not absolute") }
    scheme = text[..<colon].lowercased()
    var rest = text[text.utf8.index(after: colon)...]
    guard !rest.isEmpty else { throw Mistake(words: "has nothing behind its scheme") }
    let hash = rest.firstIndex(of: "#")
    hasFragment = hash != nil
    if let hash { rest = rest[..<hash] }
    guard rest.hasPrefix("//") else {
      if scheme == "http" || scheme == "https" { throw Mistake(words: "has no host") }
      (host, port, hasUserInformation, path) = (nil, nil, false, rest)
      return
    }
    rest = rest.dropFirst(2)
    var authority = rest.prefix { $0 != "/" && $0 != "?" }
    path = rest.dropFirst(authority.count)
    let at = authority.lastIndex(of: "@")
    hasUserInformation = at != nil
    if let at { authority = authority[authority.index(after: at)...] }
    let bracket = authority.lastIndex(of: "]")
    let colonBeforePort = authority.lastIndex(of: ":").flatMap { index in bracket.map { index > $0 } ?? true ? index : nil }
    host = authority[..<(colonBeforePort ?? authority.endIndex)].lowercased()
    port = colonBeforePort.map { String(authority[authority.index(after: $0)...]) }
    if let port, !port.utf8.allSatisfy(\.isASCIIDigit) || port.utf8.count > 5 {
      throw Mistake(words: "has a port that is no number")
    }
    if host?.isEmpty == true, scheme == "http" || scheme == "https" { throw Mistake(words: "has no host") }
  }
}
