import OpenIDCryptography
import OpenIDJSON
import OpenIDRegistration

/// Takes credentials out of what `--verbose` shows.
struct ExchangeMask {
  private static let hidden = "(sensitive)"
  /// Members of JSON, of forms and of queries whose values are credentials.
  private static let members: Set<String> = [
    "client_secret", "registration_access_token", "access_token", "refresh_token", "id_token", "id_token_hint", "logout_token",
    "client_assertion", "code", "code_verifier", "password", "jwt", "credential", "credential_draft_00", "software_statement",
    "logout_verifier", "c_nonce",
  ]
  private static let fields: Set<String> = ["authorization", "proxy-authorization", "cookie", "set-cookie"]

  /// The credentials that the command was given; they are looked for everywhere.
  let secrets: [Secret]
  /// The names of header fields that the command line filled with a credential.
  let credentialFields: Set<String>

  func field(_ field: HTTPFields.Field) -> String {
    let name = field.name.lowercased()
    guard !credentialFields.contains(name), !Self.isCredential(name) else { return "\(field.name): \(Self.hidden)" }
    if Self.fields.contains(name) {
      // The scheme of an Authorization field and the name of a cookie help whoever looks for a mistake.
      let separator: Character = name.hasSuffix("authorization") ? " " : "="
      let head = field.value.firstIndex(of: separator).map { sanitised(String(field.value[..<$0])) + String(separator) }
      return "\(field.name): \(head ?? "")\(Self.hidden)"
    }
    return "\(field.name): \(text(withoutParameters(field.value)))"
  }

  /// A URL without the credentials of its query and its fragment.
  func url(_ url: String) -> String { text(withoutParameters(url)) }

  /// A body by its type, on one line.
  func body(_ bytes: [UInt8], type: String) -> String {
    if bytes.isEmpty { return "" }
    if let value = try? JSONValue(parsing: bytes) { return text(masked(value).text(), limit: 4000) }
    if type.hasPrefix("application/x-www-form-urlencoded") {
      return text(withoutParameters(String(decoding: bytes, as: UTF8.self)), limit: 4000)
    }
    return "(\(bytes.count) bytes\(type.isEmpty ? "" : " of \(text(type))"))"
  }

  /// A text in which no `name=value` gives a credential away, wherever it stands: in a form, in a URL's query or fragment, and in a
  /// field that has a URL in it (`Link`, `Refresh`).
  private func withoutParameters(_ text: String) -> String {
    let text = withoutUserInfo(text)
    guard text.contains("=") else { return text }
    var shown = ""
    var rest = text[...]
    while true {
      let end = rest.firstIndex { "?&#;,<>\"' ".contains($0) } ?? rest.endIndex
      let part = rest[..<end]
      if let equals = part.firstIndex(of: "="), Self.isCredential(String(part[..<equals])) {
        shown += part[...equals] + Self.hidden
      } else {
        shown += part
      }
      guard end < rest.endIndex else { return shown }
      shown.append(rest[end])
      rest = rest[rest.index(after: end)...]
    }
  }

  /// A text in which no URL has a user name and a password.
  private func withoutUserInfo(_ text: String) -> String {
    guard text.contains("@") else { return text }
    return text.replacing(#/:\/\/[^\/?#@\s]*@/#) { _ in "://\(Self.hidden)@" }
  }

  /// By its name: one of the known ones, or one that ends as they do.
  private static func isCredential(_ name: String) -> Bool {
    let name = name.lowercased()
    return members.contains(name)
      || ["secret", "secrets", "_token", "-token", "password", "api-key", "api_key"].contains(where: name.hasSuffix)
  }

  private func masked(_ value: JSONValue) -> JSONValue {
    switch value {
    case .object(let members):
      .object(
        JSONObject(
          members.map { member in
            let isPrivate = members["kty"] != nil && VerificationKey.privateMembers.contains(member.name)
            let isHidden = (isPrivate || Self.isCredential(member.name)) && member.value != .null
            return JSONMember(name: member.name, value: isHidden ? .string(Self.hidden) : masked(member.value))
          }))
    case .array(let elements): .array(elements.map(masked))
    case .string(let text): .string(withoutParameters(text))
    default: value
    }
  }

  private func text(_ text: String, limit: Int = 600) -> String {
    shown(text, without: secrets.map(\.exposed), limit: limit)
  }
}

/// A transport that tells each exchange, for `--verbose`, with its credentials masked.
struct ToldTransport: HTTPTransport {
  let base: any HTTPTransport
  let mask: ExchangeMask
  let tell: @Sendable (String) -> Void

  func send(_ request: HTTPRequest) async throws(HTTPTransportError) -> HTTPResponse {
    var lines = ["> \(request.method.rawValue) \(mask.url(request.url))"]
    lines += request.headers.fields.map { "> \(mask.field($0))" }
    if let body = request.body { lines.append("> \(mask.body(body, type: request.headers["Content-Type"] ?? ""))") }
    tell(lines.joined(separator: "\n") + "\n")
    let start = ContinuousClock.now
    do throws(HTTPTransportError) {
      let response = try await base.send(request)
      let milliseconds = Int((ContinuousClock.now - start) / .milliseconds(1))
      var lines = ["< \(response.status) after \(milliseconds) ms"]
      lines += response.headers.fields.map { "< \(mask.field($0))" }
      let body = mask.body(response.body, type: response.headers["Content-Type"] ?? "")
      if !body.isEmpty { lines.append("< \(body)") }
      tell(lines.joined(separator: "\n") + "\n")
      return response
    } catch {
      tell("< no answer: \(error.message)\n")
      throw error
    }
  }
}
