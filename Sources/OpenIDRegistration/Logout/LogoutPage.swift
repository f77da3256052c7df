/// What a provider's page says to a browser at the end of a session: the frames to load, and where to go on.
struct LogoutPage {
  /// The `src` of each `iframe`, as it stands there, decoded.
  var frames: [String] = []
  /// The target of `<meta http-equiv="refresh">`.
  var refresh: String?

  init(_ html: String) {
    var rest = html[...]
    while let open = rest.firstIndex(of: "<") {
      rest = rest[open...]
      if rest.hasPrefix("<!--") {
        rest = rest.firstRange(of: "-->").map { rest[$0.upperBound...] } ?? ""
        continue
      }
      rest.removeFirst()
      let name = rest.prefix { $0.isLetter }.lowercased()
      rest = rest.dropFirst(name.count)
      let attributes = LogoutPage.attributes(&rest)
      switch name {
      case "iframe": if let source = attributes["src"], !source.isEmpty { frames.append(source) }
      case "meta" where attributes["http-equiv"]?.lowercased() == "refresh" && refresh == nil:
        refresh = attributes["content"].flatMap(LogoutPage.target)
      default: break
      }
    }
  }

  /// Reads up to the `>` of a tag.
  private static func attributes(_ rest: inout Substring) -> [String: String] {
    var found: [String: String] = [:]
    while let next = rest.first, next != ">" {
      if next.isWhitespace || next == "/" {
        rest.removeFirst()
        continue
      }
      let name = rest.prefix { !$0.isWhitespace && $0 != "=" && $0 != ">" && $0 != "/" }
      rest = rest.dropFirst(max(1, name.count)).drop(while: \.isWhitespace)
      guard rest.first == "=" else { continue }
      rest = rest.dropFirst().drop(while: \.isWhitespace)
      let value: Substring
      if let quote = rest.first, quote == "\"" || quote == "'" {
        value = rest.dropFirst().prefix { $0 != quote }
        rest = rest.dropFirst(value.count + 2)
      } else {
        value = rest.prefix { !$0.isWhitespace && $0 != ">" }
        rest = rest.dropFirst(value.count)
      }
      if found[name.lowercased()] == nil { found[name.lowercased()] = decoded(value) }
    }
    return found
  }

  /// The URL in `7; URL=https://…`.
  private static func target(_ content: String) -> String? {
    guard let range = content.lowercased().firstRange(of: "url") else { return nil }
    let offset = content.lowercased().distance(from: content.lowercased().startIndex, to: range.upperBound)
    let rest = content.dropFirst(offset).drop(while: \.isWhitespace)
    guard rest.first == "=" else { return nil }
    let url = rest.dropFirst().drop(while: \.isWhitespace)
    guard let quote = url.first, quote == "'" || quote == "\"" else { return String(url) }
    return String(url.dropFirst().prefix { $0 != quote })
  }

  /// The text behind the character references that templates write into attributes.
  static func decoded(_ text: Substring) -> String {
    let names = ["amp": "&", "quot": "\"", "apos": "'", "lt": "<", "gt": ">"]
    var shown = ""
    var rest = text
    while let next = rest.popFirst() {
      guard next == "&", let end = rest.prefix(10).firstIndex(of: ";") else {
        shown.append(next)
        continue
      }
      let name = rest[..<end]
      let number =
        name.hasPrefix("#x") || name.hasPrefix("#X")
        ? UInt32(name.dropFirst(2), radix: 16) : name.hasPrefix("#") ? UInt32(name.dropFirst()) : nil
      guard let meant = names[String(name)] ?? number.flatMap(Unicode.Scalar.init).map({ String(Character($0)) }) else {
        shown.append(next)
        continue
      }
      shown += meant
      rest = rest[rest.index(after: end)...]
    }
    return shown
  }
}
