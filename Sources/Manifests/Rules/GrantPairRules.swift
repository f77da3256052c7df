import Diagnostics
import OpenIDJSON
import OpenIDRegistration
import YAML

extension Rule {
  /// RFC 7591, section 2.1, read the other way: a grant that begins at the authorization endpoint has an answer there.
  static let grantTypesResponseTypes = Rule(
    "grant-types-response-types", .warning, about: ["response_types", "grant_types"], triggers: ["response_types"]
  ) { client in
    let responses = Set(client.strings("response_types").flatMap { $0.split(separator: " ").map(String.init) })
    // An empty list counts as left out.
    guard !responses.isEmpty else { return [] }
    return client.strings("grant_types").enumerated().compactMap { index, grant in
      let needed: [String] =
        switch grant {
        case "authorization_code": ["code"]
        case "implicit": ["token", "id_token"]
        default: []
        }
      guard !needed.isEmpty, responses.isDisjoint(with: needed) else { return nil }
      return .value(
        .member("grant_types"), .index(index),
        message: "the grant type \(grant) has no response type that begins it",
        hint: "Add \(needed.joined(separator: " or ")) to response_types, or leave the grant out (RFC 7591, section 2.1).")
    }
  }

  /// RFC 6749, section 1.5: a refresh token is issued with an access token, by another grant.
  static let refreshTokenAlone = Rule("refresh-token-alone", .warning, about: ["grant_types"]) { client in
    let grants = client.strings("grant_types")
    guard let index = grants.firstIndex(of: "refresh_token"),
      grants.allSatisfy({ ["refresh_token", "client_credentials", "implicit"].contains($0) })
    else { return [] }
    return [
      .value(
        .member("grant_types"), .index(index), message: "no other grant of this client brings a refresh token",
        hint: "Add authorization_code or a grant like it, or leave refresh_token out (RFC 6749, section 1.5).")
    ]
  }

  /// OpenID Connect Core 1.0, section 11.
  static let offlineAccess = Rule("offline-access", .warning, about: ["scope", "grant_types"], triggers: ["scope"]) { client in
    let scopes = (client.text("scope") ?? "").split(separator: " ")
    guard scopes.contains("offline_access") || scopes.contains("offline"), !client.grantTypes.contains("refresh_token") else {
      return []
    }
    return [
      .value(
        .member("scope"), message: "offline_access asks for refresh tokens, which this client cannot use",
        hint: "Add refresh_token to grant_types, or take the scope out (OpenID Connect Core 1.0, section 11).")
    ]
  }

  /// OpenID Connect Registration 1.0, section 5: several hosts are one sector only by a list of theirs.
  static let pairwiseSector = Rule(
    "pairwise-sector", about: ["subject_type", "redirect_uris", "sector_identifier_uri"], triggers: ["subject_type"]
  ) { client in
    guard client.text("subject_type") == "pairwise", client.text("sector_identifier_uri") == nil else { return [] }
    let uris = client.redirectURIs.filter { $0.member == "redirect_uris" }
    let hosts = Set(uris.compactMap { try? $0.parts.get().host })
    // Hydra registers such a client with several URIs of one host too, and refuses it when somebody signs in.
    let isHydra = client.profile.map { ["hydra", "ory-network"].contains($0.name) } ?? false
    guard hosts.count > 1 || isHydra && uris.count > 1 else { return [] }
    return [
      .value(
        .member("subject_type"), message: "pairwise subjects of several redirect URIs need sector_identifier_uri",
        hint: "Give an https: URL of a JSON list of all the redirect URIs (OpenID Connect Registration 1.0, section 5).")
    ]
  }
}
