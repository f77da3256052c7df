import OpenIDJSON
import OpenIDRegistration
import YAML

extension Rule {
  /// OpenID Connect Registration 1.0, section 2, and what Hydra's validator lets through.
  static let signingAlgorithm = Rule(
    "signing-algorithm",
    about: ["token_endpoint_auth_signing_alg", "token_endpoint_auth_method", "userinfo_signed_response_alg"],
    triggers: ["token_endpoint_auth_signing_alg", "userinfo_signed_response_alg"]
  ) { client in
    var findings: [Finding] = []
    let isHydra = client.profile.map { ["hydra", "ory-network"].contains($0.name) } ?? false
    let member = "token_endpoint_auth_signing_alg"
    if let algorithm = client.text(member) {
      let method = client.authenticationMethod
      if algorithm == "none" {
        findings.append(
          .value(
            .member(member), message: "an assertion that is not signed proves nothing",
            hint: "Name the algorithm of the client's key, like ES256 (OpenID Connect Registration 1.0, section 2)."))
      } else if method == "private_key_jwt", algorithm.hasPrefix("HS") {
        findings.append(
          .value(
            .member(member), message: "private_key_jwt is not signed with a shared secret (\(algorithm))",
            hint: "Name the algorithm of the client's key, like ES256."))
      } else if method == "client_secret_jwt", !algorithm.hasPrefix("HS") {
        findings.append(
          .value(
            .member(member), message: "client_secret_jwt is signed with the secret, not by \(algorithm)",
            hint: "Use HS256, HS384 or HS512."))
      } else if method == "private_key_jwt", isHydra, !asymmetric.contains(algorithm) {
        findings.append(
          .value(
            .member(member), message: "Ory Hydra does not check assertions signed by \(quoted(algorithm))",
            hint: "It knows \(asymmetric.joined(separator: ", "))."))
      }
    }
    if isHydra, let algorithm = client.text("userinfo_signed_response_alg"), !["none", "RS256"].contains(algorithm) {
      findings.append(
        .value(
          .member("userinfo_signed_response_alg"), message: "Ory Hydra refuses \(quoted(algorithm)) here",
          hint: "It knows none and RS256."))
    }
    return findings
  }

  private static let asymmetric = ["RS", "PS", "ES"].flatMap { family in ["256", "384", "512"].map { family + $0 } }

  /// OpenID Connect Registration 1.0, section 2: how content is encrypted says nothing without how its key is.
  static let encryptionAlgorithm: Rule = {
    let pairs = [
      "id_token_encrypted_response", "userinfo_encrypted_response", "request_object_encryption",
      "authorization_encrypted_response",
    ]
    return Rule(
      "encryption-algorithm", about: Set(pairs.flatMap { ["\($0)_alg", "\($0)_enc"] }),
      triggers: Set(pairs.map { "\($0)_enc" })
    ) { client in
      pairs.compactMap { pair in
        guard client.text("\(pair)_enc") != nil, client.text("\(pair)_alg") == nil else { return nil }
        return .about(
          "\(pair)_enc", "\(pair)_enc needs \(pair)_alg",
          hint: "Say how the key is encrypted, like RSA-OAEP-256 (OpenID Connect Registration 1.0, section 2).")
      }
    }
  }()

  /// RFC 8705, section 2.1.2: exactly one member names the certificate's subject.
  static let tlsClientAuthSubject: Rule = {
    let members = ["subject_dn", "san_dns", "san_uri", "san_ip", "san_email"].map { "tls_client_auth_\($0)" }
    return Rule(
      "tls-client-auth-subject", about: Set(members + ["token_endpoint_auth_method"]),
      triggers: Set(members + ["token_endpoint_auth_method"])
    ) { client in
      let given = members.filter { client.text($0) != nil }
      if given.count > 1 {
        return [.about(given[1], "\(given[0]) and \(given[1]) exclude each other", hint: "Keep one (RFC 8705, section 2.1.2).")]
      }
      guard client.authenticationMethod == "tls_client_auth", given.isEmpty else { return [] }
      return [
        .value(
          .member("token_endpoint_auth_method"), message: "tls_client_auth needs the subject of the client's certificate",
          hint: "Give one of \(members.joined(separator: ", ")) (RFC 8705, section 2.1.2).")
      ]
    }
  }()
}
