import OpenIDRegistration

extension ServerAnswer {
  /// Sends a browser on. To a GET the answer says so on a page as well, as Go's do.
  static func redirect(to url: String, status: Int = 302, for request: ServerRequest) -> ServerAnswer {
    var answer = ServerAnswer(status: status, headers: ["Location": Redirection.ascii(url)])
    if request.method == "GET" {
      let page: HTML = "<a href=\"\(url)\">\(status == 303 ? "See Other" : "Found")</a>.\n\n"
      answer.headers["Content-Type"] = "text/html; charset=utf-8"
      answer.body = Array(page.text.utf8)
    }
    return answer
  }
}

enum Redirection {
  /// The URL with parameters behind those that it has.
  static func url(_ base: String, adding parameters: [(name: String, value: String)]) -> String {
    guard !parameters.isEmpty else { return base }
    let separator = !base.contains("?") ? "?" : base.hasSuffix("?") || base.hasSuffix("&") ? "" : "&"
    return base + separator + query(parameters)
  }

  static func query(_ parameters: [(name: String, value: String)]) -> String {
    parameters.map { GoQuery.escaped($0.name) + "=" + GoQuery.escaped($0.value) }.joined(separator: "&")
  }

  /// A URL as it may stand in a header field: what is neither visible nor ASCII is escaped.
  static func ascii(_ url: String) -> String {
    var text = ""
    for byte in url.utf8 {
      if byte > 0x20, byte < 0x7f {
        text.unicodeScalars.append(Unicode.Scalar(byte))
      } else {
        text += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
      }
    }
    return text
  }
}
