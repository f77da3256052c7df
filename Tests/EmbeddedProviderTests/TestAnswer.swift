import OpenIDJSON

/// An answer as it came over the wire.
struct TestAnswer {
  let status: Int
  /// By lower-case name; of several fields of one name the last.
  let headers: [String: String]
  var body: [UInt8] = []
  /// Whether the body is as long as its header says.
  var isComplete = true

  init(head: String) throws {
    // A line ends in CR LF, which is one character in Swift.
    let lines = head.split(separator: "\r\n", omittingEmptySubsequences: false)
    guard let status = lines.first?.split(separator: " ").dropFirst().first.flatMap({ Int($0) }) else {
      throw TestConnection.Failure(description: "no status line: \(head)")
    }
    self.status = status
    var headers: [String: String] = [:]
    for line in lines.dropFirst() {
      let parts = line.split(separator: ":", maxSplits: 1)
      guard parts.count == 2 else { continue }
      headers[parts[0].lowercased()] = String(parts[1].drop { $0 == " " })
    }
    self.headers = headers
  }

  var text: String { String(decoding: body, as: UTF8.self) }

  var json: JSONValue? { try? JSONValue(parsing: body) }

  /// A member of the body that is a text.
  subscript(name: String) -> String? { json?[name]?.string }
}
