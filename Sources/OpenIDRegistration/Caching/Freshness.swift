extension HTTPFields {
  /// How long an answer may be used again without asking (RFC 9111, section 4.2), counted from when the request was sent; `nil`
  /// where the answer says nothing about it.
  ///
  /// Of two clocks that differ only the server's counts: `Expires` is taken against its own `Date`. Nothing is guessed from
  /// `Last-Modified`.
  ///
  /// - Parameter now: seconds since 1970, for an `Expires` without a `Date`.
  func freshness(now: Int) -> Duration? {
    let control = cacheControl
    if control["no-store"] != nil || control["no-cache"] != nil { return .zero }
    let age = self["age"].flatMap { HTTPFields.seconds($0) } ?? 0
    if let maximum = control["max-age"] {
      // A value that is no number must not keep anything alive (section 4.2.1).
      return .seconds(max(0, (HTTPFields.seconds(maximum) ?? 0) - age))
    }
    guard let expires = self["expires"] else { return nil }
    guard let end = HTTPDate.seconds(HTTPFields.trimmed(expires)) else { return .zero }
    let start = self["date"].flatMap { HTTPDate.seconds(HTTPFields.trimmed($0)) } ?? now
    return .seconds(max(0, end - start - age))
  }

  /// The directives of all `Cache-Control` fields by name; the first of each counts.
  private var cacheControl: [String: String] {
    var found: [String: String] = [:]
    for field in fields where field.name.lowercased() == "cache-control" {
      for directive in field.value.split(separator: ",") {
        let pair = directive.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map {
          HTTPFields.trimmed(String($0))
        }
        guard let name = pair.first?.lowercased(), !name.isEmpty, found[name] == nil else { continue }
        found[name] = pair.count == 2 ? pair[1].replacing("\"", with: "") : ""
      }
    }
    return found
  }

  /// Whole seconds; what does not fit is for ever (section 1.2.2).
  private static func seconds(_ text: String) -> Int? {
    let digits = trimmed(text)
    guard !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    return min(Int(digits) ?? Int.max, 1 << 31)
  }

  private static func trimmed(_ text: String) -> String {
    String(text.drop { $0 == " " || $0 == "\t" }.reversed().drop { $0 == " " || $0 == "\t" }.reversed())
  }
}
