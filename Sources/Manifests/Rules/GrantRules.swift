import Diagnostics
import OpenIDJSON
import YAML

extension Rule {
  /// RFC 7591, section 2.1: which grant types each response type needs.
  static let responseTypesGrantTypes = Rule("response-types-grant-types", about: ["response_types", "grant_types"]) { client in
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
    ["grant_types", "response_types"].flatMap { member in
      client.strings(member).enumerated().compactMap { index, word in
        unusual(word, of: member).map { Finding.value(.member(member), .index(index), message: $0, hint: $1) }
      }
    }
      + (client.text("token_endpoint_auth_method").flatMap { unusual($0, of: "token_endpoint_auth_method") }.map {
        [Finding.value(.member("token_endpoint_auth_method"), message: $0, hint: $1)]
      } ?? [])
  }

  private static func unusual(_ word: String, of member: String) -> (String, String)? {
    let usual: [String]
    switch ObjectSchema.clientMetadata[member]?.type {
    case .string(.usual(let words))?, .list(.string(.usual(let words)))?: usual = words
    default: return nil
    }
    // The order of a response type's words means nothing.
    let sorted = word.split(separator: " ").sorted()
    guard !usual.contains(where: { $0.split(separator: " ").sorted() == sorted }) else { return nil }
    guard let near = nearest(to: word, among: usual) else { return nil }
    return ("\(quoted(word)) is no \(member) that a standard knows", "did you mean \(quoted(near))?")
  }

  private static func grantRule(_ name: String, _ grant: String, hint: String) -> Rule {
    Rule(name, .warning, about: ["grant_types"]) { client in
      guard let index = client.strings("grant_types").firstIndex(of: grant) else { return [] }
      return [.value(.member("grant_types"), .index(index), message: "the grant type \(grant) is unsafe", hint: hint)]
    }
  }

  /// Lists of client metadata are sets: a second time says nothing, and some providers refuse it.
  static let duplicateElement = Rule("duplicate-element", .warning, about: []) { client in
    client.metadata.flatMap { member -> [Finding] in
      guard let elements = member.value.array, elements.count > 1, elements[0].string != nil else { return [] }
      return elements.indices.dropFirst().compactMap { index in
        guard let first = elements[..<index].firstIndex(of: elements[index]) else { return nil }
        return .value(
          .member(member.name), .index(index), message: "this stands in \(quoted(member.name)) already, as number \(first + 1)",
          hint: "Take one of the two out.")
      }
    }
  }
}
