import Diagnostics
import OpenIDJSON
import YAML

extension Rule {
  /// RFC 7591, section 2.1: which grant types each response type needs.
  static let responseTypesGrantTypes = Rule(
    "response-types-grant-types", about: ["response_types", "grant_types"], triggers: ["response_types"]
  ) { client in
    let grants = client.grantTypes
    return client.strings("response_types").enumerated().compactMap { index, type in
      var missing: [String] = []
      let words = type.split(separator: " ")
      if words.contains("code"), !grants.contains("authorization_code") { missing.append("authorization_code") }
      if words.contains("token") || words.contains("id_token"), !grants.contains("implicit") { missing.append("implicit") }
      guard !missing.isEmpty else { return nil }
      return .value(
        .member("response_types"), .index(index),
        message: "the response type \(quoted(type)) needs the grant type \(missing.joined(separator: " and "))",
        hint: "Add it to grant_types, or leave the response type out (RFC 7591, section 2.1).")
    }
  }

  static let implicitGrant = grantRule(
    "implicit-grant", "implicit",
    hint: "It hands tokens out in URLs (RFC 9700, section 2.1.2). Use authorization_code with PKCE.")

  static let passwordGrant = grantRule(
    "password-grant", "password",
    hint: "It shows people's passwords to the client, and must not be used (RFC 9700, section 2.4).")

  /// RFC 6749, section 4.4: only confidential clients may act on their own behalf.
  static let clientCredentialsPublic = Rule(
    "client-credentials-public", about: ["grant_types", "token_endpoint_auth_method"]
  ) { client in
    guard client.authenticationMethod == "none", let index = client.grantTypes.firstIndex(of: "client_credentials") else {
      return []
    }
    return [
      .value(
        .member("grant_types"), .index(index),
        message: "client_credentials needs a client that can prove itself, and token_endpoint_auth_method is none",
        hint: "Use client_secret_basic or private_key_jwt (RFC 6749, section 4.4).")
    ]
  }

  /// A word that no standard knows, and that is near one: most likely a slip.
  static let unusualValue = Rule(
    "unusual-value", .warning, about: ["grant_types", "response_types", "token_endpoint_auth_method"]
  ) { client in
    var findings: [Finding] = []
    for member in ["grant_types", "response_types"] {
      for (index, word) in (client[member]?.array ?? []).enumerated() {
        guard let (message, hint) = word.string.flatMap({ unusual($0, of: member) }) else { continue }
        findings.append(.value(.member(member), .index(index), message: message, hint: hint))
      }
    }
    let method = "token_endpoint_auth_method"
    if let (message, hint) = client.text(method).flatMap({ unusual($0, of: method) }) {
      findings.append(.value(.member(method), message: message, hint: hint))
    }
    return findings
  }

  private static func unusual(_ word: String, of member: String) -> (String, String)? {
    guard let usual = usualWords[member], !usual.contains(word) else { return nil }
    // The order of a response type's words means nothing.
    let sorted = word.split(separator: " ").sorted()
    guard !usual.contains(where: { $0.split(separator: " ").sorted() == sorted }) else { return nil }
    guard let near = nearest(to: word, among: usual.sorted()) else { return nil }
    return ("\(quoted(word)) is nothing that a standard knows for \(quoted(member))", "did you mean \(quoted(near))?")
  }

  private static let usualWords: [String: Set<String>] = {
    var words: [String: Set<String>] = [:]
    for field in ObjectSchema.clientMetadata.fields {
      switch field.type {
      case .string(.usual(let usual)), .list(.string(.usual(let usual)), _): words[field.name] = Set(usual)
      default: break
      }
    }
    return words
  }()

  private static func grantRule(_ name: String, _ grant: String, hint: String) -> Rule {
    Rule(name, .warning, about: ["grant_types"]) { client in
      guard let index = client.strings("grant_types").firstIndex(of: grant) else { return [] }
      return [.value(.member("grant_types"), .index(index), message: "the grant type \(grant) is unsafe", hint: hint)]
    }
  }

  /// Lists of client metadata are sets: a second time says nothing, and some providers refuse it.
  static let duplicateElement = Rule("duplicate-element", .warning, about: []) { client in
    client.metadata.flatMap { member -> [Finding] in
      guard case .array(let elements) = member.value, elements.count > 1, case .string = elements[0] else { return [] }
      if elements.count <= 8, !hasRepetition(elements) { return [] }
      var seen: Set<JSONValue> = []
      return elements.indices.compactMap { index in
        guard !seen.insert(elements[index]).inserted else { return nil }
        return .value(
          .member(member.name), .index(index), message: "this stands in \(quoted(member.name)) twice",
          hint: "Take one of the two out.")
      }
    }
  }

  /// Comparing few with each other is cheaper than making a set of them.
  private static func hasRepetition(_ elements: [JSONValue]) -> Bool {
    elements.indices.contains { index in elements[..<index].contains(elements[index]) }
  }
}
