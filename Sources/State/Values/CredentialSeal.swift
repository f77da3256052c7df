import OpenIDCryptography
package import Sealing

/// How credentials stand in a state: sealed under its data key, or in clear where a registry asks for that by name.
package enum CredentialSeal: Sendable {
  case sealed(DataKey)
  case clear

  func seal(_ secret: Secret, as member: SealedMember, of client: String) -> String {
    switch self {
    case .sealed(let key): key.seal(secret, at: member.path(of: client))
    case .clear: secret.exposed
    }
  }

  func open(_ text: String, as member: SealedMember, of client: String, at place: String) throws(StateError) -> Secret {
    switch self {
    case .sealed(let key):
      do throws(SOPSError) { return try key.open(text, at: member.path(of: client)) } catch {
        throw StateError(error, at: place)
      }
    case .clear: return Secret(text)
    }
  }

  /// What journal records are authenticated with; `nil` where there is no key.
  var journalKey: [UInt8]? {
    if case .sealed(let key) = self { key.derived(for: "clientsync/journal") } else { nil }
  }

  /// What tells a token from others without showing it.
  func mark(of token: Secret) -> String {
    let bytes = Array(token.exposed.utf8)
    return switch self {
    case .sealed(let key): Hex.encode(HMAC.sha256(key: key.derived(for: "clientsync/token"), bytes))
    case .clear: Hex.encode(SHA2.sha256(bytes))
    }
  }

  package var isClear: Bool { if case .clear = self { true } else { false } }
}

/// For whom a new state is sealed.
package enum StateEncryption: Sendable, Hashable {
  case age([AgeRecipient])
  /// In clear, asked for by name.
  case none

  /// The member that marks such a file.
  static let member = "encryption"
}
