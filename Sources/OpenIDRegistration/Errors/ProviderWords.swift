import OpenIDJSON

import struct OpenIDCryptography.Secret

/// What a provider says in an answer that is no success, whatever its shape.
struct ProviderWords {
  var error: String?
  var explanation: String?
  /// What the body is, as a phrase for a message: `an HTML page`.
  var shape = "an empty answer"
  /// What the provider's logs call the request, where the body says so.
  var requestID: String?
  /// What the body itself brings of credentials: a provider that fails may quote them in its next sentence.
  var secrets: [Secret] = []
  /// Whether the body is a JSON object with a text in `error`.
  var hasErrorText = false
  /// Whether that is a sentence, as Hydra has it, and no code of an RFC.
  var hasErrorSentence: Bool { hasErrorText && error?.contains(" ") ?? false }

  /// What a redirect says in its query.
  init(error: String, explanation: String?) {
    self.error = error
    self.explanation = explanation
    shape = "a redirect"
  }

  init(_ answer: HTTPResponse) {
    guard !answer.body.allSatisfy({ [0x20, 0x09, 0x0a, 0x0d].contains($0) }) else { return }
    guard let value = try? JSONValue(parsing: answer.body, options: .lenient) else {
      read(text: answer)
      return
    }
    shape = "a JSON answer"
    switch value {
    case .string(let text): explanation = text.isEmpty ? nil : text
    case .object(let members): read(members)
    default: break
    }
  }

  private mutating func read(_ members: JSONObject) {
    func text(_ names: String..., in members: JSONObject) -> String? {
      names.lazy.compactMap { members[$0]?.string }.first { !$0.isEmpty }
    }
    secrets = ["client_secret", "registration_access_token", "access_token", "refresh_token", "id_token"].compactMap {
      members[$0]?.string.map(Secret.init)
    }
    switch members["error"] {
    case .string(let text)?:
      hasErrorText = true
      error = text.isEmpty ? nil : text
    case .object(let inner)?:
      // herodot's shape, as Hydra answers at paths that it does not have and Ory Network does in front of it.
      error = text("message", "status", "id", in: inner)
      explanation = text("reason", "description", in: inner)
      requestID = text("request", in: inner)
    default: break
    }
    // The last three: problem details (RFC 9457) and what web frameworks answer by themselves.
    explanation = text("error_description", in: members) ?? explanation ?? text("detail", "message", "title", in: members)
    requestID = requestID ?? text("request_id", in: members)
    // Ory's API description has a hint of its own; old releases send it.
    if let hint = text("error_hint", in: members), !(explanation ?? "").contains(hint) {
      explanation = [explanation, hint].compactMap(\.self).joined(separator: " ")
    }
  }

  private mutating func read(text answer: HTTPResponse) {
    let text = String(decoding: answer.body.prefix(4096), as: UTF8.self)
    let lower = text.lowercased()
    if lower.contains("<html") || lower.contains("<!doctype html") || lower.contains("<title") {
      shape = "an HTML page"
      explanation = title(of: text)
    } else {
      let first = text.first { !$0.isWhitespace && $0 != "\u{feff}" }
      shape = first.map { "{[\"".contains($0) } ?? true ? "JSON that cannot be read" : "a text that is no JSON"
      explanation = text
    }
    // What was meant to be JSON may hold credentials, and nobody can tell where; also behind a warning of whatever made the answer.
    if shape == "JSON that cannot be read" || explanation.map(Self.mayHoldCredentials) ?? false { explanation = nil }
    if explanation?.allSatisfy(\.isWhitespace) ?? false { explanation = nil }
  }

  /// Whether a text has a form or an object in it, or names what a credential is called.
  private static func mayHoldCredentials(_ text: String) -> Bool {
    text.contains("{") || ["client_secret", "access_token", "refresh_token", "id_token"].contains { text.contains($0) }
  }

  /// What stands in the first `title` of a page, however the tag is spelled.
  private func title(of page: String) -> String? {
    var rest = page[...]
    while let open = rest.firstIndex(of: "<") {
      rest = rest[open...].dropFirst()
      guard rest.prefix(5).lowercased() == "title", let end = rest.firstIndex(of: ">"),
        rest.dropFirst(5).first.map({ $0 == ">" || $0.isWhitespace }) ?? false
      else { continue }
      let text = rest[rest.index(after: end)...]
      return text.firstIndex(of: "<").map { LogoutPage.decoded(text[..<$0]) }
    }
    return nil
  }
}

extension JSONParsingOptions {
  /// For what somebody says about a failure: whatever can be read of it.
  static let lenient = JSONParsingOptions(duplicates: .lastWins, ignoresTrailingContent: true)
}
