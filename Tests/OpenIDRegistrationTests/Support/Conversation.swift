import Foundation
import OpenIDRegistration

/// A conversation recorded with a real provider, its matchers filled with made-up values.
struct Conversation: Sendable, CustomStringConvertible {
  struct Step: Sendable {
    let id: String
    let to: String
    let method: String
    let url: String
    let requestHeaders: [String: String]
    let requestBody: JSONObject?
    let response: HTTPResponse
    /// The body of the response, where it is JSON.
    let body: JSONValue?
  }

  let provider: String
  let name: String
  let steps: [Step]

  var description: String { "\(provider)/\(name)" }

  static let publicURL = "https://auth.example.com"
  static let adminURL = "https://admin.example.com"

  static let all: [Conversation] = {
    let folder = Bundle.module.resourceURL!.appending(path: "Fixtures/conformance")
    let files = ["hydra", "keycloak", "oidc-provider"].flatMap { provider in
      let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.appending(path: provider).path)) ?? []
      return names.sorted().map { (provider, folder.appending(path: provider).appending(path: $0)) }
    }
    return files.compactMap { provider, file in (try? Data(contentsOf: file)).flatMap { Conversation(provider, Array($0)) } }
  }()

  static func named(_ description: String) -> Conversation? { all.first { $0.description == description } }

  init?(_ provider: String, _ bytes: [UInt8]) {
    guard let document = try? JSONValue(parsing: bytes), let name = document["name"]?.string else { return nil }
    var filler = Filler(known: ["public": Self.publicURL, "admin": Self.adminURL])
    for variable in document["variables"]?.strings ?? [] { filler.known[variable] = "made-up-\(variable)" }
    var steps: [Step] = []
    for step in document["steps"]?.array ?? [] {
      guard let request = step["request"]?.object, let response = step["response"]?.object else { continue }
      let to = request["to"]?.string ?? "public"
      let base = to == "admin" ? Self.adminURL : Self.publicURL
      let path = filler.substitute(request["path"]?.string ?? "")
      let body = response["body"].map { filler.fill($0, capture: step["capture"]?.object ?? [:]) }
      let text = response["bodyText"]?.string ?? ""
      var headers = HTTPFields()
      for member in response["headers"]?.object ?? [:] {
        if let value = filler.finish(filler.invent(member.value)).string { headers.append(member.name, value) }
      }
      let bytes = body?.utf8() ?? Array(text.utf8)
      steps.append(
        Step(
          id: step["id"]?.string ?? "?", to: to, method: request["method"]?.string ?? "GET", url: base + path,
          requestHeaders: Dictionary(
            (request["headers"]?.object ?? [:]).map { ($0.name, filler.substitute($0.value.string ?? "")) },
            uniquingKeysWith: { $1 }),
          requestBody: request["body"].flatMap { filler.finish($0).object },
          response: HTTPResponse(status: response["status"]?.integer ?? 0, headers: headers, body: bytes), body: body))
    }
    self.provider = provider
    self.name = name
    self.steps = steps
  }
}

/// Puts values in the place of matchers.
private struct Filler {
  var known: [String: String]
  private var count = 0

  init(known: [String: String]) { self.known = known }

  /// A body with its captures taken.
  mutating func fill(_ value: JSONValue, capture: JSONObject) -> JSONValue {
    // URLs hold what the same body lets be captured, so they come last.
    let invented = invent(value)
    take(capture, from: invented)
    let finished = finish(invented)
    take(capture, from: finished)
    return finished
  }

  private mutating func take(_ capture: JSONObject, from body: JSONValue) {
    for member in capture {
      guard let pointer = member.value.string, pointer.hasPrefix("/") else { continue }
      var found: JSONValue? = body
      for part in pointer.dropFirst().split(separator: "/") {
        found = found.flatMap { $0[String(part)] ?? Int(part).flatMap { [found] in found?[$0] } }
      }
      if let text = found?.string { known[member.name] = text }
    }
  }

  mutating func invent(_ value: JSONValue) -> JSONValue {
    switch value {
    case .array(let elements): return .array(elements.map { invent($0) })
    case .object(let members):
      guard let kind = members["$match"]?.string else {
        return .object(JSONObject(members.map { JSONMember(name: $0.name, value: invent($0.value)) }))
      }
      count += 1
      let digits = String(count)
      let uuid = "11111111-2222-4333-8444-" + String(repeating: "0", count: 12 - digits.count) + digits
      switch kind {
      case "uuid": return .string(uuid)
      case "timestamp": return .string("2026-03-20T10:00:00.\(count)Z")
      case "token":
        return .string("made-up-token-\(count)-" + String(repeating: "t", count: members["minLength"]?.integer ?? 1))
      case "jwt": return .string("eyJhbGciOiJIUzUxMiJ9.made-up-\(count).signature")
      case "secret":
        return .string("made-up-secret-\(count)-" + String(repeating: "s", count: members["minLength"]?.integer ?? 16))
      case "number": return members["min"] ?? members["max"] ?? 1
      // Another order each time: it means nothing.
      case "words": return .string(shuffled(members["of"]?.strings ?? []).joined(separator: " "))
      case "set": return .array(shuffled(members["of"]?.strings ?? []).map(JSONValue.string))
      case "string":
        let pattern = members["pattern"]?.string ?? ""
        return .string(pattern.replacingOccurrences(of: "[0-9a-f-]{36}", with: uuid))
      default: return value
      }
    default: return value
    }
  }

  func finish(_ value: JSONValue) -> JSONValue {
    switch value {
    case .string(let text): return .string(substitute(text))
    case .array(let elements): return .array(elements.map(finish))
    case .object(let members):
      if let name = members["$same"]?.string { return .string(known[name] ?? name) }
      if members["$match"] != nil { return .string(substitute(members["value"]?.string ?? "")) }
      return .object(JSONObject(members.map { JSONMember(name: $0.name, value: finish($0.value)) }))
    default: return value
    }
  }

  func substitute(_ text: String) -> String {
    known.reduce(text) { $0.replacingOccurrences(of: "${\($1.key)}", with: $1.value) }
  }

  private func shuffled(_ words: [String]) -> [String] { count.isMultiple(of: 2) ? words : words.reversed() }
}
