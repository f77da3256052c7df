/// A request that has arrived whole.
struct ServerRequest: Sendable {
  /// In capitals, as it was sent: `GET`, `PATCH`, …
  var method: String
  /// The path as it was sent, escapes and all.
  var path: String
  /// What follows the question mark.
  var query: String
  var authorization: String?
  var accept: String?
  var contentType: String?
  var cookie: String?
  var body: [UInt8]

  /// The segments of the path with their escapes resolved. One trailing slash does not count.
  var segments: [String] {
    // By bytes, in a fraction of the time that characters take.
    var parts = path.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).dropFirst()
    if let last = parts.last, last.isEmpty { parts = parts.dropLast() }
    return parts.map { part in
      let text = String(Substring(part))
      return part.contains(UInt8(ascii: "%")) ? (try? GoURL.unescaped(text)) ?? text : text
    }
  }
}
