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
    var parts = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
    if parts.last == "" { parts = parts.dropLast() }
    return parts.map { (try? GoURL.unescaped(String($0))) ?? String($0) }
  }
}
