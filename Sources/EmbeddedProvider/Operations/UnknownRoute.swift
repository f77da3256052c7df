import OpenIDJSON
import OpenIDRegistration

/// The answer to a path or a method that the provider does not have: always 404, in the form that the client would rather read.
enum UnknownRoute {
  static func answer(accept: String?) -> ServerAnswer {
    let type = preferred(accept ?? "")
    let body =
      switch type {
      case "application/json": json
      case "text/plain": "Error 404 - \(reason)"
      default: html
      }
    return ServerAnswer(status: 404, headers: ["Content-Type": "\(type); charset=utf-8"], body: Array(body.utf8))
  }

  private static let reason = "The requested route does not exist. Make sure you are using the right path, domain, and port."

  private static let json =
    JSONObject(["error": ["code": 404, "message": "Not Found", "reason": .string(reason)]] as JSONObject).text(.pretty) + "\n"

  private static let html = """
    <!doctype html>
    <html lang="en">
    <head><meta charset="UTF-8"><title>404 - Route not found</title></head>
    <body><h1>Error 404</h1><p>\(reason)</p></body>
    </html>

    """

  /// Of what can be offered the one with the highest weight; among equals the one that is named more exactly, then the first.
  private static func preferred(_ accept: String) -> String {
    let offers = ["text/html", "text/plain", "application/json"]
    var best = (offer: offers[0], weight: -1.0, precision: -1)
    for offer in offers {
      for range in ranges(accept) where range.weight > 0 {
        let precision =
          range.type == offer
          ? 2 : range.type == "*/*" ? 0 : range.type.hasSuffix("/*") && offer.hasPrefix(range.type.dropLast()) ? 1 : -1
        if precision >= 0, (range.weight, precision) > (best.weight, best.precision) {
          best = (offer, range.weight, precision)
        }
      }
    }
    return best.offer
  }

  private static func ranges(_ accept: String) -> [(type: String, weight: Double)] {
    accept.split(separator: ",").map { part in
      let pieces = part.split(separator: ";").map { $0.filter { $0 != " " && $0 != "\t" }.lowercased() }
      let weight = pieces.dropFirst().first { $0.hasPrefix("q=") }.map { Double($0.dropFirst(2)) ?? 0 }
      return (pieces.first ?? "", weight ?? 1)
    }
  }
}
