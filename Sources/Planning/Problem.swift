package import Diagnostics

/// A client that the plan cannot do anything about, and why.
package struct Problem: Sendable, Hashable {
  package enum Kind: Sendable, Hashable {
    /// An earlier run sent a create and never learned its outcome.
    case createInDoubt
    /// A create under one of its previous names is in doubt: it may be there already.
    case previousNameInDoubt(String)
    /// An earlier run sent a set, and the token has died since: it happened, and the new token was lost.
    case tokenLost
    /// 401 to a read, and nobody to ask what it means.
    case unauthorized
    /// The client exists, and the token that the state holds is not accepted.
    case tokenRejected
    /// Something is to be changed at it, and the state holds no registration access token.
    case noToken
    /// The read was answered otherwise; in words.
    case unreadable(String)

    /// The kind as machines read it.
    package var name: String {
      switch self {
      case .createInDoubt: "create_in_doubt"
      case .previousNameInDoubt: "previous_name_in_doubt"
      case .tokenLost: "token_lost"
      case .unauthorized: "unauthorized"
      case .tokenRejected: "token_rejected"
      case .noToken: "no_token"
      case .unreadable: "unreadable"
      }
    }
  }

  /// Whether a call was sent for it of which nobody knows what it did.
  package var isInDoubt: Bool {
    switch kind {
    case .createInDoubt, .previousNameInDoubt, .tokenLost: true
    case .unauthorized, .tokenRejected, .noToken, .unreadable: false
    }
  }

  package var kind: Kind
  package var registry: String
  package var client: String
  package var place: SourcePlace?
  /// Whether the manifests ask for something at this client, so that apply would have wanted to touch it.
  package var isWanted: Bool

  package init(_ kind: Kind, registry: String, client: String, place: SourcePlace?, isWanted: Bool) {
    self.kind = kind
    self.registry = registry
    self.client = client
    self.place = place
    self.isWanted = isWanted
  }
}
