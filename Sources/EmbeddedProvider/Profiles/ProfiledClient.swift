import OpenIDCryptography
import OpenIDJSON
import OpenIDRegistration

/// A client of a provider that is played by its profile: the metadata as they are kept, and what its credentials are made from.
///
/// Secret and registration access token are derived from a key of the server's and random words beside the client, so that a read can
/// show them though neither is stored.
struct ProfiledClient: Sendable {
  var id: String
  var metadata: JSONObject
  let issuedAt: Int
  /// Of the client secret; stays for as long as the client lives.
  private var secretWord = Random.uuid()
  /// Of the registration access token; another one is another token.
  private var tokenWord = Random.uuid()

  init(id: String, metadata: JSONObject, issuedAt: Int) {
    self.id = id
    self.metadata = metadata
    self.issuedAt = issuedAt
  }

  /// The client of a row; `nil` where another kind of provider made it.
  init?(_ row: StoredClient) {
    guard let document = (try? JSONValue(parsing: row.document))?.object,
      let words = (try? JSONValue(parsing: row.metadata))?.object, let secretWord = words["secret_word"]?.string,
      let tokenWord = words["token_word"]?.string, let issuedAt = document["client_id_issued_at"]?.integer
    else { return nil }
    id = row.id
    metadata = document.filter { !ProfiledClient.serverMembers.contains($0.name) }
    self.issuedAt = issuedAt
    self.secretWord = secretWord
    self.tokenWord = tokenWord
  }

  /// What a provider writes itself (RFC 7591, section 3.2.1; RFC 7592, section 3).
  static let serverMembers: Set<String> = [
    "client_id", "client_secret", "client_secret_expires_at", "client_id_issued_at", "registration_access_token",
    "registration_client_uri",
  ]

  /// Whether it has a secret at all.
  var isConfidential: Bool { !["none", "private_key_jwt"].contains(metadata["token_endpoint_auth_method"]?.string) }

  func secret(_ key: HMACKey) -> Secret {
    Secret(Base64.encode(derived(key, "client_secret", secretWord), urlSafe: true, padded: false))
  }

  func token(_ key: HMACKey) -> OpaqueToken {
    OpaqueToken(.registration, key: key, random: derived(key, "registration_access_token", tokenWord))
  }

  mutating func renewToken() { tokenWord = Random.uuid() }

  private func derived(_ key: HMACKey, _ purpose: String, _ word: String) -> [UInt8] {
    key.sha256(Array("\(purpose) \(word) \(id)".utf8))
  }

  func row(key: HMACKey) -> StoredClient {
    let document = shown(with: [:])
    return StoredClient(
      id: id, clientName: metadata["client_name"]?.string ?? "", owner: "", document: JSONValue.object(document).utf8(),
      metadata: JSONValue.object(["secret_word": .string(secretWord), "token_word": .string(tokenWord)]).utf8(),
      createdAt: GoTime(seconds: issuedAt).description, tokenSignature: token(key).signature)
  }

  /// The client as an answer has it.
  func shown(with credentials: JSONObject) -> JSONObject {
    let own: JSONObject = ["client_id": .string(id), "client_id_issued_at": .number(JSONNumber(issuedAt))]
    return own.merging(credentials).merging(metadata)
  }
}
