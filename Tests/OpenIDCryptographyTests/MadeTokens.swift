import Foundation
import OpenIDCryptography
import OpenIDJSON
import Testing

/// Keys and tokens that another implementation (Python's jwcrypto) made, one for each algorithm.
enum MadeTokens {
  struct Token: CustomTestStringConvertible, Sendable {
    let algorithm: SignatureAlgorithm
    let key: JSONObject
    let thumbprint: String
    let text: String

    var testDescription: String { algorithm.rawValue }
    var privateJWK: Secret { Secret(String(decoding: JSONValue.object(key).utf8(), as: UTF8.self)) }
    func parsed() throws -> JSONWebToken { try JSONWebToken(parsing: text) }
    func verificationKey() throws -> VerificationKey { try VerificationKey(jwk: key) }
  }

  static let file: JSONValue = {
    let place = Bundle.module.resourceURL?.appending(path: "Fixtures/signatures.json")
    guard let place, let data = try? Data(contentsOf: place), let file = try? JSONValue(parsing: Array(data)) else {
      preconditionFailure("the fixture signatures.json cannot be read")
    }
    return file
  }()

  static let tokens: [Token] = file["tokens"]!.array!.map { made in
    Token(
      algorithm: SignatureAlgorithm(rawValue: made["alg"]!.string!)!, key: made["key"]!.object!,
      thumbprint: made["thumbprint"]!.string!, text: made["token"]!.string!)
  }

  static func token(_ algorithm: SignatureAlgorithm) -> Token { tokens.first { $0.algorithm == algorithm }! }
}
