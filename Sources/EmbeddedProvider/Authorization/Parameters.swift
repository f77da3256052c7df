/// The parameters of an OAuth request, in a query or a form. One without a value counts as left out (RFC 6749, section 3.1).
struct Parameters: Sendable {
  private let values: [String: String]
  /// The names that stand more than once.
  let repeated: Set<String>

  /// - Throws: `invalid_request` where an escape is broken.
  init(parsing text: some StringProtocol) throws(Refusal) {
    var values: [String: String] = [:]
    var seen: Set<String> = []
    var repeated: Set<String> = []
    for pair in text.split(separator: "&") {
      let (name, value) = GoURL.cut(String(pair), at: "=")
      guard let name = Parameters.unescaped(name), let value = Parameters.unescaped(value ?? "") else {
        throw .oauth(.invalidRequest, "The parameters are no well-formed application/x-www-form-urlencoded.")
      }
      if !seen.insert(name).inserted { repeated.insert(name) }
      if !value.isEmpty, values[name] == nil { values[name] = value }
    }
    self.values = values
    self.repeated = repeated
  }

  /// Those of a form; the query of a POST does not count.
  init(form request: ServerRequest) throws(Refusal) {
    guard request.hasForm else {
      throw .oauth(.invalidRequest, "The parameters have to be sent in the body, as application/x-www-form-urlencoded.")
    }
    try self.init(parsing: String(decoding: request.body, as: UTF8.self))
  }

  /// Those of a request that a browser may make either way.
  init(_ request: ServerRequest) throws(Refusal) {
    if request.method == "POST" { try self.init(form: request) } else { try self.init(parsing: request.query) }
  }

  subscript(name: String) -> String? { values[name] }

  /// The words of a parameter such as `scope`, each once.
  func words(_ name: String) -> [String] {
    var seen: Set<String> = []
    return (values[name] ?? "").split(separator: " ").map(String.init).filter { seen.insert($0).inserted }
  }

  /// - Throws: `invalid_request` where one of them stands twice (RFC 6749, section 3.1).
  func requireSingle(_ names: [String]) throws(Refusal) {
    if let name = names.first(where: repeated.contains) {
      throw .oauth(.invalidRequest, "The parameter '\(name)' stands more than once.")
    }
  }

  /// The value of a parameter that there has to be.
  func required(_ name: String) throws(Refusal) -> String {
    guard let value = values[name] else { throw .oauth(.invalidRequest, "The parameter '\(name)' is missing.") }
    return value
  }

  private static func unescaped(_ text: String) -> String? {
    try? GoURL.unescaped(String(text.map { $0 == "+" ? " " : $0 }))
  }
}

extension ServerRequest {
  /// Whether the body is a form.
  var hasForm: Bool {
    let type = (contentType ?? "").prefix { $0 != ";" }.filter { $0 != " " }
    return type.lowercased() == "application/x-www-form-urlencoded"
  }

  /// The token of the Authorization field, or else of the parameter `access_token` (RFC 6750, section 2).
  var bearerToken: String {
    if let authorization, let blank = authorization.utf8.firstIndex(of: UInt8(ascii: " ")),
      authorization.utf8[..<blank].lazy.map({ $0 | 0x20 }).elementsEqual("bearer".utf8)
    {
      return String(authorization[authorization.utf8.index(after: blank)...])
    }
    if method == "POST", hasForm, let token = (try? Parameters(form: self))?["access_token"] { return token }
    return GoQuery(parsing: query)["access_token"]
  }

  /// The value of a cookie.
  func cookie(_ name: String) -> String? {
    for pair in (cookie ?? "").split(separator: ";") {
      let (found, value) = GoURL.cut(String(pair.drop { $0 == " " }), at: "=")
      if found == name, let value { return value }
    }
    return nil
  }
}
