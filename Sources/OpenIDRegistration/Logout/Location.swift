/// The target of a redirect, taken apart as far as a logout needs it; of any scheme, for apps have schemes of their own.
struct Location: Sendable, Hashable {
  let text: String
  /// Up to the query.
  let base: String
  /// Names and values, decoded (the URL standard's form encoding, in which `+` is a blank).
  let query: [(name: String, value: String)]

  init(_ text: String) {
    self.text = text
    let bare = text.prefix { $0 != "#" }
    base = String(bare.prefix { $0 != "?" })
    query = Location.pairs(bare.dropFirst(base.count + 1))
  }

  /// The target as seen from the page that names it (RFC 3986, section 5.2).
  init(_ reference: String, from page: HTTPURL) {
    let scheme = reference.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || "+-.".contains($0)) }
    if !scheme.isEmpty, reference.dropFirst(scheme.count).first == ":" {
      self.init(reference)
    } else if reference.hasPrefix("//") {
      self.init((page.isSecure ? "https:" : "http:") + reference)
    } else if reference.hasPrefix("/") {
      self.init(page.origin + reference)
    } else if reference.hasPrefix("?") || reference.isEmpty {
      self.init(page.origin + page.path + reference)
    } else {
      let folder = page.path.lastIndex(of: "/").map { page.path[...$0] } ?? "/"
      self.init(page.origin + folder + reference)
    }
  }

  /// The first value under that name.
  func value(_ name: String) -> String? { query.first { $0.name == name }?.value }

  /// Whether this is that URL, with nothing but parameters added.
  func isReturn(to wanted: Location) -> Bool {
    base == wanted.base && wanted.query.allSatisfy { pair in query.contains { $0 == pair } }
  }

  static func == (one: Location, other: Location) -> Bool { one.text == other.text }
  func hash(into hasher: inout Hasher) { hasher.combine(text) }

  private static func pairs(_ query: Substring) -> [(name: String, value: String)] {
    query.split(separator: "&").map { pair in
      let name = pair.prefix { $0 != "=" }
      return (formDecoded(name), formDecoded(pair.dropFirst(name.count + 1)))
    }
  }
}

/// The text of a value in `application/x-www-form-urlencoded`; what is no escape stays as it is.
func formDecoded(_ text: Substring) -> String {
  var bytes: [UInt8] = []
  var rest = Array(text.utf8)[...]
  while let byte = rest.popFirst() {
    let digits = rest.prefix(2)
    if byte == UInt8(ascii: "%"), digits.count == 2, digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
      let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 16)
    {
      bytes.append(value)
      rest = rest.dropFirst(2)
    } else {
      bytes.append(byte == UInt8(ascii: "+") ? 0x20 : byte)
    }
  }
  return String(decoding: bytes, as: UTF8.self)
}
