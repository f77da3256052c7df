import Foundation
import OpenIDRegistration

/// Puts values in the place of a recording's matchers.
struct Filler {
  /// What `${name}` stands for.
  var known: [String: String]
  private var count = 0

  /// The key that made-up tokens are signed with.
  static let key = SigningKey.generate(for: .rs256, keyID: "made-up-key")
  /// The JWK Set of a provider that signs with it.
  static let keys: JSONValue = ["keys": [.object(key.publicKey.jwk)]]

  init(known: [String: String]) { self.known = known }

  /// A body with its captures taken.
  mutating func fill(_ value: JSONValue, capture: JSONObject) -> JSONValue {
    for member in capture where member.value.string?.contains("?") ?? false {
      // A parameter of a URL that is recorded with its own name in it.
      known[member.name] = "made-up-\(member.name)"
    }
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
      guard !pointer.contains("?") else { continue }
      var found: JSONValue? = body
      for part in pointer.dropFirst().split(separator: "/") {
        found = found.flatMap { $0[String(part)] ?? Int(part).flatMap { [found] in found?[$0] } }
      }
      if let value = found?.string ?? found?.integer.map(String.init) { known[member.name] = value }
    }
  }

  /// What is captured of the target of a redirect: a parameter of its query.
  mutating func take(_ capture: JSONObject, fromLocation location: String?) {
    for member in capture {
      guard let location, let pointer = member.value.string, pointer.hasPrefix("location?") else { continue }
      known[member.name] = parameter(String(pointer.dropFirst("location?".count)), of: location)
    }
  }

  private func parameter(_ name: String, of url: String) -> String? {
    URLComponents(string: url)?.queryItems?.first { $0.name == name }?.value
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
      case "secret":
        return .string("made-up-secret-\(count)-" + String(repeating: "s", count: members["minLength"]?.integer ?? 16))
      case "number": return members["min"] ?? members["max"] ?? 1
      // Another order each time: it means nothing.
      case "words": return .string(shuffled(members["of"]?.strings ?? []).joined(separator: " "))
      case "set": return .array(shuffled(members["of"]?.strings ?? []).map(JSONValue.string))
      case "string": return .string(text(fitting: members["pattern"]?.string ?? "", uuid))
      case "jwt": return .string(token(members))
      case "redirect": return .string(redirect(members))
      default: return value
      }
    default: return value
    }
  }

  /// A token of that shape, signed with our key whatever the recorded one was signed with.
  private mutating func token(_ members: JSONObject) -> String {
    let claims = invent(.object(members["claims"]?.object ?? [:]))
    return JSONWebToken.signed(finish(claims).object ?? [:], header: ["typ": "JWT"], by: Filler.key)
  }

  private mutating func redirect(_ members: JSONObject) -> String {
    var allowed = CharacterSet.alphanumerics
    allowed.insert(charactersIn: "-._~")
    let query = (members["query"]?.object ?? [:]).map { member in
      let value = finish(invent(member.value)).string ?? ""
      return "\(member.name)=\(value.addingPercentEncoding(withAllowedCharacters: allowed) ?? "")"
    }
    return substitute(members["to"]?.string ?? "") + (query.isEmpty ? "" : "?" + query.joined(separator: "&"))
  }

  /// A text for the few regular expressions that the recordings have.
  private func text(fitting pattern: String, _ uuid: String) -> String {
    var text = pattern
    for (part, value) in [
      ("[0-9a-f-]{36}", uuid), ("[0-9]{10}", "1700000000"), ("[A-Za-z0-9_-]+", "made-up"), ("\\d{4}", "2026"), ("\\d\\d", "10"),
      ("\\.", "."), ("\\+", "+"),
    ] { text = text.replacingOccurrences(of: part, with: value) }
    return text
  }

  func finish(_ value: JSONValue) -> JSONValue {
    switch value {
    case .string(let text): return .string(substitute(text))
    case .array(let elements): return .array(elements.map(finish))
    case .object(let members):
      if let name = members["$same"]?.string {
        // An object has no other form for a number, and a time is one.
        return known[name].flatMap(Int.init).map { .number(JSONNumber($0)) } ?? .string(known[name] ?? name)
      }
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
