/// An absolute `http:` or `https:` URL, taken apart as far as this library needs it.
///
/// Stricter than a browser: no blanks, no control characters, no user name or password, a host that is there and a port that
/// fits. A credential is sent to such a URL only.
package struct HTTPURL: Sendable, Hashable, CustomStringConvertible {
  /// Why a text is no such URL, as a phrase: `has no host`.
  package struct Mistake: Error, Sendable, Hashable {
    package let words: String
  }

  package let isSecure: Bool
  /// In lower case; an IPv6 address without its brackets.
  package let host: String
  package let port: Int
  /// From the first slash on; empty where there is none.
  package let path: String
  /// Without the question mark.
  package let query: String?
  private let isIPv6: Bool

  package init(_ text: String) throws(Mistake) {
    if let bad = text.utf8.first(where: HTTPURL.isForbidden) {
      throw Mistake(words: bad == 0x20 ? "has a blank in it" : "has a character in it that no URL may have")
    }
    let lower = text.lowercased()
    let rest: Substring
    if lower.hasPrefix("https://") {
      isSecure = true
      rest = text.dropFirst(8)
    } else if lower.hasPrefix("http://") {
      isSecure = false
      rest = text.dropFirst(7)
    } else {
      throw Mistake(words: "is no absolute http: or https: URL")
    }
    // All that parts a URL is ASCII: looking at bytes finds it in a tenth of the time that characters take.
    let end =
      rest.utf8.firstIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "#") } ?? rest.endIndex
    let authority = rest[..<end]
    let tail = rest[end...]
    if authority.utf8.contains(UInt8(ascii: "@")) { throw Mistake(words: "has a user name or password in it") }
    if tail.utf8.contains(UInt8(ascii: "#")) { throw Mistake(words: "has a fragment") }
    let name: Substring
    let digits: Substring
    if authority.utf8.first == UInt8(ascii: "[") {
      guard let end = authority.firstIndex(of: "]") else { throw Mistake(words: "has a bracket without its partner") }
      name = authority[authority.index(after: authority.startIndex)..<end]
      let after = authority[authority.index(after: end)...]
      guard after.isEmpty || after.first == ":" else { throw Mistake(words: "has no port after its address") }
      guard name.contains(":"), name.allSatisfy({ $0.isHexDigit || $0 == ":" || $0 == "." }) else {
        throw Mistake(words: "has no IPv6 address in its brackets")
      }
      digits = after.dropFirst()
      isIPv6 = true
    } else {
      let colon = authority.utf8.firstIndex(of: UInt8(ascii: ":")) ?? authority.endIndex
      name = authority[..<colon]
      digits = authority[colon...].dropFirst()
      isIPv6 = false
    }
    if name.isEmpty { throw Mistake(words: "has no host") }
    if digits.isEmpty {
      port = isSecure ? 443 : 80
    } else {
      guard digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(digits), (1...65535).contains(number)
      else {
        throw Mistake(words: "has a port that is no number from 1 to 65535")
      }
      port = number
    }
    host = name.lowercased()
    let mark = tail.utf8.firstIndex(of: UInt8(ascii: "?"))
    path = String(tail[..<(mark ?? tail.endIndex)])
    query = mark.map { String(tail.utf8[tail.utf8.index(after: $0)...]) ?? "" }
  }

  private static func isForbidden(_ byte: UInt8) -> Bool {
    switch byte {
    case 0...0x20, 0x7f, UInt8(ascii: "\""), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "\\"), UInt8(ascii: "^"),
      UInt8(ascii: "`"), UInt8(ascii: "{"), UInt8(ascii: "|"), UInt8(ascii: "}"):
      true
    default: false
    }
  }

  /// Scheme, host and, where it is not the scheme's own, port (RFC 6454): `https://auth.example.com`.
  package var origin: String {
    let shown = isIPv6 ? "[\(host)]" : host
    return (isSecure ? "https://" : "http://") + shown + (port == (isSecure ? 443 : 80) ? "" : ":\(port)")
  }

  /// Whether the host is this machine, by its address or as `localhost`. Other names are not looked up.
  package var isLoopback: Bool { HTTPURL.isLoopback(host: host) }

  /// Whether that host, without brackets, is this machine by its address or as `localhost`.
  package static func isLoopback(host: String) -> Bool {
    if host == "localhost" || host == "::1" { return true }
    let parts = host.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
  }

  /// The URL for messages: what a query says is left out but for a client id.
  package var description: String {
    guard let query else { return origin + path }
    let shown = query.split(separator: "&", omittingEmptySubsequences: false).map { pair -> String in
      guard let equals = pair.firstIndex(of: "=") else { return String(pair) }
      return pair[..<equals] == "client_id" ? String(pair) : pair[...equals] + "…"
    }
    return "\(origin)\(path)?\(shown.joined(separator: "&"))"
  }
}
