/// The parameters of a query or a form as Go's `net/url` reads and writes them.
struct GoQuery {
  private(set) var pairs: [(name: String, value: String)] = []

  /// Pairs that are not well-formed are left out.
  init(parsing text: some StringProtocol) {
    for part in text.split(separator: "&") where !part.contains(";") {
      let (name, value) = GoURL.cut(String(part), at: "=")
      guard let name = GoQuery.unescaped(name), let value = GoQuery.unescaped(value ?? "") else { continue }
      pairs.append((name, value))
    }
  }

  /// The first value of that name; empty where there is none.
  subscript(name: String) -> String {
    get { pairs.first { $0.name == name }?.value ?? "" }
    set {
      pairs.removeAll { $0.name == name }
      pairs.append((name, newValue))
    }
  }

  /// The first value of that name that is not empty.
  func firstNonEmpty(_ name: String) -> String? {
    pairs.first { $0.name == name && !$0.value.isEmpty }?.value
  }

  /// The query as text, sorted by name.
  var text: String {
    pairs.enumerated().sorted { ($0.element.name, $0.offset) < ($1.element.name, $1.offset) }
      .map { GoQuery.escaped($0.element.name) + "=" + GoQuery.escaped($0.element.value) }.joined(separator: "&")
  }

  private static func unescaped(_ text: String) -> String? {
    try? GoURL.unescaped(String(text.map { $0 == "+" ? " " : $0 }))
  }

  static func escaped(_ text: String) -> String {
    var result = ""
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
        UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "~"):
        result.unicodeScalars.append(Unicode.Scalar(byte))
      case UInt8(ascii: " "): result += "+"
      default: result += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
      }
    }
    return result
  }
}
