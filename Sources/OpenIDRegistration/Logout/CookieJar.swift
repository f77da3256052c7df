import struct OpenIDCryptography.Secret

/// The cookies of one logout: those that the caller brought, and what the provider sets on the way.
///
/// It serves one origin and one logout, so it keeps names and values and leaves paths and domains out (RFC 6265, section 5.3).
struct CookieJar {
  private var cookies: [(name: String, value: String)] = []

  /// - Parameter header: what a `Cookie` field would say: `a=1; b=2`.
  init(_ header: Secret?) {
    for pair in (header?.exposed ?? "").split(separator: ";") { set(pair) }
  }

  /// The value of the `Cookie` field; `nil` where there is nothing to say.
  var header: String? {
    cookies.isEmpty ? nil : cookies.map { "\($0.name)=\($0.value)" }.joined(separator: "; ")
  }

  var secrets: [Secret] { cookies.map { Secret($0.value) } }

  /// Takes what an answer sets, and drops what it lets expire.
  mutating func take(_ headers: HTTPFields, now: Int) {
    for field in headers.fields where field.name.lowercased() == "set-cookie" {
      let parts = field.value.split(separator: ";", omittingEmptySubsequences: false)
      guard let first = parts.first, let name = set(first) else { continue }
      var expires: Int?
      for attribute in parts.dropFirst() {
        let pair = attribute.split(separator: "=", maxSplits: 1).map(trimmed)
        switch pair.first?.lowercased() {
        // Whether it is over is all that is asked; what it says may be longer than any clock counts.
        case "max-age" where pair.count == 2: expires = Int(pair[1]).map { $0 <= 0 ? now : .max }
        // Max-Age wins, and it stands behind where both are there; the date may have blanks or hyphens.
        case "expires" where pair.count == 2 && expires == nil:
          expires = HTTPDate.seconds(pair[1].replacing("-", with: " "))
        default: break
        }
      }
      if let expires, expires <= now { cookies.removeAll { $0.name == name } }
    }
  }

  @discardableResult
  private mutating func set(_ pair: Substring) -> String? {
    guard let equals = pair.firstIndex(of: "=") else { return nil }
    let name = trimmed(pair[..<equals])
    let value = trimmed(pair[pair.index(after: equals)...])
    guard !name.isEmpty else { return nil }
    if let index = cookies.firstIndex(where: { $0.name == name }) {
      cookies[index].value = value
    } else {
      cookies.append((name, value))
    }
    return name
  }

  private func trimmed(_ text: Substring) -> String {
    String(text.drop { $0 == " " || $0 == "\t" }.reversed().drop { $0 == " " || $0 == "\t" }.reversed())
  }
}
