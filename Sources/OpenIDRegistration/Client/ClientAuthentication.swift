import FoundationEssentials

public import struct OpenIDCryptography.Secret

/// How a call to a client configuration endpoint shows that it may.
public enum ClientAuthentication: Sendable, Hashable {
  /// The token that came with the client (RFC 7592, section 2). What every provider takes.
  case registrationAccessToken(Secret)
  /// Client id and secret in the `Authorization` header (RFC 6749, section 2.3.1).
  case clientSecretBasic(id: String, secret: Secret)
  /// Client id and secret as parameters of the URL, as Ory's API description has it for a client whose method is
  /// `client_secret_post`.
  case clientSecretPost(id: String, secret: Secret)
  /// An access token of somebody who may manage clients, as Keycloak takes one.
  case bearer(Secret)

  /// What must never be shown: the credential, and each way in which it stands in a request, for a server may quote that.
  package var secrets: [Secret] {
    switch self {
    case .registrationAccessToken(let secret), .bearer(let secret): [secret]
    case .clientSecretBasic(_, let secret):
      [secret, Secret(formEncoded(secret.exposed))] + [basicCredentials].compactMap(\.self).map(Secret.init)
    case .clientSecretPost(_, let secret): [secret, Secret(formEncoded(secret.exposed))]
    }
  }

  /// What follows `Basic` in the header; `nil` where nothing does.
  private var basicCredentials: String? {
    guard case .clientSecretBasic(let id, let secret) = self else { return nil }
    return Data("\(formEncoded(id)):\(formEncoded(secret.exposed))".utf8).base64EncodedString()
  }

  /// The value of the `Authorization` header; `nil` where the URL carries the credentials.
  var authorization: String? {
    switch self {
    case .registrationAccessToken(let token), .bearer(let token): "Bearer \(token.exposed)"
    case .clientSecretBasic: basicCredentials.map { "Basic \($0)" }
    case .clientSecretPost: nil
    }
  }

  /// What is added to the query of the URL.
  var query: String? {
    guard case .clientSecretPost(let id, let secret) = self else { return nil }
    return "client_id=\(formEncoded(id))&client_secret=\(formEncoded(secret.exposed))"
  }
}

/// A text in `application/x-www-form-urlencoded` (RFC 6749, appendix B): letters, digits and `*-._` stay, a blank is `+`.
func formEncoded(_ text: String) -> String {
  encoded(text) { byte in
    byte == UInt8(ascii: "*") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "_")
  }
  .replacing("%20", with: "+")
}

/// A text as one segment of a path or one value of a query (RFC 3986, section 2.3).
func percentEncoded(_ text: String) -> String {
  encoded(text) { byte in
    byte == UInt8(ascii: "~") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "_")
  }
}

private func encoded(_ text: String, keeping isKept: (UInt8) -> Bool) -> String {
  let digits = Array("0123456789ABCDEF".utf8)
  var bytes: [UInt8] = []
  for byte in text.utf8 {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"):
      bytes.append(byte)
    case _ where isKept(byte): bytes.append(byte)
    default: bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
    }
  }
  return String(decoding: bytes, as: UTF8.self)
}
