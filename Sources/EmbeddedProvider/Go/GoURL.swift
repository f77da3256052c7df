/// A URL as Go's `net/url` takes it apart: more lenient than RFC 3986, and part of what a registration accepts.
struct GoURL {
  var scheme = ""
  /// What stands before the `@`; `nil` where there is none.
  var userinfo: String?
  /// With the port, and with brackets where they were.
  var host = ""
  var path = ""
  var query = ""
  var fragment = ""
  /// What follows the scheme where that is not a slash.
  var opaque = ""
  /// The URL ended in a question mark.
  var hasEmptyQuery = false

  /// Reads a URL reference: `url.Parse`.
  init(parsing text: String) throws(GoURLError) {
    let (front, fragment) = GoURL.cut(text, at: "#")
    do throws(GoURLError) {
      try parse(front, viaRequest: false)
    } catch {
      throw error.of(text)
    }
    self.fragment = fragment ?? ""
  }

  /// Reads what may stand in a request: an absolute URL or an absolute path, `url.ParseRequestURI`. A `#` is nothing special.
  init(parsingRequest text: String) throws(GoURLError) {
    do throws(GoURLError) {
      try parse(text, viaRequest: true)
    } catch {
      throw error.of(text)
    }
  }

  /// The host without its port and brackets.
  var hostname: String {
    var name = host
    if let colon = portColon { name = String(host[..<colon]) }
    if name.hasPrefix("["), name.hasSuffix("]") { name = String(name.dropFirst().dropLast()) }
    return name
  }

  /// The port as it is written; empty where there is none.
  var port: String { portColon.map { String(host[host.index(after: $0)...]) } ?? "" }

  private var portColon: String.Index? {
    guard let colon = host.lastIndex(of: ":") else { return nil }
    if let bracket = host.lastIndex(of: "]"), bracket > colon { return nil }
    return host[host.index(after: colon)...].allSatisfy(GoURL.isDigit) ? colon : nil
  }

  private mutating func parse(_ text: String, viaRequest: Bool) throws(GoURLError) {
    guard !text.utf8.contains(where: { $0 < 0x20 || $0 == 0x7f }) else {
      throw GoURLError("net/url: invalid control character in URL")
    }
    guard !(text.isEmpty && viaRequest) else { throw GoURLError("empty url") }
    if text == "*" {
      path = "*"
      return
    }
    var rest = try takeScheme(of: text)
    if rest.hasSuffix("?"), rest.firstIndex(of: "?") == rest.index(before: rest.endIndex) {
      hasEmptyQuery = true
      rest.removeLast()
    } else {
      let (front, query) = GoURL.cut(rest, at: "?")
      (rest, self.query) = (front, query ?? "")
    }
    if !rest.hasPrefix("/") {
      if !scheme.isEmpty {
        opaque = rest
        return
      }
      if viaRequest { throw GoURLError("invalid URI for request") }
      guard !GoURL.cut(rest, at: "/").0.contains(":") else {
        throw GoURLError("first path segment in URL cannot contain colon")
      }
    }
    if !scheme.isEmpty || !viaRequest && !rest.hasPrefix("///"), rest.hasPrefix("//") {
      let authority = rest.dropFirst(2)
      let end = authority.firstIndex(of: "/") ?? authority.endIndex
      try takeAuthority(String(authority[..<end]))
      rest = String(authority[end...])
    }
    path = try GoURL.unescaped(rest)
  }

  private mutating func takeScheme(of text: String) throws(GoURLError) -> String {
    for (offset, byte) in text.utf8.enumerated() {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): continue
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."):
        if offset == 0 { return text }
      case UInt8(ascii: ":"):
        if offset == 0 { throw GoURLError("missing protocol scheme") }
        scheme = text.prefix(offset).lowercased()
        return String(text.dropFirst(offset + 1))
      default: return text
      }
    }
    return text
  }

  private mutating func takeAuthority(_ authority: String) throws(GoURLError) {
    var hostPart = Substring(authority)
    if let at = authority.lastIndex(of: "@") {
      let info = authority[..<at]
      guard info.allSatisfy(GoURL.mayStandInUserinfo) else { throw GoURLError("net/url: invalid userinfo") }
      userinfo = String(info)
      hostPart = authority[authority.index(after: at)...]
    }
    var port: Substring = ""
    if hostPart.hasPrefix("[") {
      guard let bracket = hostPart.lastIndex(of: "]") else { throw GoURLError("missing ']' in host") }
      port = hostPart[hostPart.index(after: bracket)...]
    } else if let colon = hostPart.lastIndex(of: ":") {
      port = hostPart[colon...]
    }
    guard port.isEmpty || port.first == ":" && port.dropFirst().allSatisfy(GoURL.isDigit) else {
      throw GoURLError("invalid port \(GoText.quoted(String(port))) after host")
    }
    for character in hostPart.unicodeScalars where character.isASCII && character != "%" {
      guard character.properties.isAlphabetic || "0123456789-_.~!$&'()*+,;=:[]<>\"".unicodeScalars.contains(character) else {
        throw GoURLError("invalid character \(GoText.quoted(String(character))) in host name")
      }
    }
    host = String(hostPart)
  }

  private static func mayStandInUserinfo(_ character: Character) -> Bool {
    character.isASCII && (character.isLetter || character.isNumber || "-._:~!$&'()*+,;=%@".contains(character))
  }

  private static func isDigit(_ character: Character) -> Bool { ("0"..."9").contains(character) }

  /// Percent-escapes resolved; a broken one is named with what follows it.
  static func unescaped(_ text: String) throws(GoURLError) -> String {
    guard text.utf8.contains(UInt8(ascii: "%")) else { return text }
    let bytes = Array(text.utf8)
    var result: [UInt8] = []
    var position = 0
    while position < bytes.count {
      if bytes[position] == UInt8(ascii: "%") {
        let escape = bytes[position..<min(position + 3, bytes.count)]
        guard escape.count == 3, let value = UInt8(String(decoding: escape.dropFirst(), as: UTF8.self), radix: 16),
          escape.dropFirst().first != UInt8(ascii: "+")
        else { throw GoURLError("invalid URL escape \(GoText.quoted(String(decoding: escape, as: UTF8.self)))") }
        result.append(value)
        position += 3
      } else {
        result.append(bytes[position])
        position += 1
      }
    }
    return String(decoding: result, as: UTF8.self)
  }

  static func cut(_ text: String, at separator: Character) -> (String, String?) {
    guard let index = text.firstIndex(of: separator) else { return (text, nil) }
    return (String(text[..<index]), String(text[text.index(after: index)...]))
  }
}

/// Why Go takes a text for no URL.
struct GoURLError: Error, Equatable {
  let message: String

  init(_ message: String) { self.message = message }

  /// With the URL in front, as callers of `url.Parse` see it.
  func of(_ url: String) -> GoURLError { GoURLError("parse \(GoText.quoted(url)): \(message)") }
}
