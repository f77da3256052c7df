/// What a change does. The set is closed: renderers and the applier switch over all of it.
package enum Action: String, Sendable, Hashable, CaseIterable {
  /// Registers a client (RFC 7591, section 3.1).
  case create
  /// Replaces a client's registration (RFC 7592, section 2.2).
  case set
  /// Deletes a client's registration (RFC 7592, section 2.3).
  case delete
  /// Deletes and registers again, under a new client id.
  case replace
  /// Takes an existing client into the state.
  case adopt
  /// Renames a client in the state; no call is made.
  case move
  /// Takes a client out of the state and leaves it at the provider; no call is made.
  case forget
  /// Keeps what only the state knows up to date (`deletion`, labels, what the provider has); nothing is changed there.
  case remember
  /// Asks for new credentials.
  case rotate
  /// Hands credentials to their destinations again.
  case deliver

  /// Whether something ends at the provider: these come first in what people read, and last in what is done.
  package var isDestructive: Bool { self == .delete || self == .replace }
}

/// Why a change is made; apart from what it does.
package enum Reason: Sendable, Hashable {
  /// The manifest declares a client that the state does not know.
  case notRegistered
  /// The manifest, or a default of the registry, changed.
  case declarationChanged
  /// Somebody else changed the client at the provider.
  case drifted
  /// Both at once.
  case declarationChangedAndDrifted
  /// The client's document is gone from the manifests; the file that it was in.
  case removed(from: String?)
  /// The document names the state's client among its `previousNames`.
  case renamed
  /// What only the state knows changed.
  case settingsChanged
  /// The provider no longer has the client, and its admin API says so.
  case goneAtProvider
  /// An earlier run ended between the call and the read that comes after it.
  case notReadBack
  /// An earlier run sent the call and never learned its outcome.
  case inDoubt

  /// The reason as machines read it.
  package var name: String {
    switch self {
    case .notRegistered: "not_registered"
    case .declarationChanged: "declaration_changed"
    case .drifted: "drifted"
    case .declarationChangedAndDrifted: "declaration_changed_and_drifted"
    case .removed: "removed"
    case .renamed: "renamed"
    case .settingsChanged: "settings_changed"
    case .goneAtProvider: "gone_at_provider"
    case .notReadBack: "not_read_back"
    case .inDoubt: "in_doubt"
    }
  }
}
